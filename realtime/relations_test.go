package realtime_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/yodelrt/yodel/realtime"
	"github.com/yodelrt/yodel/realtime/memory"
	"github.com/yodelrt/yodel/realtime/realtimetest"
)

// TestNew_LimitsThatContradictEachOther: a client with as many channels as it may have
// must be able to come back, in one frame.
func TestNew_LimitsThatContradictEachOther(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*realtime.Config)
		want   []string // in the error; none for a hub
	}{
		"defaults":            {func(*realtime.Config) {}, nil},
		"many channels alone": {func(c *realtime.Config) { c.MaxChannels = 5000 }, nil},
		"a small frame alone": {func(c *realtime.Config) { c.CommandsPerFrame = 1 }, nil},
		"a small burst alone": {func(c *realtime.Config) { c.CommandBurst = 8 }, nil},
		"small messages":      {func(c *realtime.Config) { c.MaxMessageBytes = 1000 }, nil},
		"just enough":         {func(c *realtime.Config) { c.MaxChannels, c.CommandsPerFrame, c.CommandBurst = 10, 11, 11 }, nil},
		"a frame too small":   {func(c *realtime.Config) { c.MaxChannels, c.CommandsPerFrame = 10, 10 }, []string{"CommandsPerFrame is 10", "MaxChannels 10"}},
		"a burst too small":   {func(c *realtime.Config) { c.MaxChannels, c.CommandBurst = 10, 10 }, []string{"CommandBurst is 10", "MaxChannels 10"}},
		"messages too small":  {func(c *realtime.Config) { c.MaxChannels, c.MaxMessageBytes = 128, 10_000 }, []string{"MaxMessageBytes is 10000", "MaxChannels 128"}},
	} {
		t.Run(name, func(t *testing.T) {
			config := realtime.Config{Principal: realtimetest.Principal, Engine: memory.New()}
			test.change(&config)
			hub, err := realtime.New(config)
			if hub != nil {
				defer func() { _ = hub.Shutdown(t.Context()) }()
			}
			if (err != nil) != (test.want != nil) || err != nil && !errors.Is(err, realtime.ErrConfig) {
				t.Fatalf("error: got %v, want %q", err, test.want)
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error: got %q, want %q in it", err, part)
				}
			}
		})
	}
}
