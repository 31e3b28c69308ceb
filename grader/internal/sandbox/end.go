package sandbox

// End says how a run ended. The zero value is invalid.
type End int

// The ways in which a run ends. For the limits, the first one hit is reported.
const (
	Exited       End = iota + 1 // by itself, with ExitCode
	Signalled                   // by Signal, which the sandbox did not send
	WallLimit                   // the wall clock ran out
	CPULimit                    // the processor clock ran out
	MemoryLimit                 // its processes held more than Memory
	OutputLimit                 // stdout or stderr passed Output
	ProcessLimit                // it had more than Processes at a time
	DiskLimit                   // its private file system was full
	Cancelled                   // the context was
	Trouble                     // the sandbox failed, and Err says how; the command is not to blame
)

var ends = [...]string{
	Exited: "exited", Signalled: "signalled", WallLimit: "wall limit", CPULimit: "CPU limit",
	MemoryLimit: "memory limit", OutputLimit: "output limit", ProcessLimit: "process limit",
	DiskLimit: "disk limit", Cancelled: "cancelled", Trouble: "trouble",
}

// String returns a short lower-case name, "invalid" for a value that is none of the constants.
func (e End) String() string {
	if e <= 0 || int(e) >= len(ends) {
		return "invalid"
	}
	return ends[e]
}
