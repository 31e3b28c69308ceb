package linearize

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// timeline draws a column per client and a row per call or return; marked is pointed
// out.
func (h *History) timeline(marked *Call) string {
	type event struct {
		call *Call
		time int64
	}
	var events []event
	for _, c := range h.clients {
		for _, call := range c.calls {
			events = append(events, event{call, call.called}, event{call, call.returned})
		}
	}
	slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.time, b.time) })

	column := min(24, (width-4)/max(1, len(h.clients)))
	var b strings.Builder
	row := func(label string, cells []string) {
		line := fmt.Sprintf("%3s ", label)
		for _, cell := range cells {
			line += pad(cell, column)
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}

	cells := make([]string, len(h.clients))
	for i, c := range h.clients {
		cells[i] = c.name
	}
	row("", cells)
	for n, e := range events {
		for i, c := range h.clients {
			cells[i] = c.at(e.time)
			if c == e.call.client && e.time == e.call.called {
				cells[i] = "┌ " + e.call.String()
			} else if c == e.call.client {
				cells[i] = "└ " + e.call.outcome()
				if e.call == marked {
					cells[i] = shorten(cells[i], column-4) + " <<"
				}
			}
		}
		row(fmt.Sprint(n+1), cells)
	}
	return b.String()
}

// at returns what a client's column shows at a time at which it neither calls nor
// returns.
func (c *Client) at(time int64) string {
	for _, call := range c.calls {
		if call.called < time && time < call.returned {
			return "│"
		}
	}
	return ""
}

// pad makes text n columns wide, the last of them free.
func pad(text string, n int) string {
	text = shorten(text, n-1)
	return text + strings.Repeat(" ", n-utf8.RuneCountInString(text))
}

func shorten(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:max(0, n-1)]) + "…"
}
