package memory

import "github.com/yodelrt/yodel/realtime/engine"

// Hold takes the stream of a channel, as every call does before it locks it. What
// it returns goes on with the call, and reports whether the stream was still the
// channel's.
func Hold(engine engine.Engine, channel string) func() bool {
	s := engine.Broker.(*broker).stream(channel)
	return func() bool { return s.run(func(*stream) {}) }
}

// Moved is how many publications of a channel were copied from one ring to another.
func Moved(engine engine.Engine, channel string) (n int) {
	engine.Broker.(*broker).with(channel, func(s *stream) { n = s.window.moved })
	return n
}
