package gen

import (
	"bytes"
	"fmt"
	"strconv"

	"go.yaml.in/yaml/v4"
)

const yamlHeader = "Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT."

// member is one entry of a mapping whose order is kept.
type member struct {
	key   string
	value any
}

// mapping builds a YAML mapping. Members without a value are left out: nil, an
// empty string, and an empty list.
func mapping(members ...member) *yaml.Node {
	node := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, one := range members {
		if value := nodeOf(one.value); value != nil {
			node.Content = append(node.Content, text(one.key), value)
		}
	}
	return node
}

func sequence(items ...*yaml.Node) *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: items}
}

// emptySequence is a list that is written although it is empty.
func emptySequence() *yaml.Node {
	return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
}

func texts(of ...string) *yaml.Node {
	items := make([]*yaml.Node, len(of))
	for i, one := range of {
		items[i] = text(one)
	}
	return sequence(items...)
}

func text(of string) *yaml.Node {
	node := &yaml.Node{}
	node.SetString(of)
	return node
}

func nodeOf(value any) *yaml.Node {
	switch value := value.(type) {
	case nil:
		return nil
	case *yaml.Node:
		if value == nil || value.Kind == yaml.SequenceNode && len(value.Content) == 0 && value.Style != yaml.FlowStyle {
			return nil
		}
		return value
	case string:
		if value == "" {
			return nil
		}
		return text(value)
	case int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(value)}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(value)}
	}
	panic(fmt.Sprintf("gen: a %T is no part of a document", value)) // a mistake of this package
}

// null is a YAML null, which a member without a value is not.
func null() *yaml.Node { return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Value: "null"} }

// write encodes a document.
func write(document *yaml.Node) ([]byte, error) {
	document.HeadComment = yamlHeader
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(document); err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	if err := encoder.Close(); err != nil {
		return nil, fmt.Errorf("encode YAML: %w", err)
	}
	return out.Bytes(), nil
}
