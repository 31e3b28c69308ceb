package cli

import (
	"github.com/spf13/cobra"

	"lockstep/grader/internal/doctor"
)

func doctorCommand(*app) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say what this machine protects and lacks",
		Long: `Doctor examines the machine: what grading needs, and what confines the code that is
graded. Exit status: 0 your own work can be graded here, 1 it cannot.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			found := doctor.Examine(cmd.Context())
			if err := doctor.Write(cmd.OutOrStdout(), found); err != nil {
				return err
			}
			if own, _ := doctor.Able(found); !own {
				return errNotOK
			}
			return nil
		},
	}
}
