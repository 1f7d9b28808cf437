//go:build !unix

package transport

import (
	"errors"
	"syscall"
)

const triesWithoutWaiting = false

// reading and writing are for sockets that can be tried without waiting; here
// there are none, and nothing calls them.
type (
	reading struct {
		attempt func(uintptr) bool
		ahead   []byte
		err     error
	}
	writing struct{ attempt func(uintptr) bool }
)

func (*reading) try(uintptr) bool { return true }
func (*reading) take([]byte) int  { return 0 }
func (*reading) giveBack()        {}

func (*writing) try(uintptr) bool                           { return true }
func (*writing) write(syscall.RawConn, []byte) (int, error) { return 0, errors.ErrUnsupported }
