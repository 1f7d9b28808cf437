package account

import "context"

// OfficeStore keeps accounts such that one administrator stays.
type OfficeStore interface {
	AccountByID(ctx context.Context, id string) (Account, error)
	// KeepAdmin writes an account and raises its epoch, unless no administrator
	// would be left who may sign in: [ErrLastAdmin].
	KeepAdmin(ctx context.Context, a Account) error
}

// Office is what administrators do to accounts. Safe for concurrent use.
type Office struct{ store OfficeStore }

// NewOffice returns an office over a store.
func NewOffice(store OfficeStore) *Office { return &Office{store} }

// SetRole gives an account a role; tokens issued before are refused from then on.
// It reports whether that changed anything.
func (o *Office) SetRole(ctx context.Context, id string, role Role) (Account, bool, error) {
	if err := role.validate(); err != nil {
		return Account{}, false, err
	}
	return o.change(ctx, id, func(a *Account) { a.Role = role })
}

// SetDisabled keeps an account out, or lets it in again; tokens issued before are
// refused from then on. It reports whether that changed anything.
func (o *Office) SetDisabled(ctx context.Context, id string, disabled bool) (Account, bool, error) {
	return o.change(ctx, id, func(a *Account) { a.Disabled = disabled })
}

func (o *Office) change(ctx context.Context, id string, how func(*Account)) (Account, bool, error) {
	found, err := o.store.AccountByID(ctx, id)
	if err != nil {
		return Account{}, false, err
	}
	was := found
	if how(&found); found == was {
		return found, false, nil
	}
	return found, true, o.store.KeepAdmin(ctx, found)
}
