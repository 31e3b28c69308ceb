package roster

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func read(t *testing.T, text string) ([]Row, []string) {
	t.Helper()
	rows, problems, err := Read(strings.NewReader(text))
	require.NoError(t, err)
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.String())
	}
	return rows, lines
}

func TestTheGradersOwnColumns(t *testing.T) {
	rows, lines := read(t, "id,repo,branch\nada,https://github.com/c/ada,\nben,../ben.git,late work\n")
	require.Empty(t, lines)
	require.Equal(t, []Row{
		{ID: "ada", Repo: "https://github.com/c/ada", Line: 2},
		{ID: "ben", Repo: "../ben.git", Branch: "late work", Line: 3},
	}, rows)
}

// As GitHub Classroom's "download roster" writes it.
func TestClassroomsColumns(t *testing.T) {
	rows, lines := read(t, "\"identifier\",\"github_username\",\"github_id\",\"name\"\n"+
		"\"s123\",\"ada-l\",\"99\",\"Ada Lovelace\"\n"+
		"\"ben@example.org\",\"benben\",\"7\",\"\"\n"+
		"\"s125\",\"\",\"\",\"\"\n")
	require.Equal(t, []Row{
		{ID: "s123", Name: "Ada Lovelace", Username: "ada-l", Line: 2},
		{ID: "benben", Name: "(ben@example.org)", Username: "benben", Line: 3},
	}, rows)
	require.Equal(t, []string{"line 4: s125 has not linked a GitHub account"}, lines)
}

func TestWhatSpreadsheetsWriteIsRead(t *testing.T) {
	for name, text := range map[string]string{
		"byte order mark": "\ufeffid,repo\nada,x\n",
		"CRLF":            "id,repo\r\nada,x\r\n",
		"semicolons":      "id;repo\nada;x\n",
		"quotes":          "\"id\",\"repo\"\n\"ada\",\"x\"\n",
		"other columns":   "group,REPO , Id,mail\n1,x,ada,a@b\n",
		"empty lines":     "id,repo\n\nada,x\n,\n\n",
		"no last newline": "id,repo\nada,x",
	} {
		t.Run(name, func(t *testing.T) {
			rows, lines := read(t, text)
			require.Empty(t, lines)
			require.Len(t, rows, 1)
			require.Equal(t, "ada", rows[0].ID)
			require.Equal(t, "x", rows[0].Repo)
		})
	}
}

func TestOneBadLineSpoilsNoOther(t *testing.T) {
	for name, c := range map[string]struct{ line, want string }{
		"leaves the folder": {"../ben,x", `the id "../ben" is not safe`},
		"a dash":            {"-rf,x", "is not safe"},
		"a dot":             {".hidden,x", "is not safe"},
		"a space":           {"ben b,x", "is not safe"},
		"an escape":         {"ben\x1b[2J,x", `"ben\x1b[2J"`},
		"too long":          {strings.Repeat("b", 65) + ",x", "is not safe"},
		"not ASCII":         {"bén,x", "is not safe"},
		"no id":             {",x", "is not safe"},
		"no repository":     {"ben", "ben has no repository"},
		"an open quote":     {`"ben,x`, "quote"},
		"a field of a MB":   {"ben," + strings.Repeat("x", 1<<20), "longer than"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, lines := read(t, "id,repo\nada,x\n"+c.line+"\ncy,y\n")
			require.Len(t, rows, 2)
			require.Equal(t, "cy", rows[1].ID)
			require.Len(t, lines, 1)
			require.True(t, strings.HasPrefix(lines[0], "line 3: "), lines[0])
			require.Contains(t, lines[0], c.want)
			require.NotContains(t, lines[0], "\x1b")
		})
	}
}

func TestDuplicates(t *testing.T) {
	t.Run("two repositories: neither", func(t *testing.T) {
		rows, lines := read(t, "id,repo\nada,x\nben,y\nada,z\n")
		require.Len(t, rows, 1)
		require.Equal(t, "ben", rows[0].ID)
		require.Equal(t, []string{"line 4: the id ada is that of line 2, too: neither is graded"}, lines)
	})
	t.Run("letters that some file systems do not tell apart", func(t *testing.T) {
		rows, lines := read(t, "id,repo\nada,x\nAda,y\nadam,z\n")
		require.Len(t, rows, 1)
		require.Equal(t, "adam", rows[0].ID)
		require.Len(t, lines, 1)
	})
	t.Run("the same line: once", func(t *testing.T) {
		rows, lines := read(t, "id,repo\nada,x\nada,x\n")
		require.Len(t, rows, 1)
		require.Equal(t, []string{"line 3: ada is on line 2 already, and is graded once"}, lines)
	})
}

func TestRostersOfWhichNothingCanBeRead(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":         {"", "columns"},
		"header only":   {"id,repo\n", "no students"},
		"other columns": {"name,grade\nAda,1\n", "neither GitHub Classroom's columns"},
		"UTF-16":        {"\xff\xfei\x00d\x00", "not UTF-8"},
		"too large":     {strings.Repeat("x", maxBytes+1), "larger than"},
		"too long":      {"id,repo\n" + strings.Repeat("\n", maxLines), "more than"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := Read(strings.NewReader(c.text))
			require.ErrorContains(t, err, c.want)
		})
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"id,repo,branch\nada,x,main\n", "identifier,github_username,github_id,name\ns1,ada,1,Ada\n",
		"\ufeffid;repo\n../x;y\n", "id,repo\n\"a\nada,x\nada,y\n", "id,repo\nAda,x\nada,x\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rows, problems, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, r := range rows {
			require.NoError(t, CheckID(r.ID))
			require.False(t, seen[strings.ToLower(r.ID)], "an id twice")
			seen[strings.ToLower(r.ID)] = true
			require.True(t, r.Repo != "" || r.Username != "", "a student without a repository or account")
		}
		require.LessOrEqual(t, len(rows)+len(problems), strings.Count(text, "\n"), "a line makes one student or one problem")
	})
}
