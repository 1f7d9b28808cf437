package memory

import "github.com/yodelrt/yodel/realtime"

// Hold takes the stream of a channel, as every call does before it locks it. What
// it returns goes on with the call, and reports whether the stream was still the
// channel's.
func Hold(engine realtime.Engine, channel string) func() bool {
	s := engine.Broker.(*broker).stream(channel)
	return func() bool { return s.run(func(*stream) {}) }
}
