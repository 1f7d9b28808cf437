package adversary_test

import (
	"fmt"
	"strings"
	"time"
)

// hostile are frames that no client of the protocol sends, with the codes that may
// come of them.
var hostile = []struct {
	first byte
	body  string
	codes []int
}{
	{final | textFrame, "", []int{3501}},
	{final | textFrame, "{}", []int{3501}}, // a pong that nobody asked for
	{final | textFrame, "{}\n{}\n{}", []int{3501}},
	{final | textFrame, "null", []int{3501}},
	{final | textFrame, "[]", []int{3501}},
	{final | textFrame, "{\"id\":1", []int{3501}},
	{final | textFrame, `{"id":0,"rpc":{"method":"do"}}`, []int{3501}},
	{final | textFrame, `{"id":-1,"rpc":{"method":"do"}}`, []int{3501}},
	{final | textFrame, `{"id":4294967296,"rpc":{"method":"do"}}`, []int{3501}},
	{final | textFrame, `{"id":4294967295,"rpc":{"method":"do"},"subscribe":{"channel":"hist:1"}}`, []int{3501}},
	{final | textFrame, `{"id":4294967295,"what":{}}`, []int{3501}},
	{final | textFrame, `{"id":4294967295,"ping":{}}`, []int{3501}},
	{final | textFrame, "\xff\xfe", []int{1007, 3501}},
	{final | dataFrame, "\xff\x00", []int{3501}},
	{final | dataFrame, "\xfc\xff\xff\xff\xff\xff\xff\xff\xff\x01", []int{3501}},
	{final | dataFrame, strings.Repeat("\x00", 50), []int{3501}},
	{textFrame, "{", []int{3501, 1002, 3012}}, // never finished
	{0, "rest", []int{1002, 3501, 3012}},
	{final | 0x3, "reserved", []int{1002}},
	{final | 0x40 | textFrame, "rsv1", []int{1002}},
	{pingFrame, "fragmented", []int{1002}},
	{final | pingFrame, strings.Repeat("x", 126), []int{1002}},
	{final | pongFrame, "", nil},
	{final | closeFrame, "x", []int{1002, 1000}},
	{final | closeFrame, "\x03\xed", []int{1002, 1000, 1005}},
	{final | textFrame, strings.Repeat("[", 4000), []int{3501, 1009}},
	{final | textFrame, `{"id":4294967290,"rpc":{"method":"do","data":` + strings.Repeat("[", 900) + strings.Repeat("]", 900) + `}}`, []int{3501, 1009}},
}

// stepRaw sends one of them, or bytes that are no frame.
func (w *world) stepRaw(d dice) { rawStep(w.base, d) }

func rawStep(b *base, d dice) {
	l := b.pick(d, false)
	if l == nil {
		return
	}
	l.allow("a hostile frame", noFrame, 1002, 3501, 3502)
	if d.oneIn(10) {
		l.allow("no frame", 1009, 1007, 3012)
		l.put([]byte(fmt.Sprintf("%x", d.Uint64())))
		return
	}
	one := oneOf(d, hostile...)
	l.allow("a hostile frame", one.codes...)
	b.trace("%s sends %x %.40q", l.tag, one.first, one.body)
	l.put(frame(one.first, []byte(one.body)))
}

// stepHangUp ends a connection without a word, in the middle of whatever it does.
func (w *world) stepHangUp(d dice) { hangUpStep(w.base, d) }

func hangUpStep(b *base, d dice) {
	slot := d.IntN(len(b.slots))
	b.mu.Lock()
	l := b.slots[slot]
	if l == nil || l.done {
		b.mu.Unlock()
		return
	}
	conn := l.conn
	b.mu.Unlock()
	b.trace("%s hangs up", l.tag)
	if half, ok := conn.(interface{ CloseWrite() error }); ok && d.oneIn(4) {
		l.allow("it has half-closed", noFrame)
		_ = half.CloseWrite()
		return
	}
	l.hangUp()
}

// stepGoodbye ends one with a close frame.
func (w *world) stepGoodbye(d dice) { goodbyeStep(w.base, d) }

func goodbyeStep(b *base, d dice) {
	l := b.pick(d, false)
	if l == nil {
		return
	}
	code := oneOf(d, 1000, 1001, 3500, 4000)
	l.allow("its own close", code, noFrame)
	l.put(frame(final|closeFrame, closePayload(code, "bye")))
}

func (w *world) stepStall(d dice) { stallStep(w.base, d) }

func stallStep(b *base, d dice) {
	if l := b.pick(d, false); l != nil {
		b.trace("%s stops reading", l.tag)
		l.halt()
	}
}

func (w *world) stepResume(d dice) { resumeStep(w.base, d) }

func resumeStep(b *base, d dice) {
	slot := d.IntN(len(b.slots))
	for i := range b.slots {
		b.mu.Lock()
		l := b.slots[(slot+i)%len(b.slots)]
		stalled := l != nil && l.stall != nil
		b.mu.Unlock()
		if stalled {
			l.resume()
			return
		}
	}
}

func (w *world) stepMute(d dice) { muteStep(w.base, d) }

func muteStep(b *base, d dice) {
	if l := b.pick(d, false); l != nil && d.oneIn(3) {
		b.mu.Lock()
		l.mute = true
		b.mu.Unlock()
	}
}

// stepClock lets time pass.
func (w *world) stepClock(d dice) {
	if w.held != nil {
		w.unhold()
	}
	w.pass(time.Duration(oneOf(d, 1, 5, 100, 1000, d.IntN(4000), d.IntN(12_000))) * time.Millisecond)
}
