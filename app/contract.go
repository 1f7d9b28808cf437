package app

import (
	"net/http"
	"reflect"
	"slices"

	"github.com/yodelrt/yodel/app/admin"
	"github.com/yodelrt/yodel/app/chat/rest"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/session"
	"github.com/yodelrt/yodel/middleware"
	"github.com/yodelrt/yodel/realtime/gen"
)

//go:generate go run ./cmd/yodel gen --dir ..

// Contract is what the application offers to its clients, in Go types. dir is
// where its sources are.
func (a *App) Contract(dir string) gen.Contract {
	return gen.Contract{
		Title: "Yodel", Version: "0.1.0", Description: "The reference application of Yodel.",
		Realtime: a.hub.Describe(),
		Also:     []reflect.Type{reflect.TypeFor[wire.Welcome](), reflect.TypeFor[wire.PresenceInfo]()},
		HTTP: slices.Concat(session.Routes(), []gen.Route{ticketRoute()},
			rest.Contract(session.BySession, session.ByBearer), admin.Contract(session.BySession, session.ByBearer)),
		Failure: reflect.TypeFor[middleware.Body](),
		Schemes: session.Schemes(),
		Dir:     dir,
	}
}

// ticketRoute describes what the guard answers.
func ticketRoute() gen.Route {
	return gen.Route{
		Method: http.MethodPost, Path: "/api/ws/ticket", Name: "issueTicket", Summary: "Mints a ticket that opens one socket.",
		By: []string{session.BySession, session.ByBearer}, Takes: reflect.TypeFor[middleware.TicketRequest](), Optional: true,
		Answers: []gen.Answer{gen.JSON[middleware.Minted](http.StatusOK, "The ticket.")},
	}
}

// contractFiles are where the contract is written to, below the sources.
var contractFiles = map[string]func(gen.Contract) ([]byte, error){
	"frontend/contract/realtime.gen.ts": gen.TypeScript,
	"frontend/contract/http.gen.ts":     gen.TypeScriptHTTP,
	"docs/reference/asyncapi.yaml":      gen.AsyncAPI,
	"docs/reference/openapi.yaml":       gen.OpenAPI,
}

// WriteContract writes the contract down below dir, where the sources are. With
// check it writes nothing and reports what it would change, as [gen.ErrDrift].
func (a *App) WriteContract(dir string, check bool) error {
	contract, files := a.Contract(dir), map[string][]byte{}
	for name, make := range contractFiles {
		data, err := make(contract)
		if err != nil {
			return err
		}
		files[name] = data
	}
	if check {
		return gen.Check(dir, files)
	}
	return gen.Write(dir, files)
}
