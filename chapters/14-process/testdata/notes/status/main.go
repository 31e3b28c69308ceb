// Command status shows how processes end, and what a shell makes of it.
package main

import (
	"fmt"
	"os/exec"
)

func main() {
	// region main
	for _, script := range []string{"exit 3", "exit 137", "kill -9 $$", "sh -c 'kill -9 $$'; exit $?"} {
		err := exec.Command("sh", "-c", script).Run()
		exit := err.(*exec.ExitError)
		fmt.Printf("%-29s ExitCode() = %3d, Error() = %q\n", script, exit.ExitCode(), exit.Error())
	}
	// endregion
}
