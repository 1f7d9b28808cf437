package plain_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/plain"
)

func nobody(context.Context) (realtime.Principal, bool) { return realtime.Principal{}, false }

// TestLimits_refused: the error names the fields and what to change.
func TestLimits_refused(t *testing.T) {
	for want, limits := range map[string]plain.Limits{
		"Limits.Connections is -1":                   {Connections: -1},
		"Limits.MessagesPerSecond is -0.5":           {MessagesPerSecond: -0.5},
		"Limits.AuthDeadline is -1ns":                {AuthDeadline: -1},
		"Limits.Age is -1ns":                         {Age: -1},
		"Limits.Idle is 2ns and Limits.Age is 1ns":   {Age: 1, Idle: 2},
		"raise Connections to 6":                     {Connections: 5, ConnectionsPerUser: 6},
		"or lower ConnectionsPerAddress to 5":        {Connections: 5, ConnectionsPerAddress: 6},
		"Limits.Connecting is 6":                     {Connections: 5, Connecting: 6},
		"raise Pending to 3":                         {Pending: 2, PendingPerAddress: 3},
		"lower FirstMessageBytes to 100":             {MessageBytes: 100, FirstMessageBytes: 101},
		"raise QueueBytes to 1001 or lower MessageB": {QueueBytes: 1000, MessageBytes: 1001},
	} {
		if _, err := plain.New(plain.Config{Principal: nobody, Limits: limits}); !errors.Is(err, realtime.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: got %v, want ErrConfig that says %q", limits, err, want)
		}
	}
}

// TestLimits_follow: one limit is enough, whatever it is.
func TestLimits_follow(t *testing.T) {
	for _, limits := range []plain.Limits{{}, {Connections: 1}, {Pending: 1}, {MessageBytes: 1}, {MessageBytes: 8 << 20}, {QueueBytes: 100}, {FirstMessageBytes: 100_000}, {Idle: 1}} {
		if _, err := plain.New(plain.Config{Principal: nobody, Limits: limits}); err != nil {
			t.Errorf("%+v: got %v, want defaults that follow", limits, err)
		}
	}
}

func TestConfig_refused(t *testing.T) {
	pending := func(context.Context) (realtime.PendingInfo, bool) { return realtime.PendingInfo{}, true }
	for want, config := range map[string]plain.Config{
		"Principal is nil": {}, "Verify is nil": {Principal: nobody, Pending: pending},
		"is negative": {Principal: nobody, PingInterval: -1},
	} {
		if _, err := plain.New(config); !errors.Is(err, realtime.ErrConfig) || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want ErrConfig that says %q", err, want)
		}
	}
}
