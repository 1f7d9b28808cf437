package observe

// Limit names a bound on what others may take. Each that refuses something is
// counted, see the hub's Limits.
type Limit int

// The limits, named after the fields of the hub's Config and ChannelOptions that set
// them. Those without a field are fixed.
const (
	LimitConnections           Limit = iota // MaxConnections: 503
	LimitConnecting                         // MaxConnecting: 503
	LimitConnectionsPerAddress              // MaxConnectionsPerAddress: 429
	LimitConnectionsPerUser                 // MaxConnectionsPerUser: 3504
	LimitPending                            // MaxPending: 503
	LimitPendingPerAddress                  // MaxPendingPerAddress: 429
	LimitAuthDeadline                       // AuthDeadline: 3502
	LimitAge                                // MaxAge: 3005
	LimitIdle                               // MaxIdle: 3005
	LimitPongTimeout                        // PongTimeout: 3012
	LimitMessageBytes                       // MaxMessageBytes: 1009
	LimitFirstMessageBytes                  // MaxFirstMessageBytes: 1009
	LimitCommandsPerFrame                   // CommandsPerFrame: 3501
	LimitCommandRate                        // CommandsPerSecond, CommandBurst: error 111, then 3013
	LimitInboxBytes                         // 256 KiB that wait behind a handler: 3013
	LimitPingRate                           // 5 a second, 20 at once, of the peer's WebSocket pings: 3013
	LimitErrors                             // MaxErrors: 3509
	LimitOutboxBytes                        // OutboxBytes: 3008
	LimitChannels                           // MaxChannels: error 106, 3004 where the Connect hook named too many
	LimitChannelBytes                       // MaxChannelBytes: error 107
	LimitPresence                           // MaxPresence: error 108
	LimitCount                              // how many there are
)

var limitNames = [LimitCount]string{
	"connections", "connecting", "connections_per_address", "connections_per_user", "pending", "pending_per_address",
	"auth_deadline", "age", "idle", "pong_timeout", "message_bytes", "first_message_bytes", "commands_per_frame",
	"command_rate", "inbox_bytes", "ping_rate", "errors", "outbox_bytes", "channels", "channel_bytes", "presence",
}

// String returns the name of a limit, for labels and logs, such as
// "connections_per_user".
func (l Limit) String() string {
	if l < 0 || l >= LimitCount {
		return "unknown"
	}
	return limitNames[l]
}
