#!/bin/sh
# Installs the Debian packages that make the grader stronger (bubblewrap confines what
# is graded) or that its tests use (chromium and slurm). Everything works without them;
# tests that need one say so when they skip.
set -eu
packages="bubblewrap ${LOCKSTEP_TEST_PACKAGES-}"
if [ "$(id -u)" -ne 0 ]; then
	echo "Run as root: sudo apt-get install -y $packages" >&2
	exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $packages
