package rest

import (
	"net/http"
	"reflect"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/realtime/gen"
)

// Contract describes what [Rest] answers. by are the ways to say who asks.
func Contract(by ...string) []gen.Route {
	routes := []gen.Route{
		{Method: http.MethodGet, Path: "/api/rooms", Name: "listRooms", Summary: "The rooms one is in, latest active first, with unread counts.",
			Answers: ok[wire.MyRooms]()},
		{Method: http.MethodGet, Path: "/api/rooms/public", Name: "browseRooms", Summary: "Public rooms by name, paged by next.",
			Query: reflect.TypeFor[wire.BrowseRooms](), Answers: ok[wire.PublicRooms]()},
		{Method: http.MethodGet, Path: "/api/rooms/{id}", Name: "getRoom", Summary: "One of the rooms one is in.", Answers: ok[wire.MyRoom]()},
		{Method: http.MethodGet, Path: "/api/rooms/{id}/members", Name: "listMembers", Summary: "The members of a room, paged by after.",
			Query: reflect.TypeFor[wire.MembersPage](), Answers: ok[wire.Members]()},
		{Method: http.MethodGet, Path: "/api/rooms/{id}/messages", Name: "readHistory", Summary: "A page of messages: the latest, or before, after or around one.",
			Query: reflect.TypeFor[wire.HistoryPage](), Answers: ok[wire.History]()},
		{Method: http.MethodPost, Path: "/api/rooms/{id}/messages", Name: "sendMessage", Summary: "Says something in a room, once for each key.",
			Takes: reflect.TypeFor[wire.NewMessage](), Answers: ok[wire.Message]()},
		{Method: http.MethodGet, Path: "/api/rooms/{id}/changes", Name: "syncRoom", Summary: "Messages that changed since an event.",
			Query: reflect.TypeFor[wire.ChangesPage](), Answers: ok[wire.Sync]()},
		{Method: http.MethodPut, Path: "/api/rooms/{id}/read", Name: "markRead", Summary: "Moves the read marker, never back.",
			Takes: reflect.TypeFor[wire.ReadTo](), Answers: ok[wire.Unread]()},
		{Method: http.MethodGet, Path: "/api/people", Name: "listPeople", Summary: "People by username and name, paged by after.",
			Query: reflect.TypeFor[wire.PeopleQuery](), Answers: ok[wire.People]()},
		{Method: http.MethodGet, Path: "/api/people/{id}", Name: "getPerson", Summary: "One person.", Answers: ok[wire.Person]()},
		{Method: http.MethodGet, Path: "/api/profile", Name: "getProfile", Summary: "Oneself.", Answers: ok[wire.Me]()},
		{Method: http.MethodPatch, Path: "/api/profile", Name: "setProfile", Summary: "Changes one's own name, status or colour.",
			Takes: reflect.TypeFor[wire.Profile](), Answers: ok[wire.Person]()},
		{Method: http.MethodGet, Path: "/api/announcements/latest", Name: "latestAnnouncement", Summary: "The latest announcement.",
			Answers: ok[wire.LatestAnnouncement]()},
	}
	for i := range routes {
		routes[i].By = by
	}
	return routes
}

func ok[T any]() []gen.Answer { return []gen.Answer{gen.JSON[T](http.StatusOK, "")} }
