package sandbox

import (
	"bytes"
	"os"
	"strconv"
	"time"
)

// userHz is the unit of processor time in /proc/PID/stat: 1/100 s, on every port of Linux that Go has.
const userHz = 100

// measure sums up the process root and its descendants, and stops after max tasks. A
// process that ends meanwhile may be missed; its time then shows in its parent's.
func measure(root, max int) usage {
	var u usage
	pids := []int{root}
	for len(pids) > 0 && u.tasks <= max {
		dir := "/proc/" + strconv.Itoa(pids[0])
		pids = pids[1:]
		stat, err := os.ReadFile(dir + "/stat")
		if err != nil {
			continue
		}
		status, _ := os.ReadFile(dir + "/status")
		u.addStat(stat)
		u.addStatus(status)
		pids = append(pids, children(dir)...)
	}
	return u
}

// busy reports whether a thread of the process root or its descendants runs, or waits for
// nothing but a core.
func busy(root int) bool {
	pids := []int{root}
	for len(pids) > 0 {
		dir := "/proc/" + strconv.Itoa(pids[0])
		pids = append(pids[1:], children(dir)...)
		threads, _ := os.ReadDir(dir + "/task")
		for _, thread := range threads {
			stat, _ := os.ReadFile(dir + "/task/" + thread.Name() + "/stat")
			if state(stat) == 'R' {
				return true
			}
		}
	}
	return false
}

// state returns what follows the name in /proc/PID/stat: 'R' for running, 0 for nothing.
func state(stat []byte) byte {
	if fields := afterName(stat); len(fields) > 0 {
		return fields[0][0]
	}
	return 0
}

// afterName returns the fields of /proc/PID/stat from the third on. The process's name, in
// parentheses, may hold anything, so they are counted from the last parenthesis; see proc(5).
func afterName(stat []byte) [][]byte {
	return bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
}

// addStat adds the times and threads of /proc/PID/stat.
func (u *usage) addStat(stat []byte) {
	fields := afterName(stat)
	if len(fields) < 18 {
		return
	}
	field := func(n int) int64 { // numbered as in proc(5)
		v, _ := strconv.ParseInt(string(fields[n-3]), 10, 64)
		return v
	}
	own, reaped := field(14)+field(15), field(16)+field(17)
	u.cpu += time.Duration(own+reaped) * time.Second / userHz
	u.tasks += int(field(20))
}

// held are the lines of /proc/PID/status about what a process keeps of the machine's
// memory. Page tables count, for they can be made to outgrow the pages.
var held = [][]byte{[]byte("VmRSS:"), []byte("VmPTE:"), []byte("VmSwap:")}

// addStatus adds the memory of /proc/PID/status.
func (u *usage) addStatus(status []byte) {
	for line := range bytes.Lines(status) {
		for _, key := range held {
			if value, ok := bytes.CutPrefix(line, key); ok {
				number, _, _ := bytes.Cut(bytes.TrimSpace(value), []byte(" "))
				kib, _ := strconv.ParseInt(string(number), 10, 64)
				u.memory += kib << 10
			}
		}
	}
}

// children returns the children of the process with that directory of /proc: each is
// listed under the thread that started it.
func children(dir string) (pids []int) {
	threads, _ := os.ReadDir(dir + "/task")
	for _, thread := range threads {
		list, _ := os.ReadFile(dir + "/task/" + thread.Name() + "/children")
		for _, field := range bytes.Fields(list) {
			if pid, err := strconv.Atoi(string(field)); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}
