//go:build !race

package linearize

func raceDisable() {}
func raceEnable()  {}
