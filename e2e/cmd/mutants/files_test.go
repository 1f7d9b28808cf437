package main

import (
	"path/filepath"
	"slices"
	"testing"
)

func TestMatches(t *testing.T) {
	patterns := []string{"a/**", "b/*.go", "!a/left/**", "!b/out*.go"}
	for name, want := range map[string]bool{
		"a/x.go": true, "a/deep/er/x.go": true, "a/left/x.go": false, "ab/x.go": false,
		"b/x.go": true, "b/c/x.go": false, "b/outer.go": false, "c/x.go": false,
	} {
		if got := matches(name, patterns); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func TestFind_WithoutTestsAndGenerated(t *testing.T) {
	got, err := find(toy(t), []string{"lib/**", "nowhere/**"})
	if err != nil || !slices.Equal(got, []string{"lib/toy.go"}) {
		t.Errorf("got %v, %v, want lib/toy.go", got, err)
	}
}

func TestSample_Seed(t *testing.T) {
	root := toy(t)
	order := func(seed uint64) (names []string) {
		all, err := sample(root, []string{"lib/**"}, nil, seed)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range all {
			names = append(names, m.String()+m.diff())
		}
		return names
	}
	first := order(7)
	if len(first) != len(wantToy) {
		t.Errorf("mutants: got %d, want %d", len(first), len(wantToy))
	}
	if !slices.Equal(first, order(7)) {
		t.Error("the same seed chose others")
	}
	if slices.Equal(first, order(8)) {
		t.Error("another seed chose the same")
	}
}

func TestSample_NothingToChange(t *testing.T) {
	if _, err := sample(toy(t), []string{"nowhere/**"}, nil, 1); err == nil {
		t.Error("no error for patterns that name nothing")
	}
}

// TestSources: the patterns name the hub, and leave the others out.
func TestSources(t *testing.T) {
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	files, err := find(root, sources)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"realtime/hub.go": true, "realtime/fanout.go": true, "realtime/doc.go": false, "realtime/hub_test.go": false, "realtime/survey.go": false} {
		if got := slices.Contains(files, name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}
