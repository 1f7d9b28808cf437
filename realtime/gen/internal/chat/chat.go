// Package chat is a small application whose contract the tests write down: every
// kind of Go type that JSON can be made of, once.
package chat

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"time"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/gen"
	"github.com/yodelrt/yodel/realtime/gen/internal/mail"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/shape"
)

// Role is what a person may do.
type Role string

// EnumValues implements the enum of package shape.
func (Role) EnumValues() []string { return []string{"member", "admin"} }

// Person is somebody. A comment with */ in it stays a comment.
type Person struct {
	Name string `json:"name"` // as they want it
	Role Role   `json:"role"`
	// Boss is null for nobody's subordinate.
	Boss *Person `json:"boss"`
}

// Stamp is embedded.
type Stamp struct {
	// At is when it happened.
	//
	// In UTC.
	At time.Time `json:"at"`
}

// Message is one that was sent.
type Message struct {
	Stamp
	ID     int64             `json:"id"`
	Serial uint64            `json:"serial,string"`
	From   Person            `json:"from"`
	Also   *Role             `json:"also"`
	Text   string            `json:"text"`
	Tags   []string          `json:"tags,omitempty"`
	Likes  map[string]uint8  `json:"likes"`
	Rows   map[int][]float64 `json:"rows,omitzero"`
	Thumb  []byte            `json:"thumb,omitempty"`
	Extra  json.RawMessage   `json:"extra,omitempty"`
	Place  [2]float64        `json:"place"`
	Quoted *Message          `json:"quoted,omitempty"`
	Reply  Thread            `json:"reply,omitempty"`
	Inline struct{ X int16 } `json:"in line"`
	Edited *time.Time        `json:"edited"`
}

// Thread is a list of lists.
type Thread []Thread

// EventType implements [realtime.Tagged].
func (Message) EventType() string { return "message.sent" }

// Erased says that a message is gone.
type Erased struct {
	ID int64 `json:"id"`
}

// EventType implements [realtime.Tagged].
func (Erased) EventType() string { return "message.erased" }

// Cleared says that all are.
type Cleared struct{}

// EventType implements [realtime.Tagged].
func (Cleared) EventType() string { return "cleared" }

// Page is some of many.
type Page[T any] struct {
	Items shape.List[T] `json:"items"`
	More  bool
}

// Typing says who writes.
type Typing struct {
	User string `json:"user"`
}

// Failure is how a route refuses.
type Failure struct {
	Error string `json:"error"`
}

// Contract is what this application has to write down; dir is where its module
// is, empty for no comments.
func Contract(dir string) (gen.Contract, error) {
	hub, err := realtime.New(realtime.Config{
		Principal: func(context.Context) (realtime.Principal, bool) { return realtime.Principal{}, false }, Engine: memory.New(),
	})
	if err != nil {
		return gen.Contract{}, err
	}
	for pattern, rules := range map[string][]realtime.ChannelRule{
		"room:{id}":        {realtime.WithEvent[Message](), realtime.WithEvent[Erased](), realtime.WithEvent[Cleared]()},
		"room:{id}:typing": {realtime.WithEvent[Typing](), realtime.AllowPublish(realtime.AllowAll)},
		"free":             nil,
	} {
		options := realtime.ChannelOptions{History: 10, HistoryTTL: time.Hour, Recover: true, Presence: true}
		if err := hub.Channel(pattern, options, rules...); err != nil {
			return gen.Contract{}, err
		}
	}
	if err := realtime.Message[mail.Message](hub); err != nil {
		return gen.Contract{}, err
	}
	call[Message, Message](hub, "message.send")
	call[struct{}, Page[Message]](hub, "message.list")
	call[[]Role, map[Role]bool](hub, "roles of/all")
	return gen.Contract{
		Title: "Chat", Version: "1.0.0", Description: "A small application.", Dir: dir,
		Realtime: hub.Describe(),
		HTTP: []gen.Route{
			{
				Method: http.MethodPost, Path: "/api/rooms/{room}", Name: "openRoom", Summary: "Opens a room.",
				Takes: reflect.TypeFor[Person](), Optional: true, By: []string{"session", "bearer"},
				Answers: []gen.Answer{gen.JSON[Page[Person]](http.StatusCreated, "It is open."), gen.Empty(http.StatusNoContent, "It was.")},
			},
			{Method: http.MethodGet, Path: "/api/rooms/{room}", Name: "room", Query: reflect.TypeFor[Search](), Answers: []gen.Answer{gen.JSON[[]Person](http.StatusOK, "")}},
		},
		Also:    []reflect.Type{reflect.TypeFor[Welcome]()},
		Failure: reflect.TypeFor[Failure](),
		Schemes: []gen.Scheme{{Name: "session", Cookie: "sid"}, {Name: "bearer", Description: "RFC 6750."}},
	}, nil
}

// Search narrows a list down.
type Search struct {
	// Name is part of one.
	Name string    `json:"name,omitempty"`
	From time.Time `json:"from"`
	Role Role      `json:"role,omitempty"`
}

// Welcome is what those who connect are told.
type Welcome struct {
	Online int `json:"online"`
}

func call[In, Out any](hub *realtime.Hub, method string) {
	realtime.RPC(hub, method, func(context.Context, *realtime.Conn, In) (out Out, err error) { return out, nil })
}
