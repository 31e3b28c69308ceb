package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"lockstep/grader/internal/verdict"
)

// contract is the published form of the JSON, word for word but for the values.
const contract = `{"format":1,"course":"lockstep","submission":{"id":"ada","commit":""},"points":7,"max_points":40,
 "chapters":[{"id":"05-lock","status":"graded","points":7,"max_points":10,
   "checks":[{"name":"TestTransferNeverDeadlocks","todo":"5.3","title":"transfers in opposite directions always finish",
              "status":"deadlock","points":0,"max_points":3,"message":"one line a student can act on",
              "detail":"several lines","seed":"…"}]}]}`

// sameFields checks that every field of want is in got, with a value of the same kind.
func sameFields(t *testing.T, path string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		require.True(t, ok, "%s is not an object", path)
		for name, v := range want {
			require.Contains(t, object, name, path)
			sameFields(t, path+"."+name, v, object[name])
		}
	case []any:
		list, ok := got.([]any)
		require.True(t, ok, "%s is not a list", path)
		for _, v := range list {
			sameFields(t, path+"[]", want[0], v)
		}
	default:
		assert.IsType(t, want, got, path)
	}
}

func TestJSONKeepsItsContract(t *testing.T) {
	var want any
	require.NoError(t, json.Unmarshal([]byte(contract), &want))
	for _, r := range []*verdict.Result{semester(), skeleton(), complete(), hostile(), {Course: "lockstep"}} {
		var got map[string]any
		require.NoError(t, json.Unmarshal(written(t, func(w io.Writer) error { return JSON(w, r) }), &got))
		sameFields(t, "", want, got)
		assert.EqualValues(t, 1, got["format"])
		points, most := r.Points()
		assert.EqualValues(t, points, got["points"])
		assert.EqualValues(t, most, got["max_points"])
	}
}

func TestJSONIsStable(t *testing.T) {
	first := written(t, func(w io.Writer) error { return JSON(w, semester()) })
	golden(t, "semester.json", first)
	for range 5 {
		assert.Equal(t, first, written(t, func(w io.Writer) error { return JSON(w, semester()) }))
	}
}

func TestDecodeReadsWhatJSONWrote(t *testing.T) {
	for name, r := range map[string]*verdict.Result{"semester": semester(), "skeleton": skeleton(), "complete": complete()} {
		got, err := Decode(bytes.NewReader(written(t, func(w io.Writer) error { return JSON(w, r) })))
		require.NoError(t, err, name)
		assert.Equal(t, r, got, name)
	}
}

func TestDecodeOfHostileTextChangesNothingMore(t *testing.T) {
	once := written(t, func(w io.Writer) error { return JSON(w, hostile()) })
	r, err := Decode(bytes.NewReader(once))
	require.NoError(t, err)
	assert.Equal(t, string(once), string(written(t, func(w io.Writer) error { return JSON(w, r) })))
}

func TestDecodeIgnoresAddedFields(t *testing.T) {
	_, err := Decode(strings.NewReader(`{"format":1,"course":"lockstep","later":{"x":1},"points":0,"max_points":0,"chapters":[]}`))
	assert.NoError(t, err)
}

func TestDecodeRefuses(t *testing.T) {
	good := string(written(t, func(w io.Writer) error { return JSON(w, semester()) }))
	for name, c := range map[string]struct{ in, says string }{
		"half":           {good[:len(good)/2], "not valid JSON"},
		"other format":   {strings.Replace(good, `"format": 1`, `"format": 2`, 1), "format 2"},
		"no format":      {`{}`, "format 0"},
		"status":         {strings.Replace(good, `"status": "race"`, `"status": "passed"`, 1), `unknown status "passed"`},
		"chapter status": {strings.Replace(good, `"status": "graded"`, `"status": ""`, 1), "unknown status"},
		"more points":    {strings.Replace(good, `"points": 13`, `"points": 172`, 1), "add up to 13/172"},
		"over the top":   {strings.Replace(good, `"points": 1,`, `"points": 9,`, 1), "9 of 1 points"},
		"beyond reason":  {strings.Replace(good, `"max_points": 1,`, `"max_points": 1001,`, 1), "1 of 1001 points"},
		"trailing":       {good + "{}", "not valid JSON"},
	} {
		_, err := Decode(strings.NewReader(c.in))
		assert.ErrorContains(t, err, c.says, name)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(contract))
	f.Add([]byte(`{"format":1,"points":0,"max_points":0,"chapters":[{"id":"x","status":"graded","checks":[{"status":"pass"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, format := range Formats() {
			assert.NoError(t, format.Write(io.Discard, r, Options{}), format.Name)
		}
	})
}
