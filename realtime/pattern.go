package realtime

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Params are the parts of a channel's name that the placeholders of its pattern
// have matched, and the name itself.
type Params struct {
	// Channel is the whole name.
	Channel string

	names  []string
	values []string
}

// Get returns what a placeholder has matched, empty for a name that the pattern
// does not have.
func (p Params) Get(name string) string {
	for i, known := range p.names {
		if known == name {
			return p.values[i]
		}
	}
	return ""
}

// pattern is a channel name taken apart at its colons; a segment is literal, or
// a placeholder such as {id} that matches any one segment.
type pattern struct {
	text     string
	segments []string
	names    []string // of the placeholders, empty for a literal
}

func parsePattern(text string) (pattern, error) {
	p := pattern{text: text}
	if problem := nameProblem(text); problem != "" {
		return p, fmt.Errorf("%w: the pattern %q %s", ErrConfig, text, problem)
	}
	for segment := range strings.SplitSeq(text, ":") {
		name := ""
		if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") && len(segment) > 2 {
			name = segment[1 : len(segment)-1]
		} else if strings.ContainsAny(segment, "{}") {
			return p, fmt.Errorf("%w: in the pattern %q a placeholder must be a whole segment, such as room:{id}", ErrConfig, text)
		}
		p.segments, p.names = append(p.segments, segment), append(p.names, name)
	}
	return p, nil
}

// match reports whether a channel name fits.
func (p pattern) match(channel string) (Params, bool) {
	params := Params{Channel: channel}
	rest := channel
	for i, segment := range p.segments {
		part, after, more := strings.Cut(rest, ":")
		if more != (i < len(p.segments)-1) {
			return Params{}, false
		}
		rest = after
		if p.names[i] == "" {
			if part != segment {
				return Params{}, false
			}
			continue
		}
		if part == "" {
			return Params{}, false
		}
		params.names, params.values = append(params.names, p.names[i]), append(params.values, part)
	}
	return params, true
}

// overlaps reports whether some name fits both.
func (p pattern) overlaps(other pattern) bool {
	if len(p.segments) != len(other.segments) {
		return false
	}
	for i := range p.segments {
		if p.names[i] == "" && other.names[i] == "" && p.segments[i] != other.segments[i] {
			return false
		}
	}
	return true
}

// nameProblem says what is wrong with a channel's name, nothing for a good one.
func nameProblem(name string) string {
	if !utf8.ValidString(name) {
		return "is not UTF-8"
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return "has a control character"
		}
	}
	if name == "" {
		return "is empty"
	}
	return ""
}
