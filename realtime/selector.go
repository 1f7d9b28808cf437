package realtime

import "github.com/yodelrt/yodel/realtime/internal/conns"

// keyOf is what a selector looks for among the connections.
func keyOf(s Selector) conns.Key {
	return conns.Key{Kind: kinds[s.kind], ID: s.id, Epoch: s.epoch}
}

var kinds = map[selectorKind]conns.Kind{
	selectUser: conns.ByUser, selectUserBefore: conns.ByUserBefore, selectSession: conns.BySession, selectToken: conns.ByToken,
	selectClient: conns.ByClient, selectAll: conns.All,
}

// find returns the selected connections.
func (h *Hub) find(by Selector) []*Conn { return hubConns(h.conns.Find(keyOf(by))) }

func hubConns(links []*conns.Conn) []*Conn {
	found := make([]*Conn, len(links))
	for i, link := range links {
		found[i] = connOf(&link.Socket)
	}
	return found
}
