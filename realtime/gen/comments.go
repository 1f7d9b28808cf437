package gen

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/yodelrt/yodel/realtime/shape"
)

// comment is what a type and its fields say of themselves in the source.
type comment struct {
	text   string
	fields map[string]string // by Go name
}

// readComments reads the sources of the types' packages.
func readComments(dir string, all map[reflect.Type]*shape.Shape) (map[reflect.Type]comment, error) {
	types := map[string]map[string]reflect.Type{} // package, then name without type arguments
	add := func(t reflect.Type) {
		name, _, _ := strings.Cut(t.Name(), "[")
		if name == "" || t.PkgPath() == "" || t.PkgPath() == "main" || strings.HasSuffix(t.PkgPath(), "_test") {
			return
		}
		if types[t.PkgPath()] == nil {
			types[t.PkgPath()] = map[string]reflect.Type{}
		}
		types[t.PkgPath()][name] = t
	}
	for t, s := range all {
		add(t)
		for _, field := range s.Fields {
			add(field.Owner) // a struct that is embedded
		}
	}
	found := map[reflect.Type]comment{}
	if len(types) == 0 {
		return found, nil
	}
	packages, err := listPackages(dir, slices.Sorted(maps.Keys(types)))
	if err != nil {
		return nil, err
	}
	for _, one := range packages {
		for _, file := range one.GoFiles {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(one.Dir, file), nil, parser.ParseComments|parser.SkipObjectResolution)
			if err != nil {
				return nil, fmt.Errorf("read comments: %w", err)
			}
			readFile(parsed, types[one.ImportPath], found)
		}
	}
	return found, nil
}

type listed struct {
	ImportPath, Dir string
	GoFiles         []string
}

func listPackages(dir string, paths []string) ([]listed, error) {
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Dir,GoFiles", "--"}, paths...)...)
	var stderr bytes.Buffer
	cmd.Dir, cmd.Stderr = dir, &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("read comments: go list in %s: %w: %s", dir, err, strings.TrimSpace(stderr.String()))
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var one listed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("read comments: go list: %w", err)
		}
		all = append(all, one)
	}
}

// readFile takes the comments of the wanted types out of one file.
func readFile(file *ast.File, wanted map[string]reflect.Type, to map[reflect.Type]comment) {
	for _, declaration := range file.Decls {
		group, ok := declaration.(*ast.GenDecl)
		if !ok || group.Tok != token.TYPE {
			continue
		}
		for _, one := range group.Specs {
			spec := one.(*ast.TypeSpec) // what a type declaration has
			t, known := wanted[spec.Name.Name]
			if !known {
				continue
			}
			text := spec.Doc.Text()
			if text == "" && len(group.Specs) == 1 {
				text = group.Doc.Text()
			}
			to[t] = comment{strings.TrimSpace(text), fieldComments(spec.Type)}
		}
	}
}

func fieldComments(of ast.Expr) map[string]string {
	comments := map[string]string{}
	declared, ok := of.(*ast.StructType)
	if !ok {
		return comments
	}
	for _, field := range declared.Fields.List {
		text := field.Doc.Text()
		if text == "" {
			text = field.Comment.Text()
		}
		for _, name := range field.Names {
			comments[name.Name] = strings.TrimSpace(text)
		}
	}
	return comments
}

// of is the comment of a type, with the name that it has in the documents.
func (b *book) of(s *shape.Shape) string {
	text := b.comments[s.Type].text
	name, _, _ := strings.Cut(s.Type.Name(), "[")
	if rest, begins := strings.CutPrefix(text, name+" "); begins && b.names[s.Type] != "" {
		return b.names[s.Type] + " " + rest
	}
	return text
}

// ofField is the comment of a field. An integer that JavaScript may not be able
// to hold says so.
func (b *book) ofField(field shape.Field) string {
	text := b.comments[field.Owner].fields[field.GoName]
	if field.Kind == shape.Integer && !field.Quoted {
		if kind := field.Type.Kind(); kind == reflect.Int64 || kind == reflect.Uint64 {
			text = strings.TrimSpace(text + "\n\n64 bits: JavaScript is exact up to 2^53-1.")
		}
	}
	return text
}
