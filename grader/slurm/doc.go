// Package slurm holds the job array that grades a class on a cluster, and its test.
package slurm
