package node

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/yodelrt/yodel/realtime/cluster"
	"github.com/yodelrt/yodel/realtime/internal/transport"
)

// What nodes tell each other.
const (
	opSend       = "send"
	opBroadcast  = "broadcast"
	opDisconnect = "disconnect"
	opRejudge    = "rejudge"
	opAsk        = "ask"
	opAnswer     = "answer"
)

// version is that of message. A node ignores others, so that two releases can
// run side by side.
const version = 1

// message is what one node tells the others: a line of JSON, then data as it is.
type message struct {
	Version int              `json:"v"`
	Op      string           `json:"op"`
	By      cluster.Selector `json:"by,omitzero"`
	Code    int              `json:"code,omitempty"`
	Reason  string           `json:"reason,omitempty"`
	Flush   bool             `json:"flush,omitempty"`
	Query   string           `json:"survey,omitempty"` // the id of a query that is asked or answered
	To      string           `json:"to,omitempty"`     // the id of the node that has asked
	data    []byte
}

var errMessage = errors.New("not a message of a node")

func (m message) encode() ([]byte, error) {
	m.Version = version
	head, err := json.Marshal(m)
	if err != nil {
		return nil, fmt.Errorf("encode for other nodes: %w", err)
	}
	return append(append(head, '\n'), m.data...), nil
}

// decode reads what another node sent and refuses what none would send.
func decode(sent []byte) (message, error) {
	var m message
	head, data, _ := bytes.Cut(sent, []byte("\n"))
	if err := json.Unmarshal(head, &m); err != nil {
		return m, fmt.Errorf("%w: %w", errMessage, err)
	}
	m.data = data
	about := m.Query != "" && m.To != ""
	if m.Version != version || (m.By.Kind() == cluster.KindNone && !about) {
		return m, errMessage
	}
	switch m.Op {
	case opAsk, opAnswer:
		if !about || !json.Valid(data) {
			return m, errMessage
		}
	case opSend, opBroadcast:
		if !json.Valid(data) || (m.Op == opBroadcast) != (m.By.Kind() == cluster.KindAll) {
			return m, errMessage
		}
	case opDisconnect:
		if m.end().Problem() != "" {
			return m, errMessage
		}
	case opRejudge:
	default:
		return m, errMessage
	}
	return m, nil
}

func (m message) end() End {
	return End{By: m.By, Close: transport.Close{Code: m.Code, Reason: m.Reason, Flush: m.Flush}}
}
