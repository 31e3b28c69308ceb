// Package nasty is a table of texts that a submission may put wherever a text of its
// own is shown. Tests of everything that shows text run through it.
package nasty

import "strings"

// Strings returns the table. Each entry is one attack, or one honest text that a
// careless defence would ruin.
func Strings() []string {
	return []string{
		// terminals
		"\x1b[2J\x1b[31mPASS\x1b[0m\a",
		"\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
		"\x1b]0;title\x1b\\ \x1bP+q\x1b\\",
		"C1: \u009b31m and \u0085next, raw \x9b31m",
		"over\rwritten\b\b\v\f\x7f",
		// what reorders, hides or is not text
		"\u202egnp.exe \u2066x\u2069 \u061c\u200f",
		"zero\u200bwidth\u2060joined\ufeff\u00ad\u034f\u3164\ufe0f\U000e0041",
		"\u2028line\u2029paragraph",
		"bad\xff\xfeutf8\xc3 \xed\xa0\x80",
		"nul\x00 and \ufffe \uffff \U0001fffe \ue000",
		"Z" + strings.Repeat("\u0301", 50) + "algo",
		// spreadsheets
		`=HYPERLINK("http://evil.example")`, "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u00a0=1", "＝1+1", "\u200b=1",
		// workflow commands
		"::error file=x::you passed", "  ::add-mask::*", "x\n::set-output name=points::100", "x\r::error::y",
		"##[error]forged", "x ##vso[task.complete result=Succeeded]", "##teamcity[testFinished]", "%0A::error::x", "\u00a0::error::x",
		strings.Repeat(":", 200),
		// HTML, Markdown, XML
		"`code` ```fence``` <script>alert(1)</script> & <img src=x onerror=y> \"'",
		"```\n# out of the fence\n~~~~\n````",
		"| table | [link](javascript:x) ![i](x) **b** @ada #1 https://evil.example $x$",
		"]]> <![CDATA[ &amp; --> &#0; &#x1b;", "</testcase><testcase name=\"forged\"/>",
		// honest
		"got \"a\\tb\", want map[string]int{\"x\": 1}", "dial tcp [::1]:8080: connection refused", "naïve café 日本語 👍",
		"一个很长的消息没有空格所以必须在任何地方换行一个很长的消息没有空格所以必须在任何地方换行",
		"func() {\n\tmu.Lock()\n\tdefer mu.Unlock()\n}", "",
		// size
		strings.Repeat("long ", 400), strings.Repeat("line\n", 3_600), strings.Repeat("x", 10<<20), strings.Repeat("\n", 1<<20), strings.Repeat("\xff", 1<<20),
	}
}
