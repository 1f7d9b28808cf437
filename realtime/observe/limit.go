package observe

// Limit names a bound on what others may take. Each that refuses something is
// counted, see the hub's Refusals.
type Limit int

// The limits, named after the fields of the hub's Limits and ChannelOptions that set
// them. Those without a field are fixed.
const (
	LimitConnections           Limit = iota // Connections: 503
	LimitConnecting                         // Connecting: 503
	LimitConnectionsPerAddress              // ConnectionsPerAddress: 429
	LimitConnectionsPerUser                 // ConnectionsPerUser: 3504
	LimitPending                            // Pending: 503
	LimitPendingPerAddress                  // PendingPerAddress: 429
	LimitAuthDeadline                       // AuthDeadline: 3502, 3012 or 3004
	LimitAge                                // Age: 3005
	LimitIdle                               // Idle: 3005
	LimitPongTimeout                        // PongTimeout: 3012
	LimitMessageBytes                       // MessageBytes: 1009
	LimitFirstMessageBytes                  // FirstMessageBytes: 1009
	LimitCommandsPerFrame                   // CommandsPerFrame: 3501
	LimitCommandRate                        // CommandsPerSecond and CommandBurst: error 111, then 3013
	LimitInboxBytes                         // 256 KiB that wait behind a handler: 3013
	LimitPingRate                           // 5 a second, 20 at once, of the peer's WebSocket pings: 3013
	LimitErrors                             // Errors: 3509
	LimitQueueBytes                         // QueueBytes: 3008
	LimitChannels                           // Channels: error 106, 3004 where the Connect hook named too many
	LimitChannelBytes                       // ChannelBytes: error 107
	LimitPresence                           // MaxPresence: error 108
	LimitRecoveryBytes                      // RecoveryBytes: recovered is false, error 112 where the client asks for it
	LimitHistoryBytes                       // HistoryBytes: the answer is cut
	LimitCount                              // how many there are
)

var limitNames = [LimitCount]string{
	"connections", "connecting", "connections_per_address", "connections_per_user", "pending", "pending_per_address",
	"auth_deadline", "age", "idle", "pong_timeout", "message_bytes", "first_message_bytes", "commands_per_frame",
	"command_rate", "inbox_bytes", "ping_rate", "errors", "queue_bytes", "channels", "channel_bytes", "presence",
	"recovery_bytes", "history_bytes",
}

// String returns the name of a limit, for labels and logs, such as
// "connections_per_user".
func (l Limit) String() string {
	if l < 0 || l >= LimitCount {
		return "unknown"
	}
	return limitNames[l]
}
