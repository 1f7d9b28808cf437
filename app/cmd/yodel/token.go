package main

import (
	"context"
	"fmt"

	"github.com/yodelrt/yodel/app"
)

// mint is what yodel token and yodel ticket have in common: the settings of the
// server, and for whom.
type mint struct {
	app.Config
	Username string `arg:"" help:"For whom."`
	Yes      bool   `help:"Also where the application is reached from other machines."`
}

// issue signs the user in for five minutes.
func (m *mint) issue(ctx context.Context, by string) (token, origin string, err error) {
	local, origin, err := m.Local()
	if err != nil {
		return "", "", err
	}
	if !local && !m.Yes {
		return "", "", fmt.Errorf("%s is not this machine alone, and what is printed lets anybody in as %s; add --yes if that is meant", origin, m.Username)
	}
	issued, err := m.Mint(ctx, m.Username, by)
	return issued.Token, origin, err
}

type tokenCommand struct{ mint }

// Run prints an access token and nothing else.
func (t *tokenCommand) Run() error {
	token, _, err := t.issue(context.Background(), "yodel token")
	if err != nil {
		return err
	}
	fmt.Println(token)
	return nil
}
