package wire

import (
	"time"

	"github.com/yodelrt/yodel/realtime/shape"
)

// What administrators send and receive. Nobody else can tell these methods from
// ones that do not exist.
type (
	// UsersQuery asks for accounts by username, in its order.
	UsersQuery struct {
		// Query is part of a username or a name, empty for all.
		Query string `json:"query,omitempty"`
		// After is the last username of the page before.
		After string `json:"after,omitempty"`
		// Limit is 1 to 200, 0 for 50.
		Limit int `json:"limit,omitempty"`
	}
	// Account is one as administrators see it.
	Account struct {
		ID       string `json:"id"`
		Username string `json:"username"`
		Name     string `json:"name"`
		// Role is member, moderator or admin.
		Role      string    `json:"role"`
		Disabled  bool      `json:"disabled"`
		CreatedAt time.Time `json:"created_at"`
		// Connections is how many are open now.
		Connections int `json:"connections"`
	}
	// Accounts is one page of them.
	Accounts struct {
		Users shape.List[Account] `json:"users"`
		More  bool                `json:"more"`
	}
	// UserRef names an account.
	UserRef struct {
		UserID string `json:"user_id"`
	}
	// SetRole gives an account another role. What it has open ends with 3014 and
	// comes back with the new one.
	SetRole struct {
		UserID string `json:"user_id"`
		Role   string `json:"role"`
	}
	// SetDisabled keeps an account out, or lets it in again.
	SetDisabled struct {
		UserID   string `json:"user_id"`
		Disabled bool   `json:"disabled"`
	}
	// Session is one login of an account.
	Session struct {
		ID        string    `json:"id"`
		Device    string    `json:"device"`
		Address   string    `json:"address"`
		CreatedAt time.Time `json:"created_at"`
		SeenAt    time.Time `json:"seen_at"`
	}
	// Sessions are the open ones of an account, the latest seen first.
	Sessions struct {
		Sessions shape.List[Session] `json:"sessions"`
	}
	// RevokeSessions ends one login of an account, or all where SessionID is
	// empty. What they have open ends with 3503.
	RevokeSessions struct {
		UserID    string `json:"user_id"`
		SessionID string `json:"session_id,omitempty"`
	}
	// Ended is how many there were to end.
	Ended struct {
		Count int `json:"count"`
	}
	// ConnectionsQuery asks for open connections on all nodes, the oldest first.
	ConnectionsQuery struct {
		// UserID is whose, empty for everybody's.
		UserID string `json:"user_id,omitempty"`
		// After is the next of the page before, empty for the first page.
		After string `json:"after,omitempty"`
		// Limit is 1 to 200, 0 for 100.
		Limit int `json:"limit,omitempty"`
	}
	// Connection is one that is open.
	Connection struct {
		Client    string `json:"client"`
		UserID    string `json:"user_id"`
		Username  string `json:"username"`
		SessionID string `json:"session_id"`
		// Device is that of its session, Address where it comes from, and Node the
		// name of the one that it is connected to, empty where there is one alone.
		Device  string `json:"device"`
		Address string `json:"address"`
		Node    string `json:"node"`
		// Carrier is how its credential travelled: cookie, header, query,
		// subprotocol, ticket, two-step or first-message.
		Carrier string    `json:"carrier"`
		Since   time.Time `json:"since"`
		// Channels are those that it follows.
		Channels shape.List[string] `json:"channels"`
		// QueueBytes is what waits for it.
		QueueBytes int `json:"queue_bytes"`
		// RoundTripMS is that of its latest pong in milliseconds, 0 before the
		// first.
		RoundTripMS float64 `json:"round_trip_ms"`
	}
	// Connections is one page of them.
	Connections struct {
		Connections shape.List[Connection] `json:"connections"`
		// Total is how many there are.
		Total int `json:"total"`
		// Next leads to the next page, empty at the end.
		Next string `json:"next"`
		// Missing are the names of nodes that did not answer in time: what is
		// connected to them is neither listed nor counted.
		Missing shape.List[string] `json:"missing"`
	}
	// Disconnect ends one connection by its client id, or all of a user. Code
	// 3014 lets them come back at once, so this mends and does not punish;
	// disable the account or revoke its sessions to keep somebody out.
	Disconnect struct {
		Client string `json:"client,omitempty"`
		UserID string `json:"user_id,omitempty"`
	}
	// Channel is one that somebody follows.
	Channel struct {
		Name        string `json:"name"`
		Subscribers int    `json:"subscribers"`
		// Publications is how many have come since somebody follows it, PerSecond
		// how many a second in the last ten.
		Publications uint64  `json:"publications"`
		PerSecond    float64 `json:"per_second"`
	}
	// Node is one process that serves connections, with counters since it started.
	Node struct {
		ID          string `json:"id"`
		Name        string `json:"name"`
		Connections int    `json:"connections"`
		// Received and Sent count messages, Delivered publications that were written
		// to sockets.
		Received  uint64 `json:"received"`
		Sent      uint64 `json:"sent"`
		Delivered uint64 `json:"delivered"`
		// Channels is how many have subscribers there.
		Channels int `json:"channels"`
	}
	// Stats are the counters of all nodes since each of them started; a page draws
	// rates from two answers, node by node.
	Stats struct {
		// At is when they were read.
		At time.Time `json:"at"`
		// Connections is how many are open, Pending how many are not yet known.
		Connections int `json:"connections"`
		Pending     int `json:"pending"`
		// Opened counts sockets, Received and Sent messages in both directions.
		Opened   uint64 `json:"opened"`
		Received uint64 `json:"received"`
		Sent     uint64 `json:"sent"`
		// Closed counts sockets that ended, by close code.
		Closed map[string]uint64 `json:"closed"`
		// Owed, Delivered, Recoverable and Dropped are the ledger of publications.
		Owed        uint64 `json:"owed"`
		Delivered   uint64 `json:"delivered"`
		Recoverable uint64 `json:"recoverable"`
		Dropped     uint64 `json:"dropped"`
		// Refused counts what limits against floods refused, by limit, on the node
		// that answers.
		Refused map[string]uint64 `json:"refused"`
		// Channels are the 100 with the most publications a second, and Followed
		// how many there are; beyond 100 one that is followed on two nodes counts
		// twice.
		Channels shape.List[Channel] `json:"channels"`
		Followed int                 `json:"followed"`
		// Nodes are those that answered, the one that was asked first, and Missing
		// the names of the others.
		Nodes   shape.List[Node]   `json:"nodes"`
		Missing shape.List[string] `json:"missing"`
	}
	// AuditQuery asks for the audit log, the newest entry first.
	AuditQuery struct {
		// Before is the id of the last entry of the page before.
		Before string `json:"before,omitempty"`
		// Query is part of a username of actor or target, of an address or of a
		// detail, empty for all.
		Query string `json:"query,omitempty"`
		// Action is that of the entries, such as "login.refused", empty for all.
		Action string `json:"action,omitempty"`
		// Limit is 1 to 200, 0 for 50.
		Limit int `json:"limit,omitempty"`
	}
	// AuditEntry is one line of it.
	AuditEntry struct {
		ID     string    `json:"id"`
		At     time.Time `json:"at"`
		Action string    `json:"action"`
		// Actor and Target are usernames, empty for nobody that is known.
		ActorID  string `json:"actor_id"`
		Actor    string `json:"actor"`
		TargetID string `json:"target_id"`
		Target   string `json:"target"`
		Address  string `json:"address"`
		Detail   string `json:"detail"`
	}
	// Audit is one page of it.
	Audit struct {
		Entries shape.List[AuditEntry] `json:"entries"`
		More    bool                   `json:"more"`
	}
	// Invite makes a link with which one person may make an account.
	Invite struct {
		// Role is that of the account: member, moderator or admin.
		Role string `json:"role"`
		// Note says for whom, at most 100 characters.
		Note string `json:"note,omitempty"`
		// Hours is for how long, 1 to 720, 0 for 72.
		Hours int `json:"hours,omitempty"`
	}
	// Invitation is one that can still be used.
	Invitation struct {
		ID        string    `json:"id"`
		Role      string    `json:"role"`
		Note      string    `json:"note"`
		CreatedBy string    `json:"created_by"`
		CreatedAt time.Time `json:"created_at"`
		ExpiresAt time.Time `json:"expires_at"`
		// Link is there only in the answer that made it. Its secret stands
		// behind a #, which browsers do not send.
		Link string `json:"link,omitempty"`
	}
	// Invitations are those that can still be used.
	Invitations struct {
		Invitations shape.List[Invitation] `json:"invitations"`
	}
	// InvitationRef names an invitation.
	InvitationRef struct {
		InvitationID string `json:"invitation_id"`
	}
)
