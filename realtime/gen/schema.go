package gen

import (
	"math"
	"reflect"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/yodelrt/yodel/realtime/shape"
)

// schemas are the JSON Schemas of all types that have a name. They use what the
// dialects of AsyncAPI 3 (draft-07) and OpenAPI 3.1 (2020-12) have in common.
func (b *book) schemas() *yaml.Node {
	var all []member
	for _, s := range b.named {
		schema := b.define(shape.Value{Shape: s}, b.of(s))
		all = append(all, member{b.names[s.Type], schema})
	}
	return mapping(all...)
}

// schema describes a value, by reference where its type has a name.
func (b *book) schema(v shape.Value, description string) *yaml.Node {
	name := b.names[v.Type]
	switch {
	case name == "" || v.Quoted:
		return b.define(v, description)
	case v.Nullable:
		return mapping(member{"description", description}, member{"anyOf", sequence(reference(name), mapping(member{"type", "null"}))})
	case description != "": // beside a reference, draft-07 ignores it
		return mapping(member{"description", description}, member{"allOf", sequence(reference(name))})
	}
	return reference(name)
}

func reference(name string) *yaml.Node {
	return mapping(member{"$ref", "#/components/schemas/" + name})
}

// define describes a value without using the name of its type.
func (b *book) define(v shape.Value, description string) *yaml.Node {
	members := []member{{"description", description}}
	if kind := b.typeOf(v); kind != "" {
		if v.Nullable {
			members = append(members, member{"type", texts(kind, "null")})
		} else {
			members = append(members, member{"type", kind})
		}
	}
	return mapping(append(members, b.rest(v)...)...)
}

func (b *book) typeOf(v shape.Value) string {
	if v.Quoted {
		return "string"
	}
	switch v.Kind {
	case shape.Any:
		return ""
	case shape.Bool:
		return "boolean"
	case shape.Integer:
		return "integer"
	case shape.Number:
		return "number"
	case shape.Array:
		return "array"
	case shape.Map, shape.Object:
		return "object"
	}
	return "string"
}

// rest are the members beside the type.
func (b *book) rest(v shape.Value) []member {
	switch {
	case v.Quoted && v.Kind == shape.Integer:
		return []member{{"pattern", "^-?[0-9]+$"}}
	case v.Quoted:
		return nil
	}
	switch v.Kind {
	case shape.Integer:
		return integer(v.Type)
	case shape.Text:
		if v.Type == reflect.TypeFor[time.Time]() {
			return []member{{"format", "date-time"}}
		}
	case shape.Bytes:
		return []member{{"contentEncoding", "base64"}}
	case shape.String:
		if len(v.Enum) > 0 {
			values := texts(v.Enum...)
			if v.Nullable {
				values.Content = append(values.Content, null())
			}
			return []member{{"enum", values}}
		}
	case shape.Array:
		members := []member{{"items", b.schema(v.Elem, "")}}
		if v.Length >= 0 {
			members = append(members, member{"minItems", v.Length}, member{"maxItems", v.Length})
		}
		return members
	case shape.Map:
		members := []member{{"additionalProperties", b.schema(v.Elem, "")}}
		if v.Type.Key().Kind() != reflect.String {
			members = append([]member{{"propertyNames", mapKeys(v.Type.Key())}}, members...)
		}
		return members
	case shape.Object:
		return b.object(v)
	}
	return nil
}

// mapKeys describes the names of a map's members: integers, or what a type of
// its own reads.
func mapKeys(t reflect.Type) *yaml.Node {
	if shape.Of(t).Kind == shape.Integer {
		return mapping(member{"pattern", "^-?[0-9]+$"})
	}
	return mapping(member{"type", "string"})
}

func (b *book) object(v shape.Value) []member {
	var properties []member
	var required []string
	for _, field := range v.Fields {
		properties = append(properties, member{field.Name, b.schema(field.Value, b.ofField(field))})
		if !field.Optional {
			required = append(required, field.Name)
		}
	}
	members := []member{{"required", texts(required...)}}
	if len(properties) > 0 {
		members = append([]member{{"properties", mapping(properties...)}}, members...)
	}
	return members
}

// integer tells the range of a Go type; one of 64 bits has a format, since its
// limits are beyond what JSON's readers agree on.
func integer(t reflect.Type) []member {
	switch bits := t.Bits(); {
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uintptr && bits == 64:
		return []member{{"format", "uint64"}, {"minimum", 0}}
	case t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uintptr:
		return []member{{"minimum", 0}, {"maximum", 1<<bits - 1}}
	case bits == 64:
		return []member{{"format", "int64"}}
	default:
		return []member{{"minimum", math.MinInt64 >> (64 - bits)}, {"maximum", 1<<(bits-1) - 1}}
	}
}
