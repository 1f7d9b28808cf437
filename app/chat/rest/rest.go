// Package rest offers the chat over HTTP: what a page reads before its socket
// stands, and the few writes that must not wait for one.
package rest

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/chat"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/web"
)

// Rest answers the routes of the chat. Who returns the id of the person whom the
// middleware in front has let through.
type Rest struct {
	Chat *chat.Service
	Who  func(echo.Context) string
}

// Route adds one route for one or more methods.
type Route func(path string, handlers map[string]echo.HandlerFunc)

// Routes lists every route of the chat.
func (r Rest) Routes(add Route) {
	add("/api/rooms", get(web.Call(r.Who, nothing, r.Chat.MyRooms)))
	add("/api/rooms/public", get(web.Call(r.Who, browse, r.Chat.BrowseRooms)))
	add("/api/rooms/:id", get(web.Call(r.Who, room, r.Chat.Room)))
	add("/api/rooms/:id/members", get(web.Call(r.Who, members, r.Chat.Members)))
	add("/api/rooms/:id/messages", map[string]echo.HandlerFunc{
		"GET": web.Call(r.Who, history, r.Chat.History), "POST": web.Call(r.Who, send, r.Chat.Send),
	})
	add("/api/rooms/:id/changes", get(web.Call(r.Who, changes, r.Chat.Sync)))
	add("/api/rooms/:id/read", map[string]echo.HandlerFunc{"PUT": web.Call(r.Who, read, r.Chat.MarkRead)})
	add("/api/people", get(web.Call(r.Who, people, r.Chat.PeopleLike)))
	add("/api/people/:id", get(web.Call(r.Who, person, r.Chat.Person)))
	add("/api/profile", map[string]echo.HandlerFunc{
		"GET": web.Call(r.Who, nothing, r.Chat.Me), "PATCH": web.Call(r.Who, web.Body[wire.Profile], r.Chat.SetProfile),
	})
	add("/api/announcements/latest", get(web.Call(r.Who, nothing, r.latest)))
}

func get(handler echo.HandlerFunc) map[string]echo.HandlerFunc {
	return map[string]echo.HandlerFunc{"GET": handler}
}

func (r Rest) latest(ctx context.Context, userID string, _ wire.Nothing) (wire.LatestAnnouncement, error) {
	found, err := r.Chat.Latest(ctx, userID)
	return wire.LatestAnnouncement{Announcement: found}, err
}
