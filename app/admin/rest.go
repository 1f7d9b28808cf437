package admin

import (
	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/web"
)

// Only lets administrators through; for everybody else the route does not exist.
func (a *Admin) Only(who func(echo.Context) string) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			err := a.May(c.Request().Context(), who(c))
			if Refused(err) {
				return echo.ErrNotFound
			}
			if err != nil {
				return err
			}
			return next(c)
		}
	}
}

// Routes lists every route of administrators; mount them behind [Admin.Only].
func (a *Admin) Routes(who func(echo.Context) string, add func(path string, handlers map[string]echo.HandlerFunc)) {
	add("/api/admin/users", one("GET", web.Call(who, usersQuery, a.Users)))
	add("/api/admin/users/:id/role", one("PUT", web.Call(who, roleOf, a.SetRole)))
	add("/api/admin/users/:id/disabled", one("PUT", web.Call(who, disabledOf, a.SetDisabled)))
	add("/api/admin/users/:id/sessions", map[string]echo.HandlerFunc{
		"GET": web.Call(who, userRef, a.SessionsOf), "DELETE": web.Call(who, allSessions, a.Revoke),
	})
	add("/api/admin/users/:id/sessions/:session", one("DELETE", web.Call(who, oneSession, a.Revoke)))
	add("/api/admin/connections", one("GET", web.Call(who, connectionsQuery, a.Connections)))
	add("/api/admin/connections/:client", one("DELETE", web.Call(who, connectionRef, a.Disconnect)))
	add("/api/admin/stats", one("GET", web.Call(who, nothing, a.Stats)))
	add("/api/admin/audit", one("GET", web.Call(who, auditQuery, a.ReadAudit)))
	add("/api/admin/invitations", map[string]echo.HandlerFunc{
		"GET": web.Call(who, nothing, a.OpenInvitations), "POST": web.Call(who, web.Body[wire.Invite], a.Invite),
	})
	add("/api/admin/invitations/:id", one("DELETE", web.Call(who, invitationRef, a.EndInvitation)))
}

func one(method string, handler echo.HandlerFunc) map[string]echo.HandlerFunc {
	return map[string]echo.HandlerFunc{method: handler}
}

func nothing(echo.Context) (wire.Nothing, error) { return wire.Nothing{}, nil }

func userRef(c echo.Context) (wire.UserRef, error) { return wire.UserRef{UserID: c.Param("id")}, nil }

func allSessions(c echo.Context) (wire.RevokeSessions, error) {
	return wire.RevokeSessions{UserID: c.Param("id")}, nil
}

func oneSession(c echo.Context) (wire.RevokeSessions, error) {
	in := wire.RevokeSessions{UserID: c.Param("id"), SessionID: c.Param("session")}
	if in.SessionID == "" { // that would be all
		return in, echo.ErrNotFound
	}
	return in, nil
}

func connectionRef(c echo.Context) (wire.Disconnect, error) {
	return wire.Disconnect{Client: c.Param("client")}, nil
}

func invitationRef(c echo.Context) (wire.InvitationRef, error) {
	return wire.InvitationRef{InvitationID: c.Param("id")}, nil
}

func roleOf(c echo.Context) (wire.SetRole, error) {
	in, err := web.Body[wire.NewRole](c)
	return wire.SetRole{UserID: c.Param("id"), Role: in.Role}, err
}

func disabledOf(c echo.Context) (wire.SetDisabled, error) {
	in, err := web.Body[wire.KeptOut](c)
	return wire.SetDisabled{UserID: c.Param("id"), Disabled: in.Disabled}, err
}

func usersQuery(c echo.Context) (wire.UsersQuery, error) {
	limit, err := web.Number(c, "limit")
	return wire.UsersQuery{Query: c.QueryParam("query"), After: c.QueryParam("after"), Limit: int(limit)}, err
}

func auditQuery(c echo.Context) (wire.AuditQuery, error) {
	limit, err := web.Number(c, "limit")
	return wire.AuditQuery{
		Before: c.QueryParam("before"), Query: c.QueryParam("query"), Action: c.QueryParam("action"), Limit: int(limit),
	}, err
}

func connectionsQuery(c echo.Context) (wire.ConnectionsQuery, error) {
	limit, err := web.Number(c, "limit")
	return wire.ConnectionsQuery{UserID: c.QueryParam("user_id"), After: c.QueryParam("after"), Limit: int(limit)}, err
}
