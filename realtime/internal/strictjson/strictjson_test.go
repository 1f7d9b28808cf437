package strictjson_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/strictjson"
)

func TestParse_refused(t *testing.T) {
	for _, test := range []struct {
		data string
		want error
	}{
		{``, strictjson.ErrSyntax}, {` `, strictjson.ErrSyntax}, {`{`, strictjson.ErrSyntax}, {`{"a":01}`, strictjson.ErrSyntax}, {"\"a\nb\"", strictjson.ErrSyntax},
		{`{} {}`, strictjson.ErrMore}, {`1,`, strictjson.ErrMore}, {`null x`, strictjson.ErrMore},
		{"\"\xff\"", strictjson.ErrText}, {"{\"\xff\":1,\"\xfe\":2}", strictjson.ErrText},
		{`"\ud800"`, strictjson.ErrText}, {`"\udc00\ud800"`, strictjson.ErrText}, {`"\ud800\\udc00"`, strictjson.ErrText}, {`"\ud800x"`, strictjson.ErrText},
		{`{"\ud800":1}`, strictjson.ErrText}, {`"\ud800\u0041"`, strictjson.ErrText},
		{`{"a":1,"a":2}`, strictjson.ErrTwice}, {`{"a":1,"\u0061":1}`, strictjson.ErrTwice}, {`[{"b":{"a":1,"b":2,"a":1}}]`, strictjson.ErrTwice}, {`{"":1,"":1}`, strictjson.ErrTwice},
		{strings.Repeat("[", 513) + strings.Repeat("]", 513), strictjson.ErrDepth},
		{strings.Repeat(`{"a":`, 513) + "1" + strings.Repeat("}", 513), strictjson.ErrDepth},
	} {
		if got, err := strictjson.Parse([]byte(test.data)); !errors.Is(err, test.want) {
			t.Errorf("%.40q: got %v, %v, want %v", test.data, got, err, test.want)
		}
	}
}

func TestParse_reads_what_encoding_json_reads(t *testing.T) {
	for _, data := range []string{
		`null`, ` true `, `false`, `-0`, `1e400`, `12345678901234567890.5`, `""`, `"\"\\\/\b\u0061\ud83d\ude00"`, "\"\u2028\u2029\"", `"\\ud800"`,
		`[]`, `{}`, " [ 1 , [ ] , { } ] ", "{\"a\" :\r\n\t[ {\"b\":null}, \"c\" ] , \"A\":{\"a\":1}}",
		strings.Repeat("[", 512) + strings.Repeat("]", 512),
	} {
		got, err := strictjson.Parse([]byte(data))
		if err != nil {
			t.Errorf("%.40q: %v", data, err)
		}
		if want := standard(t, data); !reflect.DeepEqual(got, want) {
			t.Errorf("%.40q: got %#v, want %#v", data, got, want)
		}
	}
}

func standard(t *testing.T, data string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(data))
	decoder.UseNumber()
	var want any
	if err := decoder.Decode(&want); err != nil {
		t.Fatalf("%q: %v", data, err)
	}
	return want
}

func TestMembers(t *testing.T) {
	for _, test := range []struct {
		data string
		want error
	}{
		{`[]`, strictjson.ErrObject}, {`null`, strictjson.ErrObject}, {`"{}"`, strictjson.ErrObject},
		{`{"type":"a","type":"b"}`, strictjson.ErrTwice}, {`{"type":"a","Type":"b"}`, strictjson.ErrCase}, {`{"TYPE":"a","x":1,"tYpe":"b"}`, strictjson.ErrCase},
		{`{"kind":1,"Kind":2}`, strictjson.ErrCase}, {`{"s":1,"ſ":2}`, strictjson.ErrCase}, // the Kelvin sign and the long s fold, too
		{`{"a":{"b":1,"b":1}}`, strictjson.ErrTwice}, {`{"a":1} x`, strictjson.ErrMore}, {`{`, strictjson.ErrSyntax}, {"{\"a\":\"\xff\"}", strictjson.ErrText},
	} {
		if got, err := strictjson.Members([]byte(test.data)); !errors.Is(err, test.want) || got != nil {
			t.Errorf("%s: got %v, %v, want %v", test.data, got, err, test.want)
		}
	}
	got, err := strictjson.Members([]byte(` { "a" : [1, 2] , "\u0062":"x\n" ,"c":{"d":1,"D":2}}`))
	want := map[string]json.RawMessage{"a": json.RawMessage(`[1, 2]`), "b": json.RawMessage(`"x\n"`), "c": json.RawMessage(`{"d":1,"D":2}`)}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %s, %v, want %s", got, err, want)
	}
	if text, ok := strictjson.String(got, "b"); text != "x\n" || !ok {
		t.Errorf("b: got %q, %v, want x and a line feed", text, ok)
	}
	for _, name := range []string{"a", "c", "missing"} {
		if text, ok := strictjson.String(got, name); ok {
			t.Errorf("%s: got %q, want no string", name, text)
		}
	}
}

// TestParse_wide_and_deep: a megabyte of what is costly for others is not.
func TestParse_wide_and_deep(t *testing.T) {
	const size = 1 << 20
	var wide bytes.Buffer
	for i := 0; wide.Len() < size; i++ {
		wide.WriteString(`,"` + strings.Repeat("k", i%7) + strconv.Itoa(i) + `":1`)
	}
	for name, data := range map[string][]byte{
		"brackets":         bytes.Repeat([]byte("["), size),
		"closed brackets":  append(bytes.Repeat([]byte("["), size/2), bytes.Repeat([]byte("]"), size/2)...),
		"names":            []byte("{" + wide.String()[1:] + "}"),
		"escapes":          []byte(`"` + strings.Repeat(`\ud83d\ude00`, size/12) + `"`),
		"one name, no end": []byte(`{"a":1` + strings.Repeat(`,"a":1`, size/6) + `}`),
	} {
		began := time.Now()
		_, _ = strictjson.Parse(data)
		_, _ = strictjson.Members(data)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: took %s", name, took)
		}
	}
}

// FuzzParse: what is accepted is what encoding/json reads, and stays the same when
// it is written and read again.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":"\ud83d\ude00"}],"A":null}`, `{"a":1,"a":2}`, "\"\xff\"", `"\ud800"`, ` [ ] `, `-1.5e-7`, `{`, `{"type":"x","Type":1}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		got, err := strictjson.Parse([]byte(data))
		members, membersErr := strictjson.Members([]byte(data))
		if err != nil {
			if membersErr == nil {
				t.Errorf("Parse: %v, Members: %s", err, members)
			}
			return
		}
		if want := standard(t, data); !reflect.DeepEqual(got, want) {
			t.Errorf("got %#v, want %#v", got, want)
		}
		object, is := got.(map[string]any)
		if !is || membersErr != nil {
			if is == errors.Is(membersErr, strictjson.ErrObject) || is && !errors.Is(membersErr, strictjson.ErrCase) {
				t.Errorf("Members: %v for %#v", membersErr, got)
			}
			return
		}
		if len(members) != len(object) {
			t.Errorf("Members: got %d, want %d", len(members), len(object))
		}
		for name, raw := range members {
			if value, err := strictjson.Parse(raw); err != nil || !reflect.DeepEqual(value, object[name]) {
				t.Errorf("%q: got %#v, %v, want %#v", name, value, err, object[name])
			}
		}
	})
}
