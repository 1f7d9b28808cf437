package chat

import (
	"regexp"
	"strings"
)

// A line that opens or closes a block of code, also in quotes and lists.
var fence = regexp.MustCompile("^(?:[ \t]*(?:>|[-+*][ \t]|[0-9]{1,9}[.)][ \t]))*[ \t]*(`{3,}|~{3,})(.*)$")

// outsideCode returns a text of markdown with a ` in place of what is code: blocks
// between fences, and spans between as many ` on both sides. `outsideCode` in the
// pages is its twin; testdata/mentions.json is run over both.
func outsideCode(text string) string {
	var out, paragraph strings.Builder
	flush := func() {
		out.WriteString(outsideSpans(paragraph.String()))
		paragraph.Reset()
	}
	open := ""
	for line := range strings.SplitSeq(text, "\n") {
		match := fence.FindStringSubmatch(line)
		switch {
		case open != "":
			if match != nil && strings.HasPrefix(match[1], open) && strings.TrimSpace(match[2]) == "" {
				open = ""
			}
		case match != nil && (match[1][0] == '~' || !strings.Contains(match[2], "`")):
			flush()
			open = match[1]
			out.WriteString("`\n")
		case strings.TrimSpace(line) == "":
			flush()
			out.WriteString("\n")
		default:
			paragraph.WriteString(line + "\n")
		}
	}
	flush()
	return out.String()
}

// outsideSpans replaces the spans of code in one paragraph.
func outsideSpans(text string) string {
	var out strings.Builder
	unclosed := map[int]bool{} // lengths of runs that have no partner from here on
	for i := 0; i < len(text); {
		n := ticks(text[i:])
		switch {
		case text[i] == '\\' && i+1 < len(text):
			out.WriteString(text[i : i+2])
			i += 2
		case n == 0:
			out.WriteByte(text[i])
			i++
		default:
			end := -1
			if !unclosed[n] {
				end = closing(text, i+n, n)
			}
			out.WriteString("`")
			if i += n; end >= 0 {
				i = end
			} else {
				unclosed[n] = true
			}
		}
	}
	return out.String()
}

// closing finds the end of the next run of exactly n `, -1 for none.
func closing(text string, from, n int) int {
	for i := from; i < len(text); {
		run := ticks(text[i:])
		if run == n {
			return i + n
		}
		i += max(run, 1)
	}
	return -1
}

func ticks(text string) int { return len(text) - len(strings.TrimLeft(text, "`")) }
