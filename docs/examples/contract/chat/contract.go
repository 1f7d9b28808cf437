package chat

import (
	"context"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/gen"
)

// Written is the contract as files, by their names; dir is where the module is.
func Written(dir string) (map[string][]byte, error) {
	hub, err := New(func(context.Context) (realtime.Principal, bool) { return realtime.Principal{}, false })
	if err != nil {
		return nil, err
	}
	contract := gen.Contract{Title: "Chat", Version: "1.0.0", Realtime: hub.Describe(), Dir: dir}
	types, err := gen.TypeScript(contract)
	if err != nil {
		return nil, err
	}
	document, err := gen.AsyncAPI(contract)
	return map[string][]byte{"realtime.gen.ts": types, "asyncapi.yaml": document}, err
}
