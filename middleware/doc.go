// Package middleware lets an Echo application open its existing login to
// WebSockets: the echojwt.Config that guards the HTTP routes decides who may
// open a socket, however the token travels.
//
//	jwtConfig := echojwt.Config{SigningKey: key} // what the app has already
//	auth, err := middleware.New(middleware.Config{
//		JWT:      jwtConfig,
//		Carriers: []middleware.Carrier{middleware.Cookie("session"), middleware.Subprotocol()},
//		Origins:  []string{"https://app.example.com"},
//	})
//	e.GET("/ws", echo.WrapHandler(hub), auth.Upgrade())
//
// # The path of a credential
//
// A handshake goes through these steps in order, and the first that refuses ends
// it. Nothing is upgraded before the last.
//
//  1. Scrub. Tokens move out of URL, headers and cookies into a private place,
//     unread, so that no logger behind this point can see them.
//  2. Handshake. GET, Upgrade, version 13 and a key, or 405, 426 and 400.
//  3. Origin. Compared whole with Config.Origins, never with the Host: 403.
//  4. Room. Config.Admit may say that there is none: 429 or 503.
//  5. One credential. Header, query, subprotocol and ticket are explicit, and
//     there may be one of them: two are 400. Without any, the cookie counts.
//     A ticket is looked up and stands for the token of its mint.
//  6. Verdict. The app's echojwt.Config runs with that one token: its parser,
//     keys, claims, SuccessHandler and ErrorHandler. A refused token is 401
//     and never falls back to another.
//  7. Socket's own conditions. The token expires, and names a user.
//  8. The cookie that browsers add by themselves beside an explicit credential:
//     when it is valid it must name the same user, else 400.
//  9. Config.Check: signed out, disabled, stale are 401.
//  10. The ticket is used up, atomically: of all who try, one goes on.
//
// Then the next handler runs, with the [Principal] in the request's context. It
// may be any WebSocket handler for net/http; package realtime of this module is
// one, a bare melody another.
//
// # Which carrier where
//
//	browser, same site as the app     Cookie: nothing in reach of scripts
//	browser, another site             Ticket, or Subprotocol
//	native client, server             Header
//	client that can only set a URL    Ticket; else Query, with tokens of minutes
//	where a ticket alone shall not do TwoStep, by UpgradePending
//
// # Apps that look different
//
// An echo-jwt over the whole server is replaced by [Auth.Guard]. An app whose
// tokens are checked by a middleware of its own is plugged in by [Promote].
// [Strict] is a parser for HTTP routes and sockets alike that closes what
// echo-jwt's default leaves open. [Auth.CheckRoutes] finds a socket route that
// misses its guard before the first client does.
//
// # What the guard does not do
//
// It does not end sockets: expiry and sign-out of live connections are the
// business of the handler, which gets ExpiresAt, SessionID and TokenID for it.
// It cannot keep a reverse proxy in front of it from logging URLs.
package middleware
