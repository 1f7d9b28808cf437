package main

import (
	"fmt"
	"go/build"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// sample returns all mutants of the files that the patterns name, in the order in
// which they are tried; those that are known to change nothing are left out.
func sample(root string, patterns []string, known equivalents, seed uint64) ([]mutant, error) {
	files, err := find(root, patterns)
	if err != nil {
		return nil, err
	}
	var all []mutant
	for _, file := range files {
		of, err := mutantsOf(root, file)
		if err != nil {
			return nil, err
		}
		for _, m := range of {
			if !known.has(m) {
				all = append(all, m)
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("nothing to change in %s", strings.Join(patterns, ", "))
	}
	random := rand.New(rand.NewPCG(seed, 0))
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all, nil
}

// find returns the files that the patterns name and this machine builds, tests and
// generated ones left out, in order.
func find(root string, patterns []string) (files []string, err error) {
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if base := entry.Name(); name != "." && (strings.HasPrefix(base, ".") || base == "node_modules" || base == "testdata") {
				return fs.SkipDir
			}
			return nil
		}
		if !source(name) || !matches(name, patterns) {
			return nil
		}
		built, err := build.Default.MatchFile(filepath.Join(root, path.Dir(name)), path.Base(name))
		if built {
			files = append(files, name)
		}
		return err
	})
	return files, err
}

func source(name string) bool {
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_gen.go") && path.Base(name) != "doc.go"
}

// matches reports whether a pattern names the file and none with "!" leaves it out.
func matches(name string, patterns []string) (in bool) {
	for _, pattern := range patterns {
		pattern, out := strings.CutPrefix(pattern, "!")
		if !matchesOne(name, pattern) {
			continue
		}
		if out {
			return false
		}
		in = true
	}
	return in
}

func matchesOne(name, pattern string) bool {
	if folder, tree := strings.CutSuffix(pattern, "/**"); tree {
		return strings.HasPrefix(name, folder+"/")
	}
	match, err := path.Match(pattern, name)
	return err == nil && match
}
