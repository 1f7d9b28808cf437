// Package wire holds everything of the chat that travels between server and
// browser: what clients send, what they are answered, and the events of the
// channels. docs/chat-api.md says which method takes which.
//
// A room counts twice. Its messages have numbers, 1, 2, 3, without gaps, so that
// a page knows whether there is more and unread ones can be counted by
// subtraction. Its events have a seq, 1, 2, 3, so that a client which sees one
// missing knows it and asks room.sync for what has changed. A message carries
// the seq of its latest change as rev.
//
// Times are RFC 3339 in UTC, with milliseconds. Ids are opaque. Fields that are
// not known are ignored, so that either side may be newer.
package wire
