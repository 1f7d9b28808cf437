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

// Run serves until SIGTERM or SIGINT; a second one ends the process at once. SIGHUP
// reads the certificate and the log level again. A reader of the output who has gone
// ends nothing.
func (s *serveCommand) Run() (err error) {
	signal.Ignore(syscall.SIGPIPE)
	again := make(chan os.Signal, 1)
	signal.Notify(again, syscall.SIGHUP)
	ctx := untilTold()
	sink := newLogSink(os.Stderr)
	defer sink.Close()
	var level slog.LevelVar
	log := s.logger(sink, &level)
	if err := s.setLevel(&level); err != nil {
		return err
	}
	unlock, err := s.Lock()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	built, err := app.New(ctx, s.Config, log)
	if err != nil {
		return err
	}
	go func() {
		for range again {
			if err := errors.Join(s.setLevel(&level), built.Reload()); err != nil {
				log.Error("what could not be read again stays as it is", "error", err)
			}
		}
	}()
	return built.Run(ctx, os.Stdout)
}

// untilTold ends with the first SIGTERM or SIGINT. The second has its usual effect.
func untilTold() context.Context {
	ctx, end := context.WithCancel(context.Background())
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGTERM, os.Interrupt)
	go func() {
		<-told
		signal.Stop(told)
		end()
	}()
	return ctx
}

func (s *serveCommand) setLevel(level *slog.LevelVar) error {
	to, err := s.Level()
	if err == nil {
		level.Set(to)
	}
	return err
}

func (s *serveCommand) logger(to io.Writer, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if s.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}
