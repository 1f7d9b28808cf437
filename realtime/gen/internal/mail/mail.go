// Package mail has a type of the same name as one of chat.
package mail

// Message is a letter.
type Message struct {
	Subject string `json:"subject"`
}
