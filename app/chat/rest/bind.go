package rest

import (
	"errors"

	"github.com/labstack/echo/v4"

	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/web"
)

func nothing(echo.Context) (wire.Nothing, error) { return wire.Nothing{}, nil }

func room(c echo.Context) (wire.RoomRef, error) { return wire.RoomRef{RoomID: c.Param("id")}, nil }

func person(c echo.Context) (wire.PersonQuery, error) {
	return wire.PersonQuery{UserID: c.Param("id")}, nil
}

func browse(c echo.Context) (wire.BrowseRooms, error) {
	limit, err := web.Number(c, "limit")
	return wire.BrowseRooms{Query: c.QueryParam("query"), After: c.QueryParam("after"), Limit: int(limit)}, err
}

func people(c echo.Context) (wire.PeopleQuery, error) {
	limit, err := web.Number(c, "limit")
	return wire.PeopleQuery{Query: c.QueryParam("query"), After: c.QueryParam("after"), Limit: int(limit)}, err
}

func members(c echo.Context) (wire.MembersQuery, error) {
	limit, err := web.Number(c, "limit")
	return wire.MembersQuery{RoomID: c.Param("id"), After: c.QueryParam("after"), Limit: int(limit)}, err
}

func history(c echo.Context) (wire.HistoryQuery, error) {
	before, err1 := web.Number(c, "before")
	after, err2 := web.Number(c, "after")
	around, err3 := web.Number(c, "around")
	limit, err4 := web.Number(c, "limit")
	return wire.HistoryQuery{
		RoomID: c.Param("id"), Before: before, After: after, Around: around, AroundID: c.QueryParam("around_id"), Limit: int(limit),
	}, errors.Join(err1, err2, err3, err4)
}

func changes(c echo.Context) (wire.SyncQuery, error) {
	since, err1 := web.Number(c, "since")
	limit, err2 := web.Number(c, "limit")
	return wire.SyncQuery{RoomID: c.Param("id"), Since: since, Limit: int(limit)}, errors.Join(err1, err2)
}

func send(c echo.Context) (wire.SendMessage, error) {
	in, err := web.Body[wire.NewMessage](c)
	return wire.SendMessage{RoomID: c.Param("id"), Key: in.Key, Text: in.Text}, err
}

func read(c echo.Context) (wire.MarkRead, error) {
	in, err := web.Body[wire.ReadTo](c)
	return wire.MarkRead{RoomID: c.Param("id"), Number: in.Number}, err
}
