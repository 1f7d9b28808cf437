package wire

// What HTTP routes take where the path says the rest.
type (
	// Register makes an account with an invitation.
	Register struct {
		// Invitation is the secret of the link.
		Invitation string `json:"invitation"`
		// Username has 1 to 32 of a-z, 0-9, dot, dash and underscore.
		Username string `json:"username"`
		// Name has at most 60 characters, empty for the username.
		Name string `json:"name,omitempty"`
		// Password has 8 to 256 bytes.
		Password string `json:"password"`
	}
	// NewMessage is what somebody says in the room of the path.
	NewMessage struct {
		// Key is a UUID that the client chooses and keeps for every retry.
		Key string `json:"key"`
		// Text has 1 to 4,000 characters.
		Text string `json:"text"`
	}
	// ReadTo is the number of the latest message that was read.
	ReadTo struct {
		Number int64 `json:"number"`
	}
	// NewRole is the role that the account of the path shall have.
	NewRole struct {
		// Role is member, moderator or admin.
		Role string `json:"role"`
	}
	// KeptOut says whether the account of the path is kept out.
	KeptOut struct {
		Disabled bool `json:"disabled"`
	}
	// MembersPage is a page of the members of the room of the path.
	MembersPage struct {
		// After is the last username of the page before.
		After string `json:"after,omitempty"`
		// Limit is 1 to 200, 0 for 100.
		Limit int `json:"limit,omitempty"`
	}
	// HistoryPage is a page of the messages of the room of the path. At most one
	// of Before, After, Around and AroundID is set; none asks for the latest.
	HistoryPage struct {
		// Before and After are exclusive.
		Before int64 `json:"before,omitempty"`
		After  int64 `json:"after,omitempty"`
		// Around is in the middle of the page.
		Around int64 `json:"around,omitempty"`
		// AroundID is the id of the message in the middle, as in a link.
		AroundID string `json:"around_id,omitempty"`
		// Limit is 1 to 200, 0 for 50.
		Limit int `json:"limit,omitempty"`
	}
	// ChangesPage is what has changed in the room of the path.
	ChangesPage struct {
		// Since is the seq of the latest event that the client has.
		Since int64 `json:"since,omitempty"`
		// Limit is 1 to 200, 0 for 100.
		Limit int `json:"limit,omitempty"`
	}
)
