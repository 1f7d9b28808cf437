package peers

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// loop is as little as a server can do: one thread, one epoll, no token, no
// registry beyond the sockets.
type loop struct {
	epoll  int
	batch  bool // join what is to be said to one connection into one write
	buffer []byte

	mu    sync.Mutex // the control publishes from another goroutine
	conns []int
	open  map[int]bool // answered the handshake
	due   int          // publications that wait to be written together
	wake  chan struct{}
}

// floor serves with a loop.
func floor(listener net.Listener, batch bool) (publish, func() error, error) {
	epoll, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return nil, nil, err
	}
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		return nil, nil, err
	}
	l := &loop{epoll: epoll, batch: batch, buffer: make([]byte, 64<<10), open: map[int]bool{}, wake: make(chan struct{}, 1)}
	say := l.publish
	if batch {
		say = l.publishSoon
		go l.publishTogether()
	}
	return say, func() error {
		defer file.Close() // or it would be closed with the garbage
		return l.run(int(file.Fd()))
	}, nil
}

func (l *loop) run(listening int) error {
	runtime.LockOSThread()
	if err := unix.SetNonblock(listening, true); err != nil {
		return err
	}
	if err := l.watch(listening); err != nil {
		return err
	}
	events := make([]unix.EpollEvent, 1024)
	for {
		n, err := unix.EpollWait(l.epoll, events, -1)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return err
		}
		for _, event := range events[:max(n, 0)] {
			if int(event.Fd) == listening {
				err = l.accept(listening)
			} else {
				err = l.read(int(event.Fd))
			}
			if err != nil {
				return err
			}
		}
	}
}

func (l *loop) watch(fd int) error {
	return unix.EpollCtl(l.epoll, unix.EPOLL_CTL_ADD, fd, &unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(fd)})
}

func (l *loop) accept(listening int) error {
	for {
		fd, _, err := unix.Accept4(listening, unix.SOCK_NONBLOCK|unix.SOCK_CLOEXEC)
		if errors.Is(err, unix.EAGAIN) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1); err != nil {
			return err
		}
		if err := l.watch(fd); err != nil {
			return err
		}
	}
}

func (l *loop) read(fd int) error {
	n, err := unix.Read(fd, l.buffer)
	if errors.Is(err, unix.EAGAIN) {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || n == 0 {
		delete(l.open, fd)
		for i, conn := range l.conns {
			if conn == fd {
				l.conns = append(l.conns[:i], l.conns[i+1:]...)
				break
			}
		}
		return unix.Close(fd)
	}
	if !l.open[fd] {
		l.open[fd] = true
		l.conns = append(l.conns, fd)
		return l.handshake(fd, l.buffer[:n])
	}
	return l.echo(fd, l.buffer[:n])
}

func (l *loop) handshake(fd int, request []byte) error {
	const name = "Sec-WebSocket-Key: "
	_, after, found := bytes.Cut(request, []byte(name))
	key, _, whole := bytes.Cut(after, []byte("\r\n"))
	if !found || !whole {
		return errors.New("a handshake without a key, or in pieces")
	}
	sum := sha1.Sum([]byte(string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")) // RFC 6455, section 4.2.2
	return write(fd, fmt.Appendf(nil, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(sum[:])))
}

// echo answers text messages with themselves. Whole frames come in one read,
// since the clients write them so.
func (l *loop) echo(fd int, data []byte) error {
	var answer []byte
	for len(data) >= 6 {
		head, size := 2, int(data[1]&0x7f)
		if size == 126 {
			head, size = 4, int(binary.BigEndian.Uint16(data[2:]))
		}
		end := head + 4 + size
		if size == 127 || len(data) < end {
			return errors.New("a frame that the floor does not know")
		}
		opcode, key, body := data[0]&0xf, data[head:head+4], data[head+4:end]
		for i := range body {
			body[i] ^= key[i&3]
		}
		data = data[end:]
		if opcode != 0x1 {
			continue
		}
		answer = appendText(answer, body)
		if !l.batch {
			if err := write(fd, answer); err != nil {
				return err
			}
			answer = answer[:0]
		}
	}
	if len(answer) == 0 {
		return nil
	}
	return write(fd, answer)
}

// appendText appends an unmasked text message.
func appendText(to, body []byte) []byte {
	if len(body) < 126 {
		return append(append(to, 0x81, byte(len(body))), body...)
	}
	return append(binary.BigEndian.AppendUint16(append(to, 0x81, 126), uint16(len(body))), body...)
}

// publish writes to every connection.
func (l *loop) publish(string) error {
	return l.toAll(appendText(nil, []byte(Payload)))
}

func (l *loop) toAll(frames []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, fd := range l.conns {
		if err := write(fd, frames); err != nil {
			return err
		}
	}
	return nil
}

// publishSoon leaves a publication to publishTogether.
func (l *loop) publishSoon(string) error {
	l.mu.Lock()
	l.due++
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return nil
}

// publishTogether writes what has come in meanwhile as one.
func (l *loop) publishTogether() {
	for range l.wake {
		l.mu.Lock()
		due := l.due
		l.due = 0
		l.mu.Unlock()
		if due == 0 {
			continue
		}
		var frames []byte
		for range due {
			frames = appendText(frames, []byte(Payload))
		}
		if err := l.toAll(frames); err != nil {
			fmt.Fprintln(os.Stderr, "bench: floor:", err)
		}
	}
}

// write writes all of it, waiting where the peer does not read.
func write(fd int, data []byte) error {
	for len(data) > 0 {
		n, err := unix.Write(fd, data)
		switch {
		case errors.Is(err, unix.EAGAIN):
			const patience = 10 * time.Second
			if n, _ := unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLOUT}}, int(patience/time.Millisecond)); n == 0 {
				return errors.New("a peer does not read")
			}
		case errors.Is(err, unix.EPIPE), errors.Is(err, unix.ECONNRESET):
			return nil // the loop learns of its end
		case err != nil && !errors.Is(err, unix.EINTR):
			return fmt.Errorf("write: %w", err)
		}
		data = data[max(n, 0):]
	}
	return nil
}
