package node

import (
	"sync"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// queries are those that wait for answers. Safe for concurrent use.
type queries struct {
	mu      sync.Mutex
	waiting map[string]chan cluster.NodeInfo // by the query's id
}

func (q *queries) open(id string, answers int) <-chan cluster.NodeInfo {
	inbox := make(chan cluster.NodeInfo, answers)
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.waiting == nil {
		q.waiting = map[string]chan cluster.NodeInfo{}
	}
	q.waiting[id] = inbox
	return inbox
}

func (q *queries) end(id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	delete(q.waiting, id)
}

// answer hands an answer to whoever waits for it. One too many is dropped.
func (q *queries) answer(id string, info cluster.NodeInfo) {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case q.waiting[id] <- info: // a nil channel for a query that has ended
	default:
	}
}
