package seed

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestASeedIsItsRecipe(t *testing.T) {
	for _, r := range []Recipe{
		{Random: 1},
		{Picks: []int32{0, 0, 3, 0, 1}, Random: 1 << 60, Leaks: true, Test: Test("TestA"), Call: 2},
		{Picks: []int32{1}, Adversarial: true, Race: true},
	} {
		got, err := Parse(r.String())
		require.NoError(t, err)
		require.Equal(t, r, got)
	}
}

// FuzzParse reads any text as what it is, or not at all.
func FuzzParse(f *testing.F) {
	f.Add(Recipe{Picks: []int32{0, 2}, Random: 7}.String())
	f.Add("nonsense")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := Parse(text)
		if err != nil {
			require.ErrorIs(t, err, Err)
			return
		}
		again, err := Parse(r.String())
		require.NoError(t, err)
		require.Equal(t, r, again)
	})
}
