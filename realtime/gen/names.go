package gen

import (
	"fmt"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yodelrt/yodel/realtime/shape"
)

// reserved are the names that the generated files have for themselves.
var reserved = []string{"YodelContract", "YodelHttp", "Tagged"}

// name gives every type that has a name in Go one in the documents. The package
// is part of it only where two types would have the same.
func (b *book) name(all map[reflect.Type]*shape.Shape) error {
	rivals := map[string][]reflect.Type{}
	for t := range all {
		if t.Name() != "" {
			rivals[plain(t)] = append(rivals[plain(t)], t)
		}
	}
	b.names = map[reflect.Type]string{}
	owner := map[string]reflect.Type{}
	for short, types := range rivals {
		for _, t := range types {
			name := short
			if len(types) > 1 || slices.Contains(reserved, short) {
				name = capital(letters.ReplaceAllString(path.Base(t.PkgPath()), "")) + short
			}
			if other := owner[name]; other != nil {
				return fmt.Errorf("%w: %s.%s and %s.%s would both be called %s; rename one", ErrContract, t.PkgPath(), t.Name(), other.PkgPath(), other.Name(), name)
			}
			owner[name], b.names[t] = t, name
			b.named = append(b.named, all[t])
		}
	}
	slices.SortFunc(b.named, func(x, y *shape.Shape) int { return strings.Compare(b.names[x.Type], b.names[y.Type]) })
	return nil
}

var (
	qualifier = regexp.MustCompile(`[^\[\],*]*[/.]`) // of a type argument: its package
	letters   = regexp.MustCompile(`[^\p{L}\p{Nd}_]+`)
)

// plain is the name of a type without its package: Page[chat.Message] is
// PageMessage.
func plain(t reflect.Type) string {
	var name strings.Builder
	for _, part := range letters.Split(qualifier.ReplaceAllString(t.Name(), ""), -1) {
		name.WriteString(capital(part))
	}
	return name.String()
}

func capital(word string) string {
	for i, r := range word {
		return string(unicode.ToUpper(r)) + word[i+len(string(r)):]
	}
	return word
}
