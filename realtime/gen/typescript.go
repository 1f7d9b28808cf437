package gen

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/yodelrt/yodel/realtime/contract"
	"github.com/yodelrt/yodel/realtime/shape"
)

const header = "// Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT."

// TypeScript writes the types of what flows over a hub: an interface for every
// named struct, and `interface YodelContract` with the members rpc, channels and
// messages, by which typed hooks and clients know what they send and receive.
// Errors wrap [ErrContract], or come from reading the sources.
func TypeScript(c Contract) ([]byte, error) {
	b, err := c.open(c.realtimeRoots())
	if err != nil {
		return nil, err
	}
	t := &typescript{book: b}
	t.line(header)
	if carriesTags(c.Realtime) {
		t.line("\n/** An event with the tag that tells it from the others of its channel. */")
		t.line("export type Tagged<Type extends string, Fields> = { type: Type } & Fields;")
	}
	t.declarations()
	t.line("\n/** What flows over the socket: calls, events by the pattern of their channel, and messages outside of any. */")
	t.line("export interface YodelContract {")
	t.line("\trpc: {")
	for _, method := range c.Realtime.Methods {
		t.line("\t\t%s: { in: %s; out: %s };", quote(method.Name), t.ref(shape.Of(method.In)), t.ref(shape.Of(method.Out)))
	}
	t.line("\t};\n\tchannels: {")
	for _, channel := range c.Realtime.Channels {
		t.line("\t\t%s:%s;", quote(channel.Pattern), t.union(channel.Events))
	}
	t.line("\t};\n\tmessages:%s;\n}", t.union(c.Realtime.Messages))
	return []byte(t.String()), nil
}

func carriesTags(d contract.Description) bool {
	all := d.Messages
	for _, channel := range d.Channels {
		all = append(all[:len(all):len(all)], channel.Events...)
	}
	for _, event := range all {
		if event.Tag != "" {
			return true
		}
	}
	return false
}

// typescript is a file that is being written.
type typescript struct {
	*book
	strings.Builder
}

func (t *typescript) line(format string, values ...any) { fmt.Fprintf(t, format+"\n", values...) }

// declarations writes every type that has a name.
func (t *typescript) declarations() {
	for _, s := range t.named {
		t.line("")
		t.doc("", t.of(s))
		if s.Kind == shape.Object {
			t.line("export interface %s %s", t.names[s.Type], t.members(s, ""))
			continue
		}
		t.line("export type %s = %s;", t.names[s.Type], t.inside(shape.Value{Shape: s}, ""))
	}
}

// doc writes a comment, none for no text.
func (t *typescript) doc(indent, text string) {
	text = strings.ReplaceAll(text, "*/", "*\\/")
	switch {
	case text == "":
	case !strings.Contains(text, "\n"):
		t.line("%s/** %s */", indent, text)
	default:
		t.line("%s/**", indent)
		for line := range strings.SplitSeq(text, "\n") {
			t.line("%s", strings.TrimRight(indent+" * "+line, " "))
		}
		t.line("%s */", indent)
	}
}

// members are the fields of an object between braces.
func (t *typescript) members(s *shape.Shape, indent string) string {
	inner := &typescript{book: t.book}
	for _, field := range s.Fields {
		inner.doc(indent+"\t", t.ofField(field))
		optional := ""
		if field.Optional {
			optional = "?"
		}
		inner.line("%s\t%s%s: %s;", indent, key(field.Name), optional, inner.refIn(field.Value, indent+"\t"))
	}
	if len(s.Fields) == 0 {
		return "{}"
	}
	return "{\n" + inner.String() + indent + "}"
}

func (t *typescript) ref(v shape.Value) string { return t.refIn(v, "\t\t") }

// refIn is the type of a value, in lines that are indented so far.
func (t *typescript) refIn(v shape.Value, indent string) string {
	text := t.names[v.Type]
	if text == "" || v.Quoted {
		text = t.inside(v, indent)
	}
	if v.Nullable && v.Kind != shape.Any {
		text += " | null"
	}
	return text
}

// inside writes a type without using its name.
func (t *typescript) inside(v shape.Value, indent string) string {
	if v.Quoted {
		return "string"
	}
	switch v.Kind {
	case shape.Any:
		return "unknown"
	case shape.Bool:
		return "boolean"
	case shape.Integer, shape.Number:
		return "number"
	case shape.Array:
		return t.array(v, indent)
	case shape.Map:
		return "{ [key: string]: " + t.refIn(v.Elem, indent) + " }"
	case shape.Object:
		if len(v.Fields) == 0 {
			return "Record<string, never>"
		}
		return t.members(v.Shape, indent)
	}
	if len(v.Enum) > 0 {
		return strings.Join(each(v.Enum, quote), " | ")
	}
	return "string"
}

const longestTuple = 8 // elements

func (t *typescript) array(v shape.Value, indent string) string {
	element := t.refIn(v.Elem, indent)
	if v.Length >= 0 && v.Length <= longestTuple {
		return "[" + strings.TrimSuffix(strings.Repeat(element+", ", v.Length), ", ") + "]"
	}
	if strings.Contains(element, " | ") {
		element = "(" + element + ")"
	}
	return element + "[]"
}

// union is one of these events, with the space before it; none means anything.
func (t *typescript) union(events []contract.Event) string {
	variants := each(events, func(event contract.Event) string {
		name := t.ref(shape.Of(event.Type))
		if event.Tag != "" {
			name = fmt.Sprintf("Tagged<%s, %s>", quote(event.Tag), name)
		}
		return name
	})
	switch len(variants) {
	case 0:
		return " unknown"
	case 1:
		return " " + variants[0]
	}
	return "\n\t\t\t| " + strings.Join(variants, "\n\t\t\t| ")
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][\w$]*$`)

// key is a member's name, quoted where TypeScript needs that.
func key(name string) string {
	if identifier.MatchString(name) {
		return name
	}
	return quote(name)
}

func quote(text string) string {
	quoted, _ := json.Marshal(text) // a string always can
	return string(quoted)
}

func each[T any](all []T, change func(T) string) []string {
	changed := make([]string, len(all))
	for i, one := range all {
		changed[i] = change(one)
	}
	return changed
}
