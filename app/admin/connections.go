package admin

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat/wire"
	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/cluster"
)

// Connections lists what is open on the hubs of all nodes.
func (a *Admin) Connections(ctx context.Context, _ string, in wire.ConnectionsQuery) (wire.Connections, error) {
	after, err := cursorOf(in.After)
	if err != nil {
		return wire.Connections{}, err
	}
	limit := limitOf(in.Limit, 100, 200)
	query := cluster.InfoQuery{By: realtime.All(), Connections: limit, After: after}
	if in.UserID != "" {
		query.By = realtime.ByUser(in.UserID)
	}
	found, missing := a.clusterInfo(ctx, query)
	states, more := found.Connections(limit)
	out := wire.Connections{Connections: []wire.Connection{}, Total: found.Selected(), Missing: missing}
	names, nodes := map[string]string{}, nodeNames(found)
	for _, state := range states {
		one, err := a.connection(ctx, state, names)
		if err != nil {
			return wire.Connections{}, err
		}
		one.Node = nodes[state.Node]
		out.Connections = append(out.Connections, one)
		if more {
			out.Next = textOf(state.Cursor())
		}
	}
	return out, nil
}

// textOf and cursorOf write and read the place of a connection in the list.
func textOf(m cluster.Cursor) string {
	return strconv.FormatInt(m.Since.UnixNano(), 10) + "." + m.Client
}

func cursorOf(text string) (cluster.Cursor, error) {
	if text == "" {
		return cluster.Cursor{}, nil
	}
	since, client, ok := strings.Cut(text, ".")
	nanoseconds, err := strconv.ParseInt(since, 10, 64)
	if !ok || err != nil {
		return cluster.Cursor{}, refusal.Invalid.Say("The next page begins after what the page before calls next.")
	}
	return cluster.Cursor{Since: time.Unix(0, nanoseconds), Client: client}, nil
}

func (a *Admin) connection(ctx context.Context, state cluster.ConnState, names map[string]string) (wire.Connection, error) {
	if _, known := names[state.User]; !known && state.User != "" {
		who, err := a.target(ctx, state.User)
		if err != nil {
			return wire.Connection{}, err
		}
		names[state.User] = who.Username
	}
	device, _, err := a.Store.SessionFacts(ctx, state.Session)
	if state.Channels == nil {
		state.Channels = []string{}
	}
	return wire.Connection{
		Client: state.Client, UserID: state.User, Username: names[state.User], SessionID: state.Session, Device: device, Address: state.Address,
		Carrier: state.Carrier, Since: state.Since.UTC(), Channels: state.Channels, QueueBytes: state.QueueBytes,
		RoundTripMS: float64(state.RoundTrip.Microseconds()) / 1000,
	}, err
}

// Disconnect ends one connection, or all of a user.
func (a *Admin) Disconnect(ctx context.Context, userID string, in wire.Disconnect) (wire.Ended, error) {
	if (in.Client == "") == (in.UserID == "") {
		return wire.Ended{}, refusal.Invalid.Say("Name one connection or one user.")
	}
	target, count := in.UserID, 0
	if in.Client != "" {
		if target = a.Actions.EndConnection(ctx, in.Client); target != "" {
			count = 1
		}
	} else {
		count = a.Actions.EndConnections(ctx, in.UserID)
	}
	if count > 0 {
		a.Audit.Record(ctx, audit.Entry{Action: audit.ConnectionsEnded, ActorID: userID, TargetID: target, Detail: strconv.Itoa(count)})
	}
	return wire.Ended{Count: count}, nil
}
