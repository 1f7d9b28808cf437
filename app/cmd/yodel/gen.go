package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"

	"github.com/yodelrt/yodel/app"
)

type genCommand struct {
	Dir   string `help:"Where the sources are." default:"." type:"existingdir"`
	Check bool   `help:"Write nothing; fail when something would change."`
}

// Run asks the application itself, wired as it serves, in a directory that goes
// away again: what is written is what runs.
func (g *genCommand) Run() (err error) {
	data, err := os.MkdirTemp("", "yodel-gen")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(data)) }()
	ctx := context.Background()
	config := app.Config{Addr: "127.0.0.1:8080", DataDir: data, LoginRate: 1}
	built, err := app.New(ctx, config, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		return err
	}
	return errors.Join(built.WriteContract(g.Dir, g.Check), built.Close(ctx))
}
