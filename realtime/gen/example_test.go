package gen_test

import (
	"context"
	"fmt"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/gen"
	"github.com/yodelrt/yodel/realtime/memory"
)

type Sent struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

func (Sent) EventType() string { return "sent" }

type Erased struct {
	ID string `json:"id"`
}

func (Erased) EventType() string { return "erased" }

type Send struct {
	Text string   `json:"text"`
	Tags []string `json:"tags,omitempty"`
}

// The types that are declared once in Go become what a front end imports.
func ExampleTypeScript() {
	hub, err := realtime.New(realtime.Config{
		Principal: func(context.Context) (realtime.Principal, bool) { return realtime.Principal{}, false },
		Engine:    memory.New(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := hub.Channel("room:{id}", realtime.ChannelOptions{}, realtime.WithEvent[Sent](), realtime.WithEvent[Erased]()); err != nil {
		fmt.Println(err)
		return
	}
	realtime.RPC(hub, "message.send", func(ctx context.Context, _ *realtime.Conn, in Send) (Sent, error) {
		sent := Sent{"7", in.Text}
		_, err := realtime.PublishEvent(ctx, hub, "room:1", sent)
		return sent, err
	})
	types, err := gen.TypeScript(gen.Contract{Realtime: hub.Describe()})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(types))
	// Output:
	// // Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT.
	//
	// /** An event with the tag that tells it from the others of its channel. */
	// export type Tagged<Type extends string, Fields> = { type: Type } & Fields;
	//
	// export interface Erased {
	// 	id: string;
	// }
	//
	// export interface Send {
	// 	text: string;
	// 	tags?: string[];
	// }
	//
	// export interface Sent {
	// 	id: string;
	// 	text: string;
	// }
	//
	// /** What flows over the socket: calls, events by the pattern of their channel, and messages outside of any. */
	// export interface YodelContract {
	// 	rpc: {
	// 		"message.send": { in: Send; out: Sent };
	// 	};
	// 	channels: {
	// 		"room:{id}":
	// 			| Tagged<"sent", Sent>
	// 			| Tagged<"erased", Erased>;
	// 	};
	// 	messages: unknown;
	// }
}

// The same for HTTP: routes are described by their Go types, beside the handlers.
func ExampleTypeScriptHTTP() {
	types, err := gen.TypeScriptHTTP(gen.Contract{HTTP: []gen.Route{
		{Method: "GET", Path: "/api/rooms/{id}/last", Name: "lastMessage", Answers: []gen.Answer{gen.JSON[Sent](200, "The last one.")}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(string(types))
	// Output:
	// // Code generated from Go types by github.com/yodelrt/yodel/realtime/gen. DO NOT EDIT.
	//
	// export interface Sent {
	// 	id: string;
	// 	text: string;
	// }
	//
	// /** The HTTP routes: the body that each takes, and what it answers. */
	// export interface YodelHttp {
	// 	"GET /api/rooms/{id}/last": { in: undefined; out: Sent; path: { id: string } };
	// }
}
