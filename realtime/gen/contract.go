package gen

import (
	"errors"
	"fmt"
	"reflect"

	"github.com/yodelrt/yodel/realtime/contract"
	"github.com/yodelrt/yodel/realtime/shape"
)

// ErrContract says that a contract can't be written down; the text names the
// type or route and what to do.
var ErrContract = errors.New("contract")

// Contract is what there is to write down.
type Contract struct {
	// Title, Version and Description head the documents. Title and Version are
	// required there.
	Title, Version, Description string
	// Realtime is what a hub tells of itself: [realtime.Hub.Describe].
	Realtime contract.Description
	// Also are types that travel over the sockets in other places, such as the
	// data of the answer to connect and the info of a presence. They are
	// declared beside the others.
	Also []reflect.Type
	// HTTP are the routes beside it, in the order in which they are written.
	HTTP []Route
	// Failure is the body of every answer with a status of 400 and more, nil
	// for none.
	Failure reflect.Type
	// Schemes are the ways to say who asks that routes name.
	Schemes []Scheme
	// Dir is a directory of the module whose packages' comments come along; it
	// needs the sources and the go command. Empty leaves comments out, and so
	// do types of package main.
	Dir string
}

// book knows the names and comments of all types of one document.
type book struct {
	names    map[reflect.Type]string
	named    []*shape.Shape // in the order of their names
	comments map[reflect.Type]comment
}

// open collects the types that are reachable from these.
func (c Contract) open(roots []reflect.Type) (*book, error) {
	all := map[reflect.Type]*shape.Shape{}
	for _, root := range roots {
		if root == nil {
			continue
		}
		value := shape.Of(root)
		if problem := value.Problem(); problem != "" {
			return nil, fmt.Errorf("%w: %s: %s", ErrContract, root, problem)
		}
		collect(value, map[*shape.Shape]bool{}, all)
	}
	b := &book{}
	if err := b.name(all); err != nil {
		return nil, err
	}
	if c.Dir == "" {
		return b, nil
	}
	var err error
	b.comments, err = readComments(c.Dir, all)
	return b, err
}

// collect finds every struct, and every other type that has a name of its own.
func collect(value shape.Value, seen map[*shape.Shape]bool, to map[reflect.Type]*shape.Shape) {
	if seen[value.Shape] {
		return
	}
	seen[value.Shape] = true
	switch value.Kind {
	case shape.Object, shape.Array, shape.Map:
		to[value.Type] = value.Shape
	case shape.String:
		if len(value.Enum) > 0 {
			to[value.Type] = value.Shape
		}
	}
	if value.Elem.Shape != nil {
		collect(value.Elem, seen, to)
	}
	for _, field := range value.Fields {
		collect(field.Value, seen, to)
	}
}

// realtimeRoots are the types that flow over sockets.
func (c Contract) realtimeRoots() []reflect.Type {
	var roots []reflect.Type
	for _, method := range c.Realtime.Methods {
		roots = append(roots, method.In, method.Out)
	}
	for _, channel := range c.Realtime.Channels {
		for _, event := range channel.Events {
			roots = append(roots, event.Type)
		}
	}
	for _, message := range c.Realtime.Messages {
		roots = append(roots, message.Type)
	}
	return append(roots, c.Also...)
}
