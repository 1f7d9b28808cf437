package realtime

import (
	"fmt"
	"slices"
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
// a placeholder such as {id} that matches any one segment that is not empty. The
// last may be one such as {path...}, which matches one segment or more.
type pattern struct {
	text     string
	segments []string
	names    []string // of the placeholders, empty for a literal
	rest     bool     // the last placeholder takes the rest of a name
}

func parsePattern(text string) (pattern, error) {
	p := pattern{text: text}
	if problem := nameProblem(text); problem != "" {
		return p, fmt.Errorf("%w: the pattern %q %s", ErrConfig, text, problem)
	}
	for segment := range strings.SplitSeq(text, ":") {
		name := ""
		if strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}") {
			name = segment[1 : len(segment)-1]
		}
		if p.rest {
			return p, fmt.Errorf("%w: in the pattern %q something follows a placeholder for the rest", ErrConfig, text)
		}
		name, p.rest = strings.CutSuffix(name, "...")
		switch {
		case strings.ContainsAny(name, "{}") || name == "" && strings.ContainsAny(segment, "{}"):
			return p, fmt.Errorf("%w: in the pattern %q a placeholder must be a whole segment, such as room:{id} or doc:{path...}", ErrConfig, text)
		case name != "" && slices.Contains(p.names, name):
			return p, fmt.Errorf("%w: the pattern %q has two placeholders named %q", ErrConfig, text, name)
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
		last := i == len(p.segments)-1
		switch {
		case last && p.rest:
			part = rest
			if emptySegment(part) {
				return Params{}, false
			}
		case more == last:
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

// emptySegment reports whether one of some segments is empty.
func emptySegment(segments string) bool {
	return strings.HasPrefix(segments, ":") || strings.HasSuffix(segments, ":") || strings.Contains(segments, "::")
}

// overlaps reports whether some name fits both.
func (p pattern) overlaps(other pattern) bool {
	length := max(len(p.segments), len(other.segments))
	if !p.reaches(length) || !other.reaches(length) {
		return false
	}
	for i := range length {
		one, placed := p.at(i)
		another, otherPlaced := other.at(i)
		switch {
		case placed && otherPlaced:
		case placed && another == "", otherPlaced && one == "": // a placeholder matches no empty segment
			return false
		case !placed && !otherPlaced && one != another:
			return false
		}
	}
	return true
}

// reaches reports whether names of so many segments may fit, no fewer than the
// pattern has.
func (p pattern) reaches(length int) bool { return len(p.segments) == length || p.rest }

// at is what stands at a place of the names that fit: a literal, or any segment.
func (p pattern) at(i int) (literal string, placeholder bool) {
	i = min(i, len(p.segments)-1)
	return p.segments[i], p.names[i] != ""
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
