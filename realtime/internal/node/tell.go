package node

import (
	"context"
	"errors"
	"fmt"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// tell sends a message to the other nodes.
func (n *Node) tell(ctx context.Context, m message) error {
	if n.Control == nil || (m.Query == "" && m.By.Empty()) {
		return nil
	}
	encoded, err := m.encode()
	if err != nil {
		return err
	}
	if err := n.Control.Send(ctx, encoded); err != nil {
		return fmt.Errorf("tell other nodes: %w", err)
	}
	return nil
}

// receive carries out what another node has sent. What none would send is
// ignored, counted and logged.
func (n *Node) receive(sent []byte) {
	m, err := decode(sent)
	if err != nil {
		n.ignored.Add(1)
		n.Log.Warn("a control message was ignored", "bytes", len(sent), "error", err)
		return
	}
	n.guarded(func() { n.carryOut(m) })
}

func (n *Node) carryOut(m message) {
	var err error
	switch m.Op {
	case opSend, opBroadcast:
		by := m.By
		if m.Op == opBroadcast {
			by = cluster.All()
		}
		err = n.Hub.Deliver(by, m.data)
	case opDisconnect:
		n.Hub.End(m.end())
	case opRejudge:
		n.run(func(ctx context.Context) { n.Hub.Rejudge(ctx, m.By) })
	case opAsk:
		n.run(func(ctx context.Context) { n.reply(ctx, m) })
	case opAnswer:
		err = n.answered(m)
	}
	if err != nil {
		n.Log.Error("a message of another node was not passed on", "error", err)
	}
}

// Deliver has every other node send a message to the selected connections.
func (n *Node) Deliver(ctx context.Context, by cluster.Selector, data []byte) error {
	op := opSend
	if by.Kind() == cluster.KindAll {
		op = opBroadcast
	}
	return n.tell(ctx, message{Op: op, By: by, data: data})
}

// Rejudge has every node ask again, this one last, and returns how many
// connections this one has ended. A node that is not reached asks when it is back.
func (n *Node) Rejudge(ctx context.Context, by cluster.Selector) int {
	if err := n.tell(ctx, message{Op: opRejudge, By: by}); err != nil {
		n.Log.Error("other nodes were not told to ask again; those that are cut off do when they are back", "error", err)
	}
	return n.Hub.Rejudge(ctx, by)
}

// End ends connections on every node, this one last, and returns how many there
// were on this one. An end for good is stored before that, and stored later where
// that fails. An error means that other nodes may not know of it yet.
func (n *Node) End(ctx context.Context, e End, forGood bool) (int, error) {
	var err error
	if forGood {
		err = n.store(ctx, e)
	}
	// What is stored is told as well: whoever is reached now need not wait.
	told := n.tell(ctx, message{Op: opDisconnect, By: e.By, Code: e.Code, Reason: e.Reason, Flush: e.Flush})
	return n.Hub.End(e), errors.Join(err, told)
}
