package session

import (
	"time"

	"github.com/yodelrt/yodel/app/throttle"
)

// Budgets bound guesses at passwords, and the work that checking them costs. Each
// is taken before the work and given back where it turns out not to count.
//
//	budget     of                              at once   and one more in
//	attempts   a network; a known account      rate      a minute / rate
//	guesses    an account from one network     10        6 s
//	guesses    an account from a known device  10        6 s
//	strangers  an account from all networks    100       6 s
//	passwords  a session that changes one      10        6 s
//	refreshes  a network                       600       0.1 s
//
// A device that has signed in to an account before spends nothing that strangers
// can spend: their guesses do not keep it out.
type Budgets struct {
	attempts, guesses, strangers, passwords, refreshes *throttle.Throttle

	together *throttle.Gate // by network or known account
	changing *throttle.Gate // by session
	changes  *throttle.Gate // by account
}

// The checks that may be under way at once, of the places that account has.
const (
	togetherEach = 16
	changesEach  = 4
)

// NewBudgets returns budgets with that many attempts from one network, a minute.
func NewBudgets(rate int) *Budgets {
	return &Budgets{
		attempts:  throttle.New(time.Minute/time.Duration(rate), rate),
		guesses:   throttle.New(6*time.Second, 10),
		strangers: throttle.New(6*time.Second, 100),
		passwords: throttle.New(6*time.Second, 10),
		refreshes: throttle.New(100*time.Millisecond, 600),
		together:  throttle.NewGate(togetherEach),
		changing:  throttle.NewGate(1),
		changes:   throttle.NewGate(changesEach),
	}
}

// attempt is one to sign in. device is empty for one that is not known.
type attempt struct{ username, network, device string }

// payer is who pays for the work. Names that a client chose stand last in keys, so
// that none of them makes a key of another kind.
func (a attempt) payer() string {
	if a.device != "" {
		return "account " + a.username
	}
	return "network " + a.network
}

func (a attempt) guess() string {
	if a.device != "" {
		return "device " + a.device + " " + a.username
	}
	return "network " + a.network + " " + a.username
}

// login takes what an attempt costs, or returns the budget that is used up. Call
// end with whether the password was wrong: other guesses are given back.
func (b *Budgets) login(a attempt) (end func(wrong bool), over *throttle.Throttle) {
	leave, ok := b.together.Enter(a.payer())
	if !ok || !b.attempts.Take(a.payer()) {
		leave()
		return nil, b.attempts
	}
	if !b.guesses.Take(a.guess()) {
		leave()
		return nil, b.guesses
	}
	if a.device == "" && !b.strangers.Take(a.username) {
		b.guesses.Return(a.guess())
		leave()
		return nil, b.strangers
	}
	return func(wrong bool) {
		leave()
		if wrong {
			return
		}
		b.guesses.Return(a.guess())
		if a.device == "" {
			b.strangers.Return(a.username)
		}
	}, nil
}

// register takes what making an account costs. Call end when it is done.
func (b *Budgets) register(network string) (end func(), ok bool) {
	payer := attempt{network: network}.payer()
	leave, ok := b.together.Enter(payer)
	if !ok || !b.attempts.Take(payer) {
		leave()
		return nil, false
	}
	return leave, true
}

// password takes what a change of one's password costs, right or wrong. Call end
// when it is done.
func (b *Budgets) password(accountID, sessionID string) (end func(), ok bool) {
	one, ok := b.changing.Enter(sessionID)
	if !ok {
		return nil, false
	}
	all, ok := b.changes.Enter(accountID)
	if !ok || !b.passwords.Take(sessionID) {
		all()
		one()
		return nil, false
	}
	return func() { all(); one() }, true
}
