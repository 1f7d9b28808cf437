package realtime

import (
	"errors"
	"strconv"
	"strings"
	"testing"
)

// combined are all texts of one to most segments out of some.
func combined(segments []string, most int) []string {
	all := []string{}
	longest := []string{""}
	for length := range most {
		var longer []string
		for _, text := range longest {
			for _, segment := range segments {
				if length > 0 {
					segment = text + ":" + segment
				}
				longer = append(longer, strings.ReplaceAll(segment, "N", strconv.Itoa(length)))
			}
		}
		longest = longer
		all = append(all, longer...)
	}
	return all
}

// TestPattern_overlaps compares with every name there is, of a small world.
func TestPattern_overlaps(t *testing.T) {
	names := combined([]string{"", "a", "b", "c"}, 4)
	var patterns []pattern
	var fits []map[string]bool
	for _, text := range combined([]string{"", "a", "b", "{N}", "{N...}"}, 3) {
		p, err := parsePattern(text)
		if err != nil {
			continue
		}
		fitting := map[string]bool{}
		for _, name := range names {
			if _, ok := p.match(name); ok {
				fitting[name] = true
			}
		}
		patterns, fits = append(patterns, p), append(fits, fitting)
	}
	overlapping := 0
	for i, one := range patterns {
		for j, other := range patterns {
			want := ""
			for name := range fits[i] {
				if fits[j][name] {
					want = name
					overlapping++
					break
				}
			}
			// The empty name is in fits, and fits no two patterns: it is none.
			if got := one.overlaps(other); got != (want != "") {
				t.Errorf("%q and %q: got %t, want %t (%q)", one.text, other.text, got, !got, want)
			}
		}
	}
	if len(patterns) < 100 || overlapping < 1000 {
		t.Errorf("%d patterns and %d overlaps prove nothing", len(patterns), overlapping)
	}
}

func TestPattern_rest_of_a_name(t *testing.T) {
	p, err := parsePattern("doc:{team}:{path...}")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"doc:a:b": "b", "doc:a:b:c": "b:c", "doc:a:b:c:d": "b:c:d", "doc:a": "", "doc": "", "doc:a:": "", "doc:a::b": "", "doc:a:b:": "", "doc:a:b::c": "", "doc::b": "", "x:a:b": "",
	} {
		params, ok := p.match(name)
		if got := params.Get("path"); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %t, want %q", name, got, ok, want)
		}
		if ok && (params.Get("team") != "a" || params.Channel != name) {
			t.Errorf("%s: got team %q in %q", name, params.Get("team"), params.Channel)
		}
	}
	for _, text := range []string{"{path...}:x", "{a...}:{b...}", "{...}", "{}", "a{x}", "{x}a", "{a{b}", "{a}b}", "x:{a}:{a}", "{a}:{a...}", "", "{a...", "\xff"} {
		if p, err := parsePattern(text); !errors.Is(err, ErrConfig) {
			t.Errorf("%q: got %v, %v, want ErrConfig", text, p, err)
		}
	}
}

func BenchmarkPattern_match(b *testing.B) {
	p, err := parsePattern("room:{id}:typing")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := p.match("room:42:typing"); !ok {
			b.Fatal("no match")
		}
	}
}
