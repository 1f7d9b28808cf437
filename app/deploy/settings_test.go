package deploy_test

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"

	"github.com/yodelrt/yodel/app"
)

var setting = regexp.MustCompile(`\bYODEL_[A-Z_]+\b`)

// TestEverySettingExists: a name that is written wrong would be ignored.
func TestEverySettingExists(t *testing.T) {
	known := map[string]bool{}
	fields := reflect.TypeFor[app.Config]()
	for i := range fields.NumField() {
		known[fields.Field(i).Tag.Get("env")] = true
	}
	found := 0
	for _, pattern := range []string{"*.yaml", "*.sh", "*.service", "kubernetes/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: no files, %v", pattern, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range setting.FindAllString(string(text), -1) {
				found++
				if !known[name] {
					t.Errorf("%s sets %s, which there is not", file, name)
				}
			}
		}
	}
	if found < 20 {
		t.Errorf("found %d settings; are they read at all?", found)
	}
}
