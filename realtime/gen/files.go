package gen

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// ErrDrift says that files are not what their sources make of them; the text
// names the files.
var ErrDrift = errors.New("not what the Go types make of it; generate it again")

// Write writes files below dir, by their slash-separated paths, and leaves those
// alone that are the same already.
func Write(dir string, files map[string][]byte) error {
	for name, data := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if same(path, data) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// Check reports files below dir that [Write] would change, as errors that wrap
// [ErrDrift].
func Check(dir string, files map[string][]byte) error {
	var drifted error
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if !same(filepath.Join(dir, filepath.FromSlash(name)), files[name]) {
			drifted = errors.Join(drifted, fmt.Errorf("%s: %w", name, ErrDrift))
		}
	}
	return drifted
}

func same(path string, data []byte) bool {
	found, err := os.ReadFile(path)
	return err == nil && bytes.Equal(found, data)
}
