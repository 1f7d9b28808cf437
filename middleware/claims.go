package middleware

import (
	"reflect"
	"strings"
	"sync"
)

// fillFromStruct reads the claims `sid`, `jti`, `name` and `roles` from an app's
// own claims type, by its json tags, embedded structs included.
func fillFromStruct(principal *Principal, claims any) {
	value := reflect.ValueOf(claims)
	for value.Kind() == reflect.Pointer || value.Kind() == reflect.Interface {
		if value.IsNil() {
			return
		}
		value = value.Elem()
	}
	if value.Kind() != reflect.Struct {
		return
	}
	for name, index := range claimFields(value.Type()) {
		field, err := value.FieldByIndexErr(index)
		if err != nil {
			continue // behind a nil embedded pointer
		}
		switch name {
		case "sid":
			principal.SessionID = field.String()
		case "jti":
			principal.TokenID = field.String()
		case "name":
			principal.Name = field.String()
		case "roles":
			principal.Roles = append([]string(nil), field.Convert(stringsType).Interface().([]string)...)
		}
	}
}

var (
	stringsType = reflect.TypeFor[[]string]()
	knownFields sync.Map // reflect.Type -> map[string][]int
)

// claimFields returns where a claims type keeps the claims that Yodel reads.
// A type is looked through once.
func claimFields(claims reflect.Type) map[string][]int {
	if known, ok := knownFields.Load(claims); ok {
		return known.(map[string][]int)
	}
	found := map[string][]int{}
	for _, field := range reflect.VisibleFields(claims) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if !field.IsExported() || !readable(name, field.Type) {
			continue
		}
		if earlier, taken := found[name]; !taken || len(field.Index) < len(earlier) {
			found[name] = field.Index
		}
	}
	known, _ := knownFields.LoadOrStore(claims, found)
	return known.(map[string][]int)
}

func readable(name string, field reflect.Type) bool {
	switch name {
	case "sid", "jti", "name":
		return field.Kind() == reflect.String
	case "roles":
		return field.ConvertibleTo(stringsType) && field.Kind() == reflect.Slice
	}
	return false
}
