package shape_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime/shape"
)

// FuzzCheck: what Check lets through is what Go reads. encoding/json takes it, and
// what it has read is written with the members that Check has seen.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		`{"value":1,"kids":[{"value":2}]}`, `{"value":1,"up":{"value":3},"map":{"1":"x","01":"y"}}`, `{"value":1e2}`, `[`, ``, `{"value":1,"bytes":"AAE="}`,
		`{"value":1,"Value":2}`, `{"value":1,"value":2}`, `{"value":1,"Text":"a","text":"b"}`, `{"value":1,"a":1,"A":2}`, `{"value":1,"quoted":"12","is":null}`,
		`{"value":1,"names":{"a":{"value":2},"A":null},"free":{"a":[1e5,{}]}}`, `{"value":1,"names":{"a":{"value":2,"big":3},"a":{"value":4}}}`,
		`{"value":1,"up":{"value":2,"big":3},"up":{"value":4}}`, `{"value":1,"Text":"\ud800","pair":[1,2],"color":"red"}`, "{\"value\":1,\"Text\":\"\xff\"}",
	} {
		f.Add([]byte(seed))
	}
	value := shape.Of(reflect.TypeFor[fuzzed]())
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 || value.Check(data) != nil {
			return
		}
		var read fuzzed
		if err := json.Unmarshal(data, &read); err != nil {
			t.Fatalf("%s fits, and encoding/json says %v", data, err)
		}
		again, err := json.Marshal(read)
		if err != nil {
			t.Fatal(err)
		}
		if where := differ(value, decoded(t, data), decoded(t, again)); where != "" {
			t.Errorf("%s was read as %s: %s", data, again, where)
		}
	})
}

func decoded(t *testing.T, data []byte) any {
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	var payload any
	if err := decoder.Decode(&payload); err != nil {
		t.Fatal(err)
	}
	return payload
}

// differ says where what was read is not what was sent. Members that the contract
// does not have are not read, and those that are empty may not be written.
func differ(v shape.Value, sent, read any) string {
	switch v.Kind {
	case shape.Object:
		if sent == nil || read == nil {
			break
		}
		sent, read := sent.(map[string]any), read.(map[string]any)
		for _, field := range v.Fields {
			one, was := sent[field.Name]
			other, is := read[field.Name]
			if where := differ(field.Value, one, other); where != "" && (was && is || !emptied(one) || !emptied(other)) {
				return field.Name + ": " + where
			}
		}
		return ""
	case shape.Map:
		if sent == nil || read == nil {
			break
		}
		sent, read := sent.(map[string]any), read.(map[string]any)
		if len(sent) != len(read) {
			return fmt.Sprintf("%d members, not %d", len(read), len(sent))
		}
		for name, one := range sent {
			number, err := strconv.Atoi(name)
			if v.Type.Key().Kind() == reflect.Int && err == nil {
				name = strconv.Itoa(number)
			}
			if where := differ(v.Elem, one, read[name]); where != "" {
				return name + ": " + where
			}
		}
		return ""
	case shape.Array:
		if sent == nil || read == nil {
			break
		}
		sent, read := sent.([]any), read.([]any)
		for i := range sent {
			if where := differ(v.Elem, sent[i], read[i]); where != "" {
				return strconv.Itoa(i) + ": " + where
			}
		}
		return ""
	case shape.Bytes, shape.Any: // line breaks in base64, and numbers of any length, are read alike and written in one way
		return ""
	case shape.Integer, shape.Number:
		one, oneErr := strconv.ParseFloat(fmt.Sprint(sent), 64)
		other, otherErr := strconv.ParseFloat(fmt.Sprint(read), 64)
		if oneErr == nil && otherErr == nil && one == other {
			return ""
		}
	}
	if reflect.DeepEqual(sent, read) {
		return ""
	}
	return fmt.Sprintf("%v, not %v", read, sent)
}

// emptied reports whether a value is one that omitempty leaves out.
func emptied(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case json.Number:
		number, err := value.Float64()
		return err == nil && number == 0
	case string:
		number, err := strconv.Atoi(value)
		return value == "" || err == nil && number == 0
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	}
	return false
}
