package node

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/yodelrt/yodel/realtime/cluster"
)

const (
	answerTime  = 2 * time.Second // for the other nodes' answers
	answerBytes = 256 << 10       // of one answer on the engine
)

// Info asks every node, and waits for their answers until ctx ends, two seconds at
// most. An error says that the other nodes could not be asked; this one's answer is
// there all the same.
func (n *Node) Info(ctx context.Context, q cluster.InfoQuery) (cluster.Info, error) {
	all := cluster.Info{Nodes: []cluster.NodeInfo{n.here(q)}}
	if n.Control == nil {
		return all, nil
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	nodes, err := n.Control.Nodes(ctx)
	if err != nil {
		return all, fmt.Errorf("ask the cluster: %w", err)
	}
	self, waiting := all.Nodes[0].Node.ID, map[string]cluster.Node{}
	for _, one := range nodes {
		waiting[one.ID] = one
	}
	delete(waiting, self)
	if len(waiting) == 0 {
		return all, nil
	}
	id := rand.Text()
	answers := n.asked.open(id, len(waiting))
	defer n.asked.end(id)
	if err := n.ask(ctx, id, self, q); err != nil {
		return all, fmt.Errorf("ask the cluster: %w", err)
	}
	all.Nodes = append(all.Nodes, gather(ctx, answers, waiting)...)
	for _, one := range waiting {
		all.Silent = append(all.Silent, one)
	}
	byID := func(a, b cluster.Node) int { return strings.Compare(a.ID, b.ID) }
	slices.SortFunc(all.Nodes[1:], func(a, b cluster.NodeInfo) int { return byID(a.Node, b.Node) })
	slices.SortFunc(all.Silent, byID)
	return all, nil
}

// gather waits for answers, and takes those who answer out of waiting.
func gather(ctx context.Context, answers <-chan cluster.NodeInfo, waiting map[string]cluster.Node) (heard []cluster.NodeInfo) {
	for len(waiting) > 0 && ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case one := <-answers:
			if _, asked := waiting[one.Node.ID]; asked {
				delete(waiting, one.Node.ID)
				heard = append(heard, one)
			}
		}
	}
	return heard
}

// here is this node's answer.
func (n *Node) here(q cluster.InfoQuery) cluster.NodeInfo {
	info := n.Hub.Info(q)
	info.At, info.Node = time.Now(), n.self()
	for i := range info.Connections {
		info.Connections[i].Node = info.Node.ID
	}
	return info
}

// ask sends a query to the other nodes, which answer to that one.
func (n *Node) ask(ctx context.Context, id, self string, q cluster.InfoQuery) error {
	data, err := json.Marshal(q)
	if err != nil {
		return err
	}
	return n.tell(ctx, message{Op: opAsk, By: q.By, Query: id, To: self, data: data})
}

// reply answers another node's query. Whoever asks sees where that fails: it waits
// in vain.
func (n *Node) reply(ctx context.Context, m message) {
	var q cluster.InfoQuery
	err := json.Unmarshal(m.data, &q)
	if err == nil {
		q.By = m.By
		var data []byte
		if data, err = encodeInfo(n.here(q)); err == nil {
			err = n.tell(ctx, message{Op: opAnswer, Query: m.Query, To: m.To, data: data})
		}
	}
	if err != nil {
		n.Log.Error("another node's query was not answered", "error", err)
	}
}

// answered takes another node's answer to a query of this one.
func (n *Node) answered(m message) error {
	if self := n.identity.Load(); self == nil || m.To != self.ID {
		return nil
	}
	var info cluster.NodeInfo
	if err := json.Unmarshal(m.data, &info); err != nil {
		return fmt.Errorf("%w: an answer: %w", errMessage, err)
	}
	n.asked.answer(m.Query, info)
	return nil
}

// encodeInfo makes an answer that fits into one message: of long lists the end is
// left out.
func encodeInfo(info cluster.NodeInfo) ([]byte, error) {
	for {
		data, err := json.Marshal(info)
		if err != nil || len(data) <= answerBytes || len(info.Connections)+len(info.Channels) < 2 {
			return data, err
		}
		if half := len(info.Connections) / 2; half > 0 {
			info.Connections, info.More = info.Connections[:half], true
		}
		info.Channels = info.Channels[:len(info.Channels)/2]
	}
}
