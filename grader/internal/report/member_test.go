package report

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/verdict"
)

// ada is a student in the middle of the course.
func ada() *Member {
	return &Member{
		ID: "ada", Name: "Ada Lovelace", Username: "ada-l", Repo: "https://example.org/class/ada.git", Branch: "main",
		Submitted: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC), Result: semester(), Flags: []string{"history rewritten"},
		Content: map[string]string{"05-lock": "0123456789abcdef"},
	}
}

func readBack(t *testing.T, m *Member) *Member {
	t.Helper()
	back, err := ReadMember(bytes.NewReader(written(t, func(w io.Writer) error { return MemberJSON(w, m) })))
	require.NoError(t, err)
	return back
}

func TestReadMemberGivesBackWhatMemberJSONWrote(t *testing.T) {
	assert.Equal(t, ada(), readBack(t, ada()))

	lost := &Member{ID: "bob", Name: "Bob", Trouble: "the repository could not be fetched", Content: map[string]string{}}
	assert.Equal(t, lost, readBack(t, lost))

	nasty := &Member{ID: "eve", Result: hostile(), Content: map[string]string{}}
	once := readBack(t, nasty)
	assert.Equal(t, once, readBack(t, once), "cleaning twice changes nothing")
}

func TestReadMemberRefuses(t *testing.T) {
	whole := written(t, func(w io.Writer) error { return MemberJSON(w, ada()) })
	for name, data := range map[string][]byte{
		"empty": nil, "cut": whole[:len(whole)/2], "another format": bytes.Replace(whole, []byte(`"format": 1`), []byte(`"format": 2`), 1),
		"edited":    bytes.Replace(whole, []byte(`"points": 2`), []byte(`"points": 1`), 1),
		"no status": bytes.Replace(whole, []byte(`"status": "pass"`), []byte(`"status": "passed"`), 1),
	} {
		_, err := ReadMember(bytes.NewReader(data))
		assert.Error(t, err, name)
	}
}

// A student's JSON is a result's JSON with fields added: Decode reads it, too.
func TestMemberJSONKeepsTheContract(t *testing.T) {
	r, err := Decode(bytes.NewReader(written(t, func(w io.Writer) error { return MemberJSON(w, ada()) })))
	require.NoError(t, err)
	want := semester()
	assert.Equal(t, want, r)
	assert.Equal(t, verdict.Submission{ID: "ada", Commit: want.Submission.Commit}, r.Submission)
}
