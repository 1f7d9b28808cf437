package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/yodelrt/yodel/app/store"
)

// database names the one of a server, as serve does.
type database struct {
	DataDir     string `help:"Directory of the database." default:"./data" env:"YODEL_DATA_DIR"`
	DatabaseURL string `help:"Address of a PostgreSQL database, as for serve." env:"YODEL_DATABASE_URL" name:"database-url" placeholder:"URL"`
	File        string `arg:"" help:"The backup." type:"path"`
}

// sqlite is a context that ends with an interrupt, for a database that is SQLite.
func (d *database) sqlite() (context.Context, context.CancelFunc, error) {
	if d.DatabaseURL != "" {
		return nil, nil, store.ErrPostgres
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	return ctx, stop, nil
}

type backupCommand struct{ database }

// Run writes the backup.
func (b *backupCommand) Run() error {
	ctx, stop, err := b.sqlite()
	if err != nil {
		return err
	}
	defer stop()
	return store.Backup(ctx, b.DataDir, b.File)
}

type restoreCommand struct {
	database
	Replace bool `help:"Put a database that is there aside."`
}

// Run puts the backup in the place of the database.
func (r *restoreCommand) Run() error {
	ctx, stop, err := r.sqlite()
	if err != nil {
		return err
	}
	defer stop()
	aside, err := store.Restore(ctx, r.DataDir, r.File, r.Replace)
	if aside != "" {
		fmt.Println("what was there is in", aside)
	}
	return err
}
