package adversary_test

import "fmt"

// stepOpinion changes what the application thinks of a user: of all that it does,
// or of its place in one channel.
func (w *world) stepOpinion(d dice) { opinionStep(w.base, d) }

func opinionStep(w *base, d dice) {
	user := fmt.Sprint("u", d.IntN(5))
	how, code := "", 0
	switch d.IntN(8) {
	case 0:
		how, code = "error", 3503
	case 1:
		how, code = "invalid", 3014
	case 2:
		how, code = "away", 3004
	case 3:
		if w.kinds.has("recheck-block") {
			how = oneOf(d, "hold", "block", "slow-500")
		}
	case 4:
		if w.kinds.has("callback-panic") {
			how, code = "panic", 3004
		}
	case 5:
		w.mu.Lock()
		w.opinions[fmt.Sprintf("%s:%d %s", oneOf(d, "hist", "server"), d.IntN(3), user)] = oneOf(d, "no", "")
		w.mu.Unlock()
		return
	case 6:
		w.mu.Lock()
		w.opinions["refresh"] = oneOf(d, "temporary", "fail", "slow-200", "call-3", "call-4")
		w.opinions["disconnect"] = oneOf(d, "panic", "call-3", "call-6", "slow-200", "block")
		w.mu.Unlock()
		return
	}
	w.mu.Lock()
	w.opinions[user] = how
	for _, l := range w.links {
		if l.who.user == user && !l.done && code > 0 {
			l.allowed[code] = "the application thinks " + how
		}
	}
	w.thinks[user] = code
	w.mu.Unlock()
}
