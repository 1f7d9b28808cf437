package admin

import (
	"net/http"
	"reflect"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/realtime/gen"
)

// Contract describes what the routes of administrators answer. by are the ways
// to say who asks.
func Contract(by ...string) []gen.Route {
	routes := []gen.Route{
		{Method: http.MethodGet, Path: "/api/admin/users", Name: "listUsers", Summary: "Accounts by username, paged by after.",
			Query: reflect.TypeFor[wire.UsersQuery](), Answers: ok[wire.Accounts]()},
		{Method: http.MethodPut, Path: "/api/admin/users/{id}/role", Name: "setRole", Summary: "Gives an account another role.",
			Takes: reflect.TypeFor[wire.NewRole](), Answers: ok[wire.Account]()},
		{Method: http.MethodPut, Path: "/api/admin/users/{id}/disabled", Name: "setDisabled", Summary: "Keeps an account out, or lets it in again.",
			Takes: reflect.TypeFor[wire.KeptOut](), Answers: ok[wire.Account]()},
		{Method: http.MethodGet, Path: "/api/admin/users/{id}/sessions", Name: "listSessionsOf", Summary: "The open sessions of an account.",
			Answers: ok[wire.Sessions]()},
		{Method: http.MethodDelete, Path: "/api/admin/users/{id}/sessions", Name: "revokeSessions", Summary: "Ends all sessions of an account.",
			Answers: ok[wire.Ended]()},
		{Method: http.MethodDelete, Path: "/api/admin/users/{id}/sessions/{session}", Name: "revokeSession", Summary: "Ends one session of an account.",
			Answers: ok[wire.Ended]()},
		{Method: http.MethodGet, Path: "/api/admin/connections", Name: "listConnections", Summary: "Open connections, the oldest first.",
			Query: reflect.TypeFor[wire.ConnectionsQuery](), Answers: ok[wire.Connections]()},
		{Method: http.MethodDelete, Path: "/api/admin/connections/{client}", Name: "endConnection", Summary: "Ends one connection, which may come back.",
			Answers: ok[wire.Ended]()},
		{Method: http.MethodGet, Path: "/api/admin/stats", Name: "readStats", Summary: "Counters since the server started.", Answers: ok[wire.Stats]()},
		{Method: http.MethodGet, Path: "/api/admin/audit", Name: "readAudit", Summary: "The audit log, the newest entry first.",
			Query: reflect.TypeFor[wire.AuditQuery](), Answers: ok[wire.Audit]()},
		{Method: http.MethodGet, Path: "/api/admin/invitations", Name: "listInvitations", Summary: "Invitations that can still be used.",
			Answers: ok[wire.Invitations]()},
		{Method: http.MethodPost, Path: "/api/admin/invitations", Name: "invite", Summary: "Makes an invitation. Its link is in this answer alone.",
			Takes: reflect.TypeFor[wire.Invite](), Answers: ok[wire.Invitation]()},
		{Method: http.MethodDelete, Path: "/api/admin/invitations/{id}", Name: "endInvitation", Summary: "Takes an invitation back.",
			Answers: ok[wire.Nothing]()},
	}
	for i := range routes {
		routes[i].By = by
	}
	return routes
}

func ok[T any]() []gen.Answer { return []gen.Answer{gen.JSON[T](http.StatusOK, "")} }
