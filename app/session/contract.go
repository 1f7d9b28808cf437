package session

import (
	"net/http"
	"reflect"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/realtime/gen"
	"github.com/yodelrt/yodel/realtime/shape"
)

// The ways to say who asks, as the written contract calls them.
const (
	BySession = "session"
	ByBearer  = "bearer"
	byRefresh = "refresh"
)

// Schemes describes them.
func Schemes() []gen.Scheme {
	cookies := NewCookies(true, "")
	return []gen.Scheme{
		{Name: BySession, Cookie: cookies.Access(), Description: "The access cookie. On plain loopback addresses its name is yodel_access; a port other than 443 or 80 follows, as in yodel_access_8080."},
		{Name: byRefresh, Cookie: cookies.refresh, Description: "The refresh cookie. On plain loopback addresses its name is yodel_refresh; a port other than 443 or 80 follows, as in yodel_refresh_8080."},
		{Name: ByBearer, Description: "An access token of POST /api/token (RFC 6750)."},
	}
}

// Routes describes what [Handlers] answer.
func Routes() []gen.Route {
	signedInBy := []string{BySession, ByBearer}
	entered := []gen.Answer{gen.JSON[signedIn](http.StatusOK, "Signed in. The cookies are set.")}
	return []gen.Route{
		{Method: http.MethodPost, Path: "/api/login", Name: "login", Summary: "Signs in.", Takes: reflect.TypeFor[loginRequest](), Answers: entered},
		{Method: http.MethodPost, Path: "/api/register", Name: "register", Summary: "Makes an account with an invitation, and signs in.",
			Takes: reflect.TypeFor[wire.Register](), Answers: entered},
		{Method: http.MethodPost, Path: "/api/refresh", Name: "refresh", Summary: "Changes the refresh cookie for new cookies.", By: []string{byRefresh}, Answers: entered},
		{Method: http.MethodPost, Path: "/api/logout", Name: "logout", Summary: "Ends this session and what it has open.", By: signedInBy,
			Answers: []gen.Answer{gen.Empty(http.StatusNoContent, "Signed out.")}},
		{Method: http.MethodPost, Path: "/api/password", Name: "changePassword", Summary: "Changes one's own password and signs every other device out.", By: signedInBy,
			Takes: reflect.TypeFor[passwordRequest](), Answers: entered},
		{Method: http.MethodPost, Path: "/api/token", Name: "issueToken", Summary: "Issues an access token of at most five minutes, for carriers that need it in hand.", By: signedInBy,
			Answers: []gen.Answer{gen.JSON[heldToken](http.StatusOK, "The token.")}},
		{Method: http.MethodGet, Path: "/api/me", Name: "me", Summary: "Tells who is signed in.", By: signedInBy,
			Answers: []gen.Answer{gen.JSON[user](http.StatusOK, "Who it is.")}},
		{Method: http.MethodGet, Path: "/api/sessions", Name: "listSessions", Summary: "Lists one's own open sessions.", By: signedInBy,
			Answers: []gen.Answer{gen.JSON[shape.List[device]](http.StatusOK, "The sessions.")}},
		{Method: http.MethodDelete, Path: "/api/sessions", Name: "endOtherSessions", Summary: "Signs every other device out.", By: signedInBy,
			Answers: []gen.Answer{gen.Empty(http.StatusNoContent, "They are signed out.")}},
		{Method: http.MethodDelete, Path: "/api/sessions/{id}", Name: "endSession", Summary: "Signs one device out.", By: signedInBy,
			Answers: []gen.Answer{gen.Empty(http.StatusNoContent, "It is signed out.")}},
	}
}
