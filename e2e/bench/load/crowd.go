//go:build linux

package load

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// Mark is the byte that is in every payload once and nowhere else, so that
// deliveries are counted without decoding them.
const Mark = '^'

// ErrEnded: the server has ended a connection.
var ErrEnded = errors.New("the server has ended a connection")

// ErrStuck: what was waited for did not come in time.
var ErrStuck = errors.New("what was waited for did not come in time")

// Crowd is many connections to one server, or to several in turns. Its methods are
// for one goroutine.
type Crowd struct {
	// Delivered counts payloads that arrived over all connections, and Frames the
	// frames that brought them.
	Delivered, Frames int
	// Refusals: commands that are answered with an error are answered all the
	// same. Otherwise the first of them fails the crowd.
	Refusals bool
	// Path is that of the socket, "/ws" where it is empty.
	Path string
	// Heard is called for the payloads of one frame, when it is not nil. n is
	// how many its connection has got before.
	Heard func(member *Member, n int)

	servers []server
	epoll   int
	members []*Member
	byFD    map[int32]*Member
	buffer  []byte
	events  []unix.EpollEvent
	failure error
}

type server struct {
	address unix.SockaddrInet4
	host    string
}

// Member is one connection.
type Member struct {
	fd       int
	open     bool // the handshake is answered
	answers  int  // replies to commands, and the handshake's
	got      int  // payloads
	unparsed []byte
}

// Got is how many payloads have arrived.
func (m *Member) Got() int { return m.got }

// Answers is how many commands were answered, and the handshake. An answer that
// carries a payload is counted as that.
func (m *Member) Answers() int { return m.answers }

// NewCrowd prepares a crowd for servers on the loopback, hosts being their
// addresses. Close it.
func NewCrowd(hosts ...string) (*Crowd, error) {
	servers := make([]server, len(hosts))
	for i, host := range hosts {
		var port int
		if _, err := fmt.Sscanf(host, "127.0.0.1:%d", &port); err != nil {
			return nil, fmt.Errorf("the server is at %q, want 127.0.0.1: %w", host, err)
		}
		servers[i] = server{unix.SockaddrInet4{Port: port, Addr: [4]byte{127, 0, 0, 1}}, host}
	}
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("epoll: %w", err)
	}
	return &Crowd{
		servers: servers, epoll: epoll,
		byFD: map[int32]*Member{}, buffer: make([]byte, 256<<10), events: make([]unix.EpollEvent, 1024),
	}, nil
}

// Members are the connections, in the order in which they were opened.
func (c *Crowd) Members() []*Member { return c.members }

// Close cuts all connections, without leaving ports behind that can't be used
// again for a while.
func (c *Crowd) Close() {
	for _, m := range c.members {
		_ = unix.SetsockoptLinger(m.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
		_ = unix.Close(m.fd)
	}
	_ = unix.Close(c.epoll)
}

// atOnce bounds the handshakes, and the commands of Ask, that are under way.
const atOnce = 32

// Open opens so many connections; cookie(i) is the Cookie header of the i-th. Where
// hello is not empty, each sends it as its first message and waits for the
// answer.
func (c *Crowd) Open(count int, cookie func(i int) string, hello string) error {
	first := len(c.members)
	want := 1
	if hello != "" {
		want = 2
	}
	done, greeted := 0, first
	for done < count {
		if c.failure != nil {
			return c.failure
		}
		if opened := len(c.members) - first; opened < count && opened-done < atOnce {
			if err := c.dial(cookie(opened)); err != nil {
				return err
			}
			continue
		}
		if err := c.poll(patience); err != nil {
			return err
		}
		for ; hello != "" && greeted < len(c.members) && c.members[greeted].open; greeted++ {
			if err := c.members[greeted].Write(AppendText(nil, hello)); err != nil {
				return err
			}
		}
		for first+done < len(c.members) && c.members[first+done].answers >= want {
			done++
		}
	}
	return nil
}

func (c *Crowd) dial(cookie string) error {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("socket: %w", err)
	}
	m, to := &Member{fd: fd}, c.servers[len(c.members)%len(c.servers)]
	c.members = append(c.members, m)
	if err := unix.Connect(fd, &to.address); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return err
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
		return err
	}
	c.byFD[int32(fd)] = m
	if err := unix.EpollCtl(c.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)}); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	return m.Write([]byte("GET " + cmp.Or(c.Path, "/ws") + " HTTP/1.1\r\nHost: " + to.host + "\r\nOrigin: http://" + to.host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: " + cookie + "\r\n\r\n"))
}

// Ask has each of these connections send a message and waits until it is answered.
func (c *Crowd) Ask(members []*Member, message func(i int) string) error {
	before := make([]int, len(members))
	asked, done := 0, 0
	for done < len(members) {
		if asked < len(members) && asked-done < atOnce {
			before[asked] = members[asked].answers
			if err := members[asked].Write(AppendText(nil, message(asked))); err != nil {
				return err
			}
			asked++
			continue
		}
		if err := c.poll(patience); err != nil {
			return err
		}
		for done < asked && members[done].answers > before[done] {
			done++
		}
	}
	return nil
}

const patience = 20 * time.Second

// Until reads until done reports true.
func (c *Crowd) Until(done func() bool) error {
	for !done() {
		if err := c.poll(patience); err != nil {
			return err
		}
	}
	return nil
}

// UntilTime reads until a moment.
func (c *Crowd) UntilTime(end time.Time) error {
	for {
		left := time.Until(end)
		if left <= 0 {
			return nil
		}
		if err := c.poll(left); err != nil && !errors.Is(err, ErrStuck) {
			return err
		}
	}
}

// poll reads what there is, waiting for the first of it.
func (c *Crowd) poll(wait time.Duration) error {
	if c.failure != nil {
		return c.failure
	}
	n, err := unix.EpollWait(c.epoll, c.events, int((wait+time.Millisecond-1)/time.Millisecond))
	if err != nil && !errors.Is(err, unix.EINTR) {
		return fmt.Errorf("epoll: %w", err)
	}
	if n == 0 {
		return ErrStuck
	}
	for _, event := range c.events[:max(n, 0)] {
		c.read(c.byFD[event.Fd])
	}
	return c.failure
}

func (c *Crowd) read(m *Member) {
	n, err := unix.Read(m.fd, c.buffer)
	switch {
	case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
		return
	case err != nil:
		c.fail(fmt.Errorf("%w: %w", ErrEnded, err))
		return
	case n == 0:
		c.fail(ErrEnded)
		return
	}
	data := c.buffer[:n]
	if len(m.unparsed) > 0 {
		m.unparsed = append(m.unparsed, data...)
		data = m.unparsed
	}
	rest := c.take(m, data)
	if len(rest) == 0 {
		m.unparsed = nil
		return
	}
	m.unparsed = append([]byte(nil), rest...)
}

// take handles whole frames and returns what is left.
func (c *Crowd) take(m *Member, data []byte) (rest []byte) {
	if !m.open {
		end := bytes.Index(data, []byte("\r\n\r\n"))
		if end < 0 {
			return data
		}
		if !bytes.HasPrefix(data, []byte("HTTP/1.1 101")) {
			c.fail(fmt.Errorf("the handshake was answered %q", data))
			return nil
		}
		m.open = true
		m.answers++
		data = data[end+4:]
	}
	for {
		opcode, body, n := nextFrame(data)
		if n == 0 {
			return data
		}
		data = data[n:]
		c.frame(m, opcode, body)
	}
}

func (c *Crowd) frame(m *Member, opcode byte, body []byte) {
	switch opcode {
	case opPing:
		c.fail(m.Write(appendFrame(nil, opPong, string(body))))
		return
	case opClose:
		code := 0
		if len(body) >= 2 {
			code = int(binary.BigEndian.Uint16(body))
		}
		c.fail(fmt.Errorf("%w: %d %s", ErrEnded, code, body[min(2, len(body)):]))
		return
	}
	if pinged(body) {
		c.fail(m.Write(AppendText(nil, "{}")))
	}
	if n := bytes.Count(body, []byte{Mark}); n > 0 {
		c.Delivered += n
		c.Frames++
		if c.Heard != nil {
			c.Heard(m, n)
		}
		m.got += n
		return
	}
	m.answers += answers(body)
	if !c.Refusals && bytes.Contains(body, []byte(`"error":`)) {
		c.fail(fmt.Errorf("a command was answered %s", body))
	}
}

func (c *Crowd) fail(err error) {
	if c.failure == nil && err != nil {
		c.failure = err
	}
}

// Write sends bytes, waiting where the server does not read.
func (m *Member) Write(data []byte) error {
	for len(data) > 0 {
		n, err := unix.Write(m.fd, data)
		switch {
		case errors.Is(err, unix.EAGAIN):
			fds := []unix.PollFd{{Fd: int32(m.fd), Events: unix.POLLOUT}}
			if n, _ := unix.Poll(fds, int(patience/time.Millisecond)); n == 0 {
				return fmt.Errorf("write: %w", ErrStuck)
			}
		case err != nil && !errors.Is(err, unix.EINTR):
			return fmt.Errorf("write: %w", err)
		}
		data = data[max(n, 0):]
	}
	return nil
}
