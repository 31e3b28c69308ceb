package evidence

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"lockstep/grader/exam/wire"
)

const key, check = "K", "TestX"

func decode(lines ...string) Records {
	return DecodeRecords([]byte(strings.Join(lines, "\n")+"\n"), key, check)
}

// sealed returns the lines of a process that sends these records.
func sealed(key string, records ...string) []string {
	var lines []string
	for i, r := range records {
		lines = append(lines, wire.Seal(key, i+1, []byte(r))+" "+r)
	}
	return lines
}

const (
	begin    = `{"kind":"begin","check":"TestX"}`
	explored = `{"kind":"explored","check":"TestX","schedules":12,"exhaustive":true}`
	finding  = `{"kind":"finding","check":"TestX","status":"leak"}`
	end      = `{"kind":"end","check":"TestX","passed":true}`
)

func TestAnUndisturbedStreamEndedOnce(t *testing.T) {
	r := decode(sealed(key, begin, explored, end)...)
	require.True(t, r.EndedOnce())
	require.True(t, r.End.Passed)
	require.Equal(t, 12, r.Explored[0].Schedules)
}

func TestOddStreamsDidNotEndOnce(t *testing.T) {
	whole := sealed(key, begin, finding, end)
	undisturbed := decode(whole...)
	require.True(t, undisturbed.EndedOnce())
	seal, _, _ := strings.Cut(whole[0], " ")
	for name, lines := range map[string][]string{
		"nothing":         {},
		"no end":          whole[:2],
		"no begin":        sealed(key, end),
		"two ends":        sealed(key, begin, end, end),
		"two begins":      sealed(key, begin, begin, end),
		"another check":   sealed(key, begin, strings.Replace(end, "TestX", "TestY", 1), end),
		"no JSON":         sealed(key, begin, "ok", end),
		"an unknown kind": sealed(key, begin, `{"kind":"pass","check":"TestX"}`, end),
		"too many":        sealed(key, append(append([]string{begin}, slicesRepeat(explored, MaxRecords)...), end)...),
		"another key":     sealed("L", begin, finding, end),
		"no seal":         {begin, end},
		"a seal alone":    {whole[0], seal},
		"a seal's record": {whole[0], seal + " " + end},
		"another text":    {whole[0], whole[1], strings.Replace(whole[2], "true", "true ", 1)},
		"one left out":    {whole[0], whole[2]},
		"one again":       {whole[0], whole[1], whole[1], whole[2]},
		"another order":   {whole[0], whole[2], whole[1]},
		"half a line":     {whole[0], whole[1], whole[2][:len(whole[2])/2]},
	} {
		t.Run(name, func(t *testing.T) {
			r := decode(lines...)
			require.False(t, r.EndedOnce())
		})
	}
}

func TestAnEmptyKeyAcceptsNothing(t *testing.T) {
	r := DecodeRecords([]byte(strings.Join(sealed("", begin, end), "\n")), "", check)
	require.Zero(t, r.Begun+r.Ended)
}

func slicesRepeat(s string, n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = s
	}
	return out
}

func recorded(t *testing.T, name string) []byte {
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return data
}

// The recordings were made with go1.26.8 on linux/amd64 by running the programs whose
// source stands at the end of each of them.

func TestFindRaces(t *testing.T) {
	races := FindRaces(recorded(t, "race.txt"))
	require.Len(t, races, 1)
	a := races[0].Accesses
	require.Equal(t, "read", a[0].Op)
	require.Equal(t, "write", a[1].Op)
	require.Equal(t, Frame{Func: "main.(*counter).add", File: "/src/race.go", Line: 9}, a[0].Stack[0])
	require.Equal(t, "main.main", a[0].Created[0].Func)
	require.NotEqual(t, a[0].Goroutine, a[1].Goroutine)
}

func TestACutRaceReportIsLeftOut(t *testing.T) {
	whole := recorded(t, "race.txt")
	cut := whole[:strings.Index(string(whole), "Previous")]
	require.Empty(t, FindRaces(cut))
	require.Empty(t, FindRaces([]byte("a student prints WARNING: DATA RACE\n")))
}

func TestFindCrash(t *testing.T) {
	for file, want := range map[string]string{
		"panic.txt":    "panic: boom",
		"deadlock.txt": "fatal error: all goroutines are asleep - deadlock!",
		"unlock.txt":   "fatal error: sync: unlock of unlocked mutex",
	} {
		crash, ok := FindCrash(recorded(t, file))
		require.True(t, ok, file)
		require.Equal(t, want, strings.TrimSuffix(crash.Reason, " [recovered]"), file)
		require.NotEmpty(t, crash.Goroutines, file)
		require.NotEmpty(t, crash.Goroutines[0].Stack, file)
	}
	_, ok := FindCrash([]byte("all is well; don't panic: it is fine\n"))
	require.False(t, ok)
}

func TestADeadlockSaysWhoWaits(t *testing.T) {
	crash, _ := FindCrash(recorded(t, "deadlock.txt"))
	var states []string
	for _, g := range crash.Goroutines {
		states = append(states, g.State)
	}
	require.Contains(t, states, "sync.Mutex.Lock")
	require.Contains(t, states, "chan receive")
	last := crash.Goroutines[len(crash.Goroutines)-1]
	require.Equal(t, "main.main", last.Created[0].Func)
}

func FuzzReports(f *testing.F) {
	for _, name := range []string{"race.txt", "panic.txt", "deadlock.txt", "unlock.txt"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		FindRaces(data)
		FindCrash(data)
		ParseGoroutines(string(data))
	})
}

func FuzzRecords(f *testing.F) {
	f.Add([]byte(strings.Join(sealed(key, begin, end), "\n")))
	f.Add([]byte(begin + "\n" + end + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := DecodeRecords(data, "a key that no seed has", check)
		require.Zero(t, r.Begun+r.Ended+len(r.Findings)+len(r.Explored))
	})
}
