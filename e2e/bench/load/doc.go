// Package load is a crowd of WebSocket clients that costs little: one goroutine,
// one epoll, one buffer, no decoding. A server that is measured beside it, on the
// other core of a small machine, is not kept waiting by its clients.
package load
