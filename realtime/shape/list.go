package shape

import (
	"encoding/json"
	"reflect"
)

// List is a slice that is never null in JSON: a nil one is written as [], and
// null is refused. The documents have it as an array without null.
type List[T any] []T

// MarshalJSON implements [json.Marshaler].
func (l List[T]) MarshalJSON() ([]byte, error) {
	if l == nil {
		return json.Marshal([]T{})
	}
	return json.Marshal([]T(l))
}

func (l List[T]) neverNull() {}

// plainSlice is the slice that a [List] is, and whether t is one.
func plainSlice(t reflect.Type) (reflect.Type, bool) {
	if _, is := reflect.Zero(t).Interface().(interface{ neverNull() }); !is || t.Kind() != reflect.Slice {
		return t, false
	}
	return reflect.SliceOf(t.Elem()), true
}
