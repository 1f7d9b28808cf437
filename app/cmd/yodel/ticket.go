package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/yodelrt/yodel/middleware"
)

type ticketCommand struct {
	mint
	Route string `help:"Which socket it opens." default:"/ws"`
}

// Run prints a ticket and nothing else. Tickets live in the running server, so it
// is asked for one.
func (t *ticketCommand) Run() error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	token, origin, err := t.issue(ctx, "yodel ticket")
	if err != nil {
		return err
	}
	body, err := json.Marshal(middleware.TicketRequest{Route: t.Route})
	if err != nil {
		return fmt.Errorf("ask for a ticket: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, origin+"/api/ws/ticket", bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask for a ticket: %w", err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := t.client().Do(request)
	if err != nil {
		return fmt.Errorf("ask for a ticket; is the server running there?: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<16))
	if err != nil {
		return fmt.Errorf("read the ticket: %w", err)
	}
	var minted middleware.Minted
	if response.StatusCode != http.StatusOK || json.Unmarshal(answer, &minted) != nil {
		return fmt.Errorf("ask for a ticket: %s answers %s; do both have the same settings?", origin, response.Status)
	}
	fmt.Println(minted.Ticket)
	return nil
}

// client takes the development certificate of this machine as it is, and checks
// every other one.
func (t *ticketCommand) client() *http.Client {
	local, _, err := t.Local()
	trusted := err == nil && local && t.TLSSelfSigned
	return &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: trusted}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // the token goes nowhere else
	}
}
