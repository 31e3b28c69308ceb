package evidence

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const nonce, check = "N", "TestX"

func decode(lines ...string) Records {
	return DecodeRecords([]byte(strings.Join(lines, "\n")+"\n"), nonce, check)
}

const (
	begin = `{"nonce":"N","kind":"begin","check":"TestX"}`
	end   = `{"nonce":"N","kind":"end","check":"TestX","passed":true}`
)

func TestAnUndisturbedStreamEndedOnce(t *testing.T) {
	r := decode(begin, `{"nonce":"N","kind":"explored","check":"TestX","schedules":12,"exhaustive":true}`, end)
	require.True(t, r.EndedOnce())
	require.True(t, r.End.Passed)
	require.Equal(t, 12, r.Explored[0].Schedules)
	require.Empty(t, r.End.Nonce, "a nonce leaves the decoder")
}

func TestOddStreamsDidNotEndOnce(t *testing.T) {
	for name, lines := range map[string][]string{
		"nothing":         {},
		"no end":          {begin},
		"no begin":        {end},
		"two ends":        {begin, end, end},
		"two begins":      {begin, begin, end},
		"another nonce":   {begin, strings.Replace(end, `"N"`, `"M"`, 1), end},
		"no nonce":        {begin, `{"kind":"end","check":"TestX","passed":true}`},
		"another check":   {begin, strings.Replace(end, "TestX", "TestY", 1), end},
		"no JSON":         {begin, "ok", end},
		"an unknown kind": {begin, `{"nonce":"N","kind":"pass","check":"TestX"}`, end},
		"half a line":     {begin, end[:len(end)/2]},
		"too many":        append(append([]string{begin}, slicesRepeat(`{"nonce":"N","kind":"explored","check":"TestX"}`, MaxRecords)...), end),
	} {
		t.Run(name, func(t *testing.T) {
			r := decode(lines...)
			require.False(t, r.EndedOnce())
		})
	}
}

func TestAnEmptyNonceAcceptsNothing(t *testing.T) {
	r := DecodeRecords([]byte(`{"kind":"end","check":"TestX","passed":true}`+"\n"), "", check)
	require.Zero(t, r.Ended)
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
	f.Add([]byte(begin + "\n" + end + "\n"))
	f.Add([]byte(`{"nonce":"M","kind":"end"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := DecodeRecords(data, "a nonce that no seed has", check)
		require.Zero(t, r.Begun+r.Ended+len(r.Findings)+len(r.Explored))
	})
}
