package shape

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// candidate is a field before the rules of promotion have chosen.
type candidate struct {
	Field
	index  []int
	tagged bool
}

// fields lists the members of a struct as encoding/json does: embedded structs
// are looked into, the shallowest field of a name wins, then the tagged one, and
// where that leaves two there is none.
func (b builder) fields(t reflect.Type) []Field {
	var all []candidate
	b.collect(t, nil, false, map[reflect.Type]bool{}, &all)
	byName := map[string][]candidate{}
	for _, one := range all {
		byName[one.Name] = append(byName[one.Name], one)
	}
	var chosen []candidate
	for _, rivals := range byName {
		slices.SortStableFunc(rivals, func(a, b candidate) int {
			return cmp.Or(cmp.Compare(len(a.index), len(b.index)), -cmp.Compare(truth(a.tagged), truth(b.tagged)))
		})
		if len(rivals) > 1 && len(rivals[0].index) == len(rivals[1].index) && rivals[0].tagged == rivals[1].tagged {
			continue
		}
		chosen = append(chosen, rivals[0])
	}
	slices.SortFunc(chosen, func(a, b candidate) int { return slices.Compare(a.index, b.index) })
	fields := make([]Field, len(chosen))
	for i, one := range chosen {
		fields[i] = one.Field
	}
	return fields
}

// collect gathers the fields of t and of what it embeds. absent says that an
// embedded pointer on the way may be nil.
func (b builder) collect(t reflect.Type, index []int, absent bool, above map[reflect.Type]bool, to *[]candidate) {
	if above[t] {
		return // a struct that embeds itself
	}
	above[t] = true
	defer delete(above, t)
	for i := range t.NumField() {
		field := t.Field(i)
		tag := field.Tag.Get("json")
		inner, pointer := field.Type, false
		if field.Anonymous && inner.Kind() == reflect.Pointer {
			inner, pointer = inner.Elem(), true
		}
		name, options, _ := strings.Cut(tag, ",")
		if !validName(name) {
			name = ""
		}
		switch {
		case tag == "-":
		case !field.IsExported() && !(field.Anonymous && inner.Kind() == reflect.Struct):
		case field.Anonymous && inner.Kind() == reflect.Struct && name == "" && looksInto(inner):
			b.collect(inner, append(slices.Clip(index), i), absent || pointer, above, to)
		case field.IsExported():
			found := b.field(t, field, name, options)
			found.index, found.Optional = append(slices.Clip(index), i), found.Optional || absent
			*to = append(*to, found)
		}
	}
}

// looksInto reports whether an embedded struct's fields are promoted.
func looksInto(t reflect.Type) bool {
	_, own := ownWriting(t)
	return !own
}

func (b builder) field(owner reflect.Type, field reflect.StructField, name, options string) candidate {
	value := b.of(field.Type)
	pointer := field.Type.Kind() == reflect.Pointer
	omitted := false
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "omitempty":
			omitted = omitted || canBeEmpty(field.Type)
		case "omitzero":
			omitted = true
		case "string":
			switch value.Kind {
			case Bool, Integer, Number, String:
				value.Quoted = true
			}
		}
	}
	if omitted && value.Kind != Any {
		value.Nullable = false
	}
	return candidate{
		Field:  Field{Value: value, Name: cmp.Or(name, field.Name), Optional: omitted || pointer, Owner: owner, GoName: field.Name},
		tagged: name != "",
	}
}

// canBeEmpty reports whether omitempty has an effect on values of t.
func canBeEmpty(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		return false
	case reflect.Array:
		return t.Len() == 0
	}
	return true
}

// validName reports whether encoding/json takes a name from a tag.
func validName(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

func truth(is bool) int {
	if is {
		return 1
	}
	return 0
}
