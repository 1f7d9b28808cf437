package app

import "github.com/yodelrt/yodel/app/store"

// Lock takes the data directory for this process where what lies in it takes one
// process alone, a SQLite database or an embedded engine, and returns how to give
// it back. Where another process has it the error is [store.ErrInUse].
func (c Config) Lock() (unlock func() error, err error) {
	if c.DatabaseURL != "" && c.Engine != "embedded" {
		return func() error { return nil }, nil
	}
	return store.Lock(c.DataDir)
}
