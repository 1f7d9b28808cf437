package chaos

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/coder/websocket"

	"github.com/yodelrt/yodel/e2e/stack"
)

// Device is a browser in which somebody has signed in, for tests that try one
// thing.
type Device struct{ person *person }

// End is how a socket ended.
type End struct {
	Code int // of the close frame; -1: there was none
	At   time.Time
	Err  error
}

// SignIn signs somebody in on a node, given by its address.
func SignIn(ctx context.Context, cluster *stack.Cluster, address, name string) (*Device, error) {
	who, err := signIn(ctx, cluster, address, name)
	if err != nil {
		return nil, err
	}
	return &Device{who}, nil
}

// Ticket asks a node for a ticket.
func (d *Device) Ticket(ctx context.Context, address string) (string, error) {
	ticket, came := d.person.ticket(ctx, address)
	if came != granted {
		return "", fmt.Errorf("ask for a ticket: it is %s", came)
	}
	return ticket, nil
}

// Redeem tries to open a socket on a node with a ticket, and returns the status
// that came back; zero: none did.
func (d *Device) Redeem(ctx context.Context, address, ticket string) int {
	socket, status := d.person.open(ctx, address, ticket)
	if socket != nil {
		_ = socket.CloseNow() // that it was opened is all
	}
	return status
}

// SignOut signs the device out on a node.
func (d *Device) SignOut(ctx context.Context, address string) error {
	if d.person.signOut(ctx, address) != granted {
		return fmt.Errorf("sign out: it is not known whether it happened")
	}
	return nil
}

// Connect opens a socket on a node with the device's login and sends its end to
// ends. It returns the status of the upgrade; zero: none came. Without ends the
// socket is closed at once.
func (d *Device) Connect(ctx context.Context, address string, ends chan<- End) int {
	socket, err := d.person.dial(ctx, address)
	if err != nil {
		return statusOf(err)
	}
	if ends == nil {
		socket.close()
		return http.StatusSwitchingProtocols
	}
	go func() {
		for {
			if _, err := socket.next(context.WithoutCancel(ctx)); err != nil {
				ends <- End{int(websocket.CloseStatus(err)), time.Now(), err}
				return
			}
		}
	}()
	return http.StatusSwitchingProtocols
}
