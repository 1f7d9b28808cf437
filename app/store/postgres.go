package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// ErrURL is wrapped by errors about the address of a database; the text names the
// fix and never the password.
var ErrURL = errors.New("refused database address")

const postgresConns = 16 // open at once

// OpenPostgres opens the database at a URL, postgres://user:password@host/name,
// and brings its tables up to date. Beyond this machine it must be reached with
// TLS; sslmode=verify-full checks that it is the right one. Close it when done.
func OpenPostgres(ctx context.Context, address string) (*Store, error) {
	config, err := postgresConfig(address)
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	return openedPostgres(ctx, db)
}

func openedPostgres(ctx context.Context, db *sql.DB) (*Store, error) {
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("ask the database: %w", err)
	}
	if err := migrate(ctx, db, goose.DialectPostgres); err != nil {
		_ = db.Close()
		return nil, err
	}
	return newStore(pool{db, db}, ""), nil
}

// CheckPostgres reports whether an address is one that may be used, without
// connecting.
func CheckPostgres(address string) error {
	_, err := postgresConfig(address)
	return err
}

func postgresConfig(address string) (*pgx.ConnConfig, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, fmt.Errorf("%w: write it as postgres://user:password@host:5432/name?sslmode=verify-full", ErrURL)
	}
	config, err := pgx.ParseConfig(address)
	if err != nil { // its text may hold what was meant as a password
		return nil, fmt.Errorf("%w: it can't be read; write it as postgres://user:password@host:5432/name?sslmode=verify-full", ErrURL)
	}
	inTheClear := !nearby(config.Host) && config.TLSConfig == nil
	for _, fallback := range config.Fallbacks {
		inTheClear = inTheClear || (!nearby(fallback.Host) && fallback.TLSConfig == nil)
	}
	if inTheClear {
		return nil, fmt.Errorf("%w: %s is not this machine, and passwords and messages could travel to it in the clear; add sslmode=verify-full", ErrURL, config.Host)
	}
	return config, nil
}

// nearby reports whether a database is on this machine: a loopback address or a
// socket in the file system.
func nearby(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasPrefix(host, "/") || (ip != nil && ip.IsLoopback())
}
