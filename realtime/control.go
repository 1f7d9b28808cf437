package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Control joins the hubs that share an engine. Its methods are safe for
// concurrent use.
type Control interface {
	// Join makes this node known to the others until leave is called, tells it
	// what they send, and returns its id and name. It fails when the engine is not
	// reached.
	Join(ctx context.Context, member Member) (self Node, leave func(), err error)
	// Send hands a message to every other node that is reached now; those of one
	// node stay in order. It never waits for them.
	Send(ctx context.Context, message []byte) error
	// Nodes returns the nodes that are alive, this one included.
	Nodes(ctx context.Context) ([]Node, error)
	// Reached is when the engine last confirmed to have stored something for
	// this node.
	Reached() time.Time
}

// Member is a hub, as its [Control] sees it.
type Member struct {
	// Self says how the hub stands; it is asked with each sign of life.
	Self func() Node
	// Receive takes a message that another node has sent, one at a time.
	Receive func(message []byte)
	// Missed says that messages may have been lost on the way here.
	Missed func()
}

// Node is one process that serves connections.
type Node struct {
	// ID is the engine's, new whenever the process starts, and Name the
	// operator's.
	ID, Name string
	// Started is when it joined and Seen its latest sign of life.
	Started, Seen time.Time
	// Connections are the active ones, Channels those with subscribers there.
	Connections, Channels int
}

// What nodes tell each other.
const (
	opSend       = "send"
	opBroadcast  = "broadcast"
	opDisconnect = "disconnect"
	opRejudge    = "rejudge"
	opAsk        = "ask"
	opAnswer     = "answer"
)

// controlVersion is the version of controlMessage. A node ignores others, so
// that two releases can run side by side.
const controlVersion = 1

// controlMessage is what one node tells the others: a line of JSON, then data as
// it is.
type controlMessage struct {
	Version int      `json:"v"`
	Op      string   `json:"op"`
	By      Selector `json:"by,omitzero"`
	Code    int      `json:"code,omitempty"`
	Reason  string   `json:"reason,omitempty"`
	Flush   bool     `json:"flush,omitempty"`
	Survey  string   `json:"survey,omitempty"`
	To      string   `json:"to,omitempty"` // the id of the node that has asked
	data    []byte
}

var errControl = errors.New("not a message of a node")

func (m controlMessage) encode() ([]byte, error) {
	m.Version = controlVersion
	head, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode for other nodes: %w", err)
	}
	return append(append(head, '\n'), m.data...), nil
}

// decodeControl reads what another node sent and refuses what none would send.
func decodeControl(message []byte) (controlMessage, error) {
	var m controlMessage
	head, data, _ := bytes.Cut(message, []byte("\n"))
	if err := json.Unmarshal(head, &m); err != nil {
		return m, fmt.Errorf("%w: %w", errControl, err)
	}
	m.data = data
	about := m.Survey != "" && m.To != ""
	if m.Version != controlVersion || (m.By.kind == selectNone && !about) {
		return m, errControl
	}
	switch m.Op {
	case opAsk, opAnswer:
		if !about || !json.Valid(data) {
			return m, errControl
		}
	case opSend, opBroadcast:
		if !json.Valid(data) || (m.Op == opSend) != (m.By.kind == selectUser) {
			return m, errControl
		}
	case opDisconnect:
		if !m.close().valid() {
			return m, errControl
		}
	case opRejudge:
	default:
		return m, errControl
	}
	return m, nil
}

func (m controlMessage) close() Close { return Close{m.Code, m.Reason, m.Flush} }

// valid reports whether a close from elsewhere can be told to a peer.
func (c Close) valid() bool {
	code := c.Code == CloseNormal.Code || c.Code == 1007 || c.Code == 1009 || (c.Code > 3000 && c.Code < 5000)
	return code && c.Reason != "" && len(c.Reason) <= 123 && utf8.ValidString(c.Reason) && !json.Valid([]byte(c.Reason))
}

// tell sends a message to the other nodes.
func (n *node) tell(ctx context.Context, m controlMessage) error {
	if n == nil || (m.Survey == "" && m.By.id == "" && m.By.kind != selectAll) {
		return nil
	}
	encoded, err := m.encode()
	if err != nil {
		return err
	}
	if err := n.control.Send(ctx, encoded); err != nil {
		return fmt.Errorf("tell other nodes: %w", err)
	}
	return nil
}

// receive carries out what another node has sent. What none would send is
// ignored, counted and logged.
func (n *node) receive(message []byte) {
	m, err := decodeControl(message)
	if err != nil {
		n.ignored.Add(1)
		n.hub.config.Logger.Warn("a control message was ignored", "bytes", len(message), "error", err)
		return
	}
	switch m.Op {
	case opSend:
		_, err = n.hub.sendHere(m.By.id, m.data)
	case opBroadcast:
		_, err = n.hub.broadcastHere(m.data)
	case opDisconnect:
		n.hub.disconnectHere(m.By, m.close())
	case opRejudge:
		n.later(func(ctx context.Context) { n.hub.rejudgeHere(ctx, m.By) })
	case opAsk:
		n.later(func(ctx context.Context) { n.reply(ctx, m) })
	case opAnswer:
		err = n.hear(m)
	}
	if err != nil && !errors.Is(err, ErrClosed) {
		n.hub.config.Logger.Error("a message of another node was not passed on", "error", err)
	}
}

// rejudge has every other node ask again. One that is not reached asks when it
// is back.
func (n *node) rejudge(ctx context.Context, by Selector) {
	if err := n.tell(ctx, controlMessage{Op: opRejudge, By: by}); err != nil {
		n.hub.config.Logger.Error("other nodes were not told to ask again; those that are cut off do when they are back", "error", err)
	}
}
