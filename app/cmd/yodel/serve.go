package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/yodelrt/yodel/app"
)

type serveCommand struct{ app.Config }

// Run serves until SIGTERM or SIGINT.
func (s *serveCommand) Run() (err error) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	sink := newLogSink(os.Stderr)
	defer sink.Close()
	unlock, err := s.Lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	built, err := app.New(ctx, s.Config, s.logger(sink))
	if err != nil {
		return err
	}
	return built.Run(ctx, os.Stdout)
}

func (s *serveCommand) logger(to io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		level = slog.LevelInfo // kong has checked the word
	}
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}
