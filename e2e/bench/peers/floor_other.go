//go:build !linux

package peers

import (
	"errors"
	"net"
)

// floor needs epoll.
func floor(net.Listener, bool) (publish, func() error, error) {
	return nil, nil, errors.New("the floor needs Linux")
}
