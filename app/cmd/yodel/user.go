package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/yodelrt/yodel/app/account"
	"github.com/yodelrt/yodel/app/store"
)

type userCommand struct {
	Add    userAdd    `cmd:"" help:"Make an account; its password is read from standard input."`
	Passwd userPasswd `cmd:"" help:"Give an account a new password, read from standard input."`
	Role   userRole   `cmd:"" help:"Give an account a role."`
}

type userTarget struct {
	DataDir  string `help:"Directory of the database." default:"./data" env:"YODEL_DATA_DIR"`
	Username string `arg:"" help:"Who."`
}

type userAdd struct {
	userTarget
	Name string       `help:"Name to show; default: the username."`
	Role account.Role `help:"member, moderator or admin." default:"member"`
}

// Run makes the account.
func (u *userAdd) Run() error {
	return u.with(func(ctx context.Context, accounts *account.Accounts) error {
		password, err := readPassword()
		if err != nil {
			return err
		}
		_, err = accounts.Create(ctx, u.Username, u.Name, password, u.Role)
		return err
	})
}

type userPasswd struct{ userTarget }

// Run sets the password.
func (u *userPasswd) Run() error {
	return u.with(func(ctx context.Context, accounts *account.Accounts) error {
		password, err := readPassword()
		if err != nil {
			return err
		}
		return accounts.SetPassword(ctx, u.Username, password)
	})
}

type userRole struct {
	userTarget
	Role account.Role `arg:"" help:"member, moderator or admin."`
}

// Run sets the role.
func (u *userRole) Run() error {
	return u.with(func(ctx context.Context, accounts *account.Accounts) error {
		return accounts.SetRole(ctx, u.Username, u.Role)
	})
}

// with opens the database beside a server that may be running on it.
func (u *userTarget) with(work func(context.Context, *account.Accounts) error) (err error) {
	ctx := context.Background()
	opened, err := store.Open(ctx, u.DataDir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	return work(ctx, account.New(opened))
}

// readPassword takes the first line of standard input, so that passwords show
// neither in the shell's history nor in the list of processes.
func readPassword() (string, error) {
	if info, err := os.Stdin.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
		fmt.Fprint(os.Stderr, "Password: ")
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	password := strings.TrimRight(line, "\r\n")
	if err != nil && password == "" {
		return "", fmt.Errorf("read the password from standard input: %w", err)
	}
	return password, nil
}
