package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/store"
)

type userCommand struct {
	Add    userAdd    `cmd:"" help:"Make an account; its password is read from standard input or a file."`
	Passwd userPasswd `cmd:"" help:"Give an account a new password, read from standard input or a file."`
	Role   userRole   `cmd:"" help:"Give an account a role."`

	Disable userDisable `cmd:"" help:"Keep an account out and end what it has open."`
	Enable  userEnable  `cmd:"" help:"Let a disabled account in again."`
}

type userTarget struct {
	DataDir     string `help:"Directory of the database." default:"./data" env:"YODEL_DATA_DIR"`
	DatabaseURL string `help:"Address of a PostgreSQL database, as for serve." env:"YODEL_DATABASE_URL" name:"database-url" placeholder:"URL"`
	Username    string `arg:"" help:"Who."`
}

type userAdd struct {
	userTarget
	passwordSource
	Name string       `help:"Name to show; default: the username."`
	Role account.Role `help:"member, moderator or admin." default:"member"`
}

// Run makes the account.
func (u *userAdd) Run() error {
	return u.with(func(ctx context.Context, opened *store.Store, accounts *account.Accounts) error {
		password, err := u.read()
		if err != nil {
			return err
		}
		made, err := accounts.Create(ctx, u.Username, u.Name, password, u.Role)
		if err != nil {
			return err
		}
		note(ctx, opened, audit.Registered, made.ID)
		return nil
	})
}

type userPasswd struct {
	userTarget
	passwordSource
}

// Run sets the password.
func (u *userPasswd) Run() error {
	return u.with(func(ctx context.Context, opened *store.Store, accounts *account.Accounts) error {
		password, err := u.read()
		if err != nil {
			return err
		}
		found, err := accounts.ByUsername(ctx, u.Username)
		if err != nil {
			return err
		}
		if _, err := accounts.SetPassword(ctx, found.ID, password); err != nil {
			return err
		}
		note(ctx, opened, audit.PasswordChanged, found.ID)
		return nil
	})
}

type userDisable struct{ userTarget }

// Run keeps the account out.
func (u *userDisable) Run() error {
	return u.change(audit.Disabled, func(ctx context.Context, accounts *account.Accounts, id string) (account.Changed, error) {
		return accounts.SetDisabled(ctx, "", id, true)
	})
}

type userEnable struct{ userTarget }

// Run lets the account in again.
func (u *userEnable) Run() error {
	return u.change(audit.Enabled, func(ctx context.Context, accounts *account.Accounts, id string) (account.Changed, error) {
		return accounts.SetDisabled(ctx, "", id, false)
	})
}

type userRole struct {
	userTarget
	Role account.Role `arg:"" help:"member, moderator or admin."`
}

// Run sets the role.
func (u *userRole) Run() error {
	return u.change(audit.RoleChanged, func(ctx context.Context, accounts *account.Accounts, id string) (account.Changed, error) {
		return accounts.SetRole(ctx, "", id, u.Role)
	})
}

// change does something to an account that there is, and keeps that it was done.
func (u *userTarget) change(action string, work func(ctx context.Context, accounts *account.Accounts, id string) (account.Changed, error)) error {
	return u.with(func(ctx context.Context, opened *store.Store, accounts *account.Accounts) error {
		found, err := accounts.ByUsername(ctx, u.Username)
		if err != nil {
			return err
		}
		if _, err := work(ctx, accounts, found.ID); err != nil {
			return err
		}
		note(ctx, opened, action, found.ID)
		return nil
	})
}

func note(ctx context.Context, opened *store.Store, action, accountID string) {
	audit.New(opened, slog.Default()).Record(ctx, audit.Entry{Action: action, TargetID: accountID, Detail: "by the command yodel user"})
}

// with opens the database beside a server that may be running on it.
func (u *userTarget) with(work func(context.Context, *store.Store, *account.Accounts) error) (err error) {
	ctx := context.Background()
	opened, err := store.OpenAny(ctx, u.DataDir, u.DatabaseURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	return work(ctx, opened, account.New(opened))
}

// passwordSource is where a password comes from: never an argument, so that it
// shows neither in the shell's history nor in the list of processes.
type passwordSource struct {
	PasswordFile string `help:"File whose first line is the password; default: standard input." type:"path"`
}

func (p *passwordSource) read() (string, error) {
	source := os.Stdin
	if p.PasswordFile != "" {
		file, err := os.Open(p.PasswordFile)
		if err != nil {
			return "", fmt.Errorf("read the password: %w", err)
		}
		defer file.Close()
		source = file
	} else if info, err := source.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprint(os.Stderr, "Password: ")
	}
	line, err := bufio.NewReader(source).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if err != nil && password == "" {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return password, nil
}
