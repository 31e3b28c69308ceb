package skeleton

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const lock = `package lock

// TODO(5.3): a field
type Account struct{}

// Deposit adds.
func (a *Account) Deposit(amount int) error {
	// TODO(5.1): add
	return nil
}

// Balance reads.
func (a *Account) Balance() (int, error) {
	// TODO(5.2): read
	return 0, nil
}

func Sum[T int | float64](xs ...T) T { var s T; return s }

func private(x int) {}
`

func files(text string) map[string][]byte { return map[string][]byte{"lock.go": []byte(text)} }

func replace(t *testing.T, old, new string) map[string][]byte {
	require.Contains(t, lock, old)
	return files(string([]byte(lock[:index(lock, old)])) + new + lock[index(lock, old)+len(old):])
}

func index(s, sub string) int {
	for i := range s {
		if len(s)-i >= len(sub) && s[i:i+len(sub)] == sub {
			return i
		}
	}
	return -1
}

func TestWhatTestsDoNotSeeIsNoChange(t *testing.T) {
	require.Empty(t, Changes(files(lock), files(lock)))
	require.Empty(t, Changes(files(lock), replace(t, "(amount int)", "(cents int)")))
	require.Empty(t, Changes(files(lock), replace(t, "(int, error) {", "(n int, err error) {")))
	require.Empty(t, Changes(files(lock), replace(t, "func private(x int) {}", "func other() {}")))
	require.Empty(t, Changes(files(lock), replace(t, "func private", "func Extra() {}\n\nfunc private")))
}

func TestChangesAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		work map[string][]byte
		want string
		line int
	}{
		"package":   {replace(t, "package lock", "package locks"), `write "package lock"`, 1},
		"parameter": {replace(t, "(amount int)", "(amount int64)"), `"func (*Account) Deposit(int) error"`, 7},
		"result":    {replace(t, "(int, error) {", "int {"), "Account.Balance has changed", 13},
		"receiver":  {replace(t, "(a *Account) Deposit", "(a Account) Deposit"), "Account.Deposit has changed", 7},
		"generic":   {replace(t, "...T) T", "...T) *T"), "Sum has changed", 18},
		"gone":      {replace(t, "func Sum", "func sum"), "Sum is gone", 0},
	} {
		t.Run(name, func(t *testing.T) {
			changes := Changes(files(lock), c.work)
			require.Len(t, changes, 1)
			require.Contains(t, changes[0].Message, c.want)
			require.Equal(t, c.line, changes[0].Line)
		})
	}
}

func TestOpen(t *testing.T) {
	require.Equal(t, []string{"5.3", "5.1", "5.2"}, Todos(files(lock)))
	require.Equal(t, map[string]bool{"5.1": true, "5.2": true, "5.3": true}, Open(files(lock), files(lock)))
	begun := replace(t, "// TODO(5.1): add\n\treturn nil", "return nil")
	require.Equal(t, map[string]bool{"5.1": false, "5.2": true, "5.3": true}, Open(files(lock), begun))
	field := replace(t, "type Account struct{}", "type Account struct{ n int }")
	require.Equal(t, map[string]bool{"5.1": true, "5.2": true, "5.3": false}, Open(files(lock), field))
	require.Equal(t, map[string]bool{"5.1": false, "5.2": false, "5.3": false}, Open(files(lock), files("package lock\n")))
}
