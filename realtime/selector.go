package realtime

import "github.com/yodelrt/yodel/realtime/internal/conns"

// find returns the selected connections.
func (h *Hub) find(by Selector) []*Conn { return hubConns(h.conns.Find(by)) }

func hubConns(links []*conns.Conn) []*Conn {
	found := make([]*Conn, len(links))
	for i, link := range links {
		found[i] = connOf(&link.Socket)
	}
	return found
}
