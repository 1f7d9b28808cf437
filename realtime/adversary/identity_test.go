package adversary_test

import (
	"fmt"
	"time"
)

// identityOf is who the peer of a slot is. Five users share the slots, each in two
// sessions, so that limits by user are met.
func identityOf(slot int, d dice, kinds choices) identity {
	who := identity{
		user: fmt.Sprint("u", slot%5), session: fmt.Sprintf("u%d-s%d", slot%5, slot/5%2), token: fmt.Sprint("t", slot), epoch: int64(d.IntN(3)),
	}
	if kinds.has("expiry") && d.oneIn(4) {
		who.life = time.Duration(d.between(500, 20_000)) * time.Millisecond
	}
	return who
}

// tokenOf is a good token for an identity.
func tokenOf(l *link, who identity) credential {
	c := credential{Link: l.tag, User: who.user, Session: who.session, Token: who.token, Epoch: who.epoch, How: "ok", Verdict: "good"}
	if who.life > 0 {
		c.Life, c.End = int(who.life/time.Millisecond), now().Add(who.life).UnixMilli()
	}
	return c
}

// spoil makes a token one of another kind, by chance, and notes what may come of
// it. terminal says with which code a bad one ends the connection.
func (b *base) spoil(l *link, c *credential, d dice) {
	switch {
	case b.kinds.has("token-bad") && d.oneIn(12):
		c.Verdict = oneOf(d, "bad", "nobody")
		l.allow("a bad token", 3500)
	case b.kinds.has("token-expired") && d.oneIn(14):
		c.Verdict = "expired"
		l.allow("a token whose time is over", 3005)
	case b.kinds.has("token-unavailable") && d.oneIn(14):
		c.Verdict = "unavailable"
		l.allow("no verdict", 3004)
	case b.kinds.has("token-other") && d.oneIn(14) && (!l.pending || l.connects > 0):
		c.User = "u9"
		l.allow("a token of somebody else", 3500)
	}
	switch {
	case b.kinds.has("verify-slow") && d.oneIn(8):
		c.How = fmt.Sprint("slow-", d.between(1, 1500))
	case b.kinds.has("verify-block") && d.oneIn(8):
		c.How = oneOf(d, "block", "block", "hold")
	case b.kinds.has("verify-panic") && d.oneIn(30):
		c.How = "panic"
		l.allow("Verify panics", 3004)
	}
}

// how draws what a callback of the application does, and notes what may come of
// it. An error ends the connection in connect alone.
func (b *base) how(l *link, d dice, connecting bool) string {
	draw := d.IntN(60)
	switch {
	case draw < 3 && b.kinds.has("callback-error"):
		word := oneOf(d, "error", "temporary", "fail")
		switch {
		case connecting && word == "error":
			l.allow("the application has refused it", 3507)
		case connecting:
			l.allow("the application fails", 3004)
		}
		return word
	case draw < 5 && b.kinds.has("callback-close"):
		word := oneOf(d, "soft", "soft", "final")
		l.allow("the application's close", reasons[word].Code)
		return word
	case draw < 8 && b.kinds.has("callback-block"):
		return oneOf(d, "block", "hold")
	case draw < 10 && b.kinds.has("callback-panic"):
		l.allow("a callback panics", 3004)
		return "panic"
	case draw < 16 && b.kinds.has("callback-calls"):
		return fmt.Sprint("call-", d.IntN(12))
	case draw < 19 && b.kinds.has("callback-slow"):
		return fmt.Sprint("slow-", d.between(1, 3000))
	}
	return "ok"
}
