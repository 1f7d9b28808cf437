package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/yodelrt/yodel/app"
)

// What is unsafe does not start.
func ExampleNew() {
	dir, err := os.MkdirTemp("", "yodel")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	_, err = app.New(context.Background(), app.Config{
		Addr: "127.0.0.1:8080", DataDir: dir, PublicURL: "http://chat.example.com", LoginRate: 60,
	}, slog.New(slog.NewTextHandler(io.Discard, nil)))
	fmt.Println(err)
	// Output: refused to start: --public-url http://chat.example.com would send passwords in the clear; use https, with --tls-cert and --tls-key or a proxy in front
}
