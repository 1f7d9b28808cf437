package adversary_test

// stepEngineFail has the next calls of one method fail.
func (w *world) stepEngineFail(d dice) {
	w.engine.fail(oneOf(d, "publish", "subscribe", "unsubscribe", "history", "enter", "leave", "present"), d.between(1, 3))
}

// stepEngineHold has the next call of one method wait, for a few steps in which the
// clock stands still: locks may be held meanwhile, which a fake clock does not see.
func (w *world) stepEngineHold(d dice) {
	if w.held == nil {
		w.held = w.engine.hold(oneOf(d, "publish", "subscribe", "unsubscribe", "history", "enter", "leave"))
	}
}

// stepEngineLose loses publications on their way to the hub.
func (w *world) stepEngineLose(d dice) { w.engine.lose(d.between(1, 2)) }

// stepRelease lets a blocked callback go on.
func (w *world) stepRelease(d dice) { w.gates.release(d.IntN(mostBlocked)) }

// stepObserver has an observer's function panic at its next call.
func (w *world) stepObserver(d dice) { observerStep(w.base, d) }

func observerStep(b *base, d dice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.kinds.has("epoch-panic") && d.oneIn(5) {
		b.armed["epoch"] = true
	}
	b.armed[oneOf(d, "opened", "closed", "command", "done", "published", "refused")] = true
}
