package shape_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/yodelrt/yodel/realtime/shape"
)

type color string

func (color) EnumValues() []string { return []string{"red", "green"} }

type base struct {
	ID   int64 `json:"id"`
	Name string
}

type tagged struct {
	Other string `json:"Name"`
}

type tree struct {
	Value int8    `json:"value"`
	Kids  []tree  `json:"kids,omitempty"`
	Up    *tree   `json:"up"`
	List  forest  `json:"list,omitempty"`
	Color color   `json:"color,omitempty"`
	Raw   any     `json:"raw,omitempty"`
	Bytes []byte  `json:"bytes,omitempty"`
	Pair  *[2]int `json:"pair,omitempty"`
}

type forest []forest

type twins struct {
	Small int `json:"a,omitempty"`
	Large int `json:"A,omitempty"`
	Other int `json:"b,omitempty"`
}

type everything struct {
	base
	*tagged
	At      time.Time       `json:"at,omitempty"`
	Seen    time.Time       `json:"seen,omitzero"`
	Count   uint16          `json:"count,string"`
	Map     map[int]color   `json:"map"`
	Raw     json.RawMessage `json:"raw,omitempty"`
	Ignored chan int        `json:"-"`
	//lint:ignore SA5008 it is what encoding/json takes as the name "-"
	Dash   string `json:"-,"`
	hidden int
	Float  float32 `json:"float,omitempty"`
}

// TestFields_AsEncodingJSON: fields are those of encoding JSON.
func TestFields_AsEncodingJSON(t *testing.T) {
	value := shape.Of(reflect.TypeFor[everything]())
	if problem := value.Problem(); problem != "" {
		t.Fatal(problem)
	}
	var got []string
	for _, field := range value.Fields {
		text := field.Name
		if field.Optional {
			text += "?"
		}
		if field.Nullable {
			text += "|null"
		}
		got = append(got, text)
	}
	// Name of tagged is the tagged one at the same depth; its pointer may be nil.
	want := "id Name? at seen? count map|null raw?|null - float?"
	if strings.Join(got, " ") != want {
		t.Errorf("fields: got %s, want %s", strings.Join(got, " "), want)
	}
	written, err := json.Marshal(everything{hidden: 1, tagged: &tagged{}, Seen: time.Now(), Raw: json.RawMessage("1"), Float: 1})
	if err != nil {
		t.Fatal(err)
	}
	at := -1
	for _, field := range value.Fields {
		found := strings.Index(string(written), `"`+field.Name+`":`)
		if found <= at {
			t.Errorf("%s is not where encoding/json writes it: %s", field.Name, written)
		}
		at = found
	}
	if names := map[string]any{}; json.Unmarshal(written, &names) != nil || len(names) != len(value.Fields) {
		t.Errorf("encoding/json writes %d fields, want %d: %s", len(names), len(value.Fields), written)
	}
}

var payloads = []struct {
	of   any
	data string
	want string // "" fits
}{
	{base{}, `{"id":1,"Name":""}`, ""},
	{base{}, `{"id":1,"Name":"","more":[1]}`, ""},
	{base{}, `{"id":1}`, "Name: missing"},
	{base{}, `{"id":1,"name":"x"}`, "Name: missing"}, // names are exact
	{base{}, `{"id":null,"Name":""}`, "id: null, want an integer"},
	{base{}, `{"id":1.5,"Name":""}`, "id: want an integer of type int64"},
	{base{}, `{"id":9223372036854775808,"Name":""}`, "id: want an integer"},
	{base{}, `{"id":"1","Name":""}`, "id: want an integer"},
	{base{}, `[]`, "want an object"},
	{base{}, ``, "no payload"},
	{base{}, `{"id":1,"Name":""}{}`, "more than one"},
	{base{}, `{"id":1,"Name":""`, "not JSON"},
	{struct{}{}, ``, ""},
	{json.RawMessage{}, "\x00", ""},
	{(*base)(nil), ``, ""},
	{"", ``, "no payload"},
	{true, `true`, ""},
	{true, `1`, "want true or false"},
	{tree{}, `{"value":127}`, ""},
	{tree{}, `{"value":128}`, "value: want an integer of type int8"},
	{tree{}, `{"value":1,"up":null}`, ""},
	{tree{}, `{"value":1,"kids":null}`, "kids: null, want an array"},
	{tree{}, `{"value":1,"kids":[{"value":1},{"value":"x"}]}`, "kids: 1: value: want an integer"},
	{tree{}, `{"value":1,"list":[[],[[null]]]}`, ""},
	{tree{}, `{"value":1,"list":[1]}`, "list: 0: want an array"},
	{tree{}, `{"value":1,"color":"blue"}`, "color: want one of red, green"},
	{tree{}, `{"value":1,"bytes":"AAE="}`, ""},
	{tree{}, `{"value":1,"bytes":"AA"}`, "bytes: want a string of base64"},
	{tree{}, `{"value":1,"pair":[1,2]}`, ""},
	{tree{}, `{"value":1,"pair":[1]}`, "pair: want an array of 2"},
	{tree{}, `{"value":1,"raw":null}`, ""},
	{map[int]int{}, `{"1":2,"-3":4}`, ""},
	{map[int]int{}, `{"secret":2}`, "not a key"},
	{map[string]int{}, `{"secret":"x"}`, "*: want an integer"},
	{time.Time{}, `"2026-01-02T03:04:05.678Z"`, ""},
	{time.Time{}, `"2026-01-02"`, "want a time such as"},
	{struct {
		N int8 `json:"n,string"`
	}{}, `{"n":"12"}`, ""},
	{struct {
		N int8 `json:"n,string"`
	}{}, `{"n":"1200"}`, "n: want an integer of type int8 inside a string"},
	{shape.List[int]{}, `[1]`, ""},
	{shape.List[int]{}, `null`, "null, want an array"},
	{[]int{}, `null`, ""},
	{float32(0), `1e39`, "want a number"},
	{base{}, `{"id":1,"id":2,"Name":""}`, "two members of one name"},
	{base{}, `{"id":1,"Name":"","x":{"secret":1,"secret":2}}`, "two members of one name"},
	{base{}, `{"id":1,"Name":"","ID":2}`, "id: a name that differs from it in case alone"},
	{base{}, `{"NAME":"secret","id":1,"Name":""}`, "Name: a name that differs"},
	{tree{}, `{"value":1,"COLOR":"secret"}`, "color: a name that differs"}, // in place of one that is absent
	{tree{}, `{"value":1,"\u212aIDS":[]}`, "kids: a name that differs"},    // the Kelvin sign
	{tree{}, `{"value":1,"kids":[{"value":1,"Value":2}]}`, "kids: 0: value: a name"},
	{tree{}, `{"value":1,"raw":{"a":1,"A":2}}`, ""}, // nothing of the contract
	{tree{}, `{"value":1,"raw":[{"a":1e400}]}`, "raw: a number that is too large"},
	{tree{}, `{"value":1,"raw":[{"a":1e300}],"unknown":1e400}`, ""},
	{twins{}, `{"a":1,"A":2}`, ""}, // each is a field
	{twins{}, `{"a":1,"B":2}`, "b: a name that differs"},
	{base{}, "{\"id\":1,\"Name\":\"\xff\"}", "not Unicode"},
	{base{}, `{"id":1,"Name":"\ud800"}`, "not Unicode"},
	{base{}, "{\"id\":1,\"Name\":\"\u2028\"}", ""},
	{base{}, `{"id":1,"Name":"","x":` + strings.Repeat("[", 512) + strings.Repeat("]", 512) + `}`, "too deeply"},
	{map[int]int{}, `{"1":2,"01":3}`, "twice"},
	{map[uint8]int{}, `{"1":2,"001":3}`, "twice"},
	{map[netip.Addr]int{}, `{"::1":2,"0::1":3}`, "twice"},
	{map[netip.Addr]int{}, `{"::1":2,"::2":3}`, ""},
	{struct {
		N int8 `json:"n,string"`
	}{}, `{"n":" 12"}`, "inside a string"},
}

func TestPayloads_off_the_contract(t *testing.T) {
	for _, test := range payloads {
		err := shape.Of(reflect.TypeOf(test.of)).Check([]byte(test.data))
		if (err == nil) != (test.want == "") || (err != nil && (!errors.Is(err, shape.ErrOff) || !strings.Contains(err.Error(), test.want))) {
			t.Errorf("%T %s: got %v, want %q", test.of, test.data, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%T: the error shows the payload: %v", test.of, err)
		}
	}
}

// TestCheck_WhatGoWrites: whatever encoding/json writes of a type has its shape.
func TestCheck_WhatGoWrites(t *testing.T) {
	for _, value := range []any{
		everything{}, &everything{}, everything{tagged: &tagged{}, Map: map[int]color{1: "red"}, Raw: json.RawMessage(`{"a":[1]}`)},
		tree{}, tree{Kids: []tree{{}, {Value: -128}}, Up: &tree{Bytes: []byte{0, 255}}, List: forest{nil, {nil}}, Pair: &[2]int{}},
		[]string(nil), shape.List[string](nil), shape.List[byte](nil), shape.List[int]{1}, map[string]*base{"x": nil}, time.Now(), 3.5, uint64(1 << 63), json.Number("12.5"),
	} {
		data, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		if err := shape.Of(reflect.TypeOf(value)).Check(data); err != nil {
			t.Errorf("%T: %s: %v", value, data, err)
		}
	}
}

// TestOf_Unwritable: what cannot be written is named.
func TestOf_Unwritable(t *testing.T) {
	type loop *loop
	for _, test := range []struct {
		of   reflect.Type
		want string
	}{
		{reflect.TypeFor[struct{ In []map[string]chan int }](), "In: chan int can't be written as JSON"},
		{reflect.TypeFor[map[struct{}]int](), "can't be written"},
		{reflect.TypeFor[loop](), "can't be written"},
		{reflect.TypeFor[func()](), "can't be written"},
		{reflect.TypeFor[tree](), ""},
	} {
		if got := shape.Of(test.of).Problem(); (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.of, got, test.want)
		}
		if test.want != "" && shape.Of(test.of).Check([]byte(`{"In":[{"x":1}],"y":1}`)) == nil {
			t.Errorf("%s: something fits", test.of)
		}
	}
}

// fuzzed has one field of each kind.
type fuzzed struct {
	twins
	Value  int8               `json:"value"`
	Big    int64              `json:"big,omitempty"`
	Float  float64            `json:"float,omitempty"`
	Quoted uint16             `json:"quoted,omitempty,string"`
	Text   string             `json:"Text,omitempty"`
	Is     *bool              `json:"is"`
	Kids   []fuzzed           `json:"kids,omitempty"`
	Up     *fuzzed            `json:"up,omitempty"`
	Map    map[int]string     `json:"map,omitempty"`
	Names  map[string]*fuzzed `json:"names,omitempty"`
	Bytes  []byte             `json:"bytes,omitempty"`
	Pair   *[2]int            `json:"pair,omitempty"`
	Color  color              `json:"color,omitempty"`
	Free   any                `json:"free,omitempty"`
}

func Example() {
	type say struct {
		Text string   `json:"text"`
		Tags []string `json:"tags,omitempty"`
	}
	value := shape.Of(reflect.TypeFor[say]())
	fmt.Println(value.Check([]byte(`{"text":"hello","sent_by":"a newer client"}`)))
	fmt.Println(value.Check([]byte(`{"text":7}`)))
	fmt.Println(value.Check([]byte(`{"tags":["a"]}`)))
	// Output:
	// <nil>
	// off the contract: text: want a string
	// off the contract: text: missing
}

func BenchmarkCheck(b *testing.B) {
	value := shape.Of(reflect.TypeFor[base]())
	data := []byte(`{"id":7,"Name":"a name of some length"}`)
	b.ReportAllocs()
	for b.Loop() {
		if err := value.Check(data); err != nil {
			b.Fatal(err)
		}
	}
}
