// Package rpc offers what people may ask of the application as calls over the
// socket.
package rpc

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/refusal"
	"github.com/yodelrt/yodel/realtime"
)

// By lets the person behind a connection do something.
func By[In, Out any](do func(ctx context.Context, userID string, in In) (Out, error)) func(context.Context, *realtime.Conn, In) (Out, error) {
	return func(ctx context.Context, c *realtime.Conn, in In) (Out, error) {
		out, err := do(ctx, c.Principal().UserID, in)
		return out, Spoken(err)
	}
}

// Spoken turns a refusal into what the protocol says; other errors stay, and the
// hub logs them.
func Spoken(err error) error {
	var refused *refusal.Error
	if errors.As(err, &refused) {
		return &realtime.Error{Code: realtime.ErrorCode(refused.Code), Message: refused.Text, Temporary: refused.Temporary}
	}
	return err
}
