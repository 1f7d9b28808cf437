package adversary_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// run dials, upgrades and reads until the end.
func (l *link) run(query string) {
	defer close(l.over)
	conn, err := l.net.dial()
	if err != nil {
		l.finish(0)
		return
	}
	defer conn.Close()
	l.mu.Lock()
	l.conn = conn
	gone := l.hungUp
	l.mu.Unlock()
	if gone {
		l.finish(0)
		return
	}
	in := bufio.NewReaderSize(conn, 1024)
	if _, err := io.WriteString(conn, l.request(query)); err != nil {
		l.finish(0)
		return
	}
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		l.finish(0)
		return
	}
	l.mu.Lock()
	l.status = response.StatusCode
	if l.ended && l.status == http.StatusSwitchingProtocols {
		l.broken("after-shutdown", "%s was upgraded after Shutdown had returned", l.tag)
	}
	l.mu.Unlock()
	if response.StatusCode != http.StatusSwitchingProtocols {
		l.finish(0)
		return
	}
	go l.writing(conn)
	l.reading(conn, in)
}

func (l *link) request(query string) string {
	lines := []string{
		"GET /" + query + " HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
		"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "Test-Address: " + l.address,
	}
	if l.pending {
		lines = append(lines, "Test-Pending: 1")
	} else {
		lines = append(lines, "Test-User: "+l.who.user, "Test-Session: "+l.who.session, "Test-Token: "+l.who.token, fmt.Sprint("Test-Epoch: ", l.who.epoch))
		if l.who.life > 0 {
			lines = append(lines, "Test-Life: "+l.who.life.String())
		}
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n"
}

// writing writes what is to be sent, so that a server which does not read holds up
// nobody else.
func (l *link) writing(conn net.Conn) {
	for {
		select {
		case <-l.over:
			return
		case bytes := <-l.out:
			if _, err := conn.Write(bytes); err != nil {
				return
			}
		}
	}
}

// put sends bytes, unless too many wait already.
func (l *link) put(bytes []byte) {
	select {
	case l.out <- bytes:
	default:
	}
}

// reading handles frames until the connection ends.
func (l *link) reading(conn net.Conn, in *bufio.Reader) {
	code := 0
	for {
		l.mu.Lock()
		stall := l.stall
		l.mu.Unlock()
		if stall != nil {
			<-stall
		}
		opcode, payload, err := readFrame(in)
		if err != nil {
			l.trace("%s reads no more: %v", l.tag, err)
			break
		}
		if code != 0 && opcode != pongFrame {
			l.broken("after-close", "%s got a frame %x %.60q behind the close frame %d", l.tag, opcode, payload, code)
		}
		switch opcode {
		case closeFrame:
			if code = closeCode(payload); code == 1005 {
				code = 1000
			}
			l.put(frame(final|closeFrame, payload))
			l.mu.Lock()
			l.told = true
			l.mu.Unlock()
			l.judgeClose(code, string(payload[min(2, len(payload)):]))
		case pingFrame:
			if !l.isMute() {
				l.put(frame(final|pongFrame, payload))
			}
		case pongFrame:
		default:
			l.hear(l, payload)
		}
	}
	_ = conn.Close()
	l.finish(code)
}

// finish notes the end.
func (l *link) finish(code int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.status == http.StatusSwitchingProtocols && code == 0 && !l.hungUp {
		l.judgeSilentEnd()
	}
	l.done, l.doneAt, l.closed = true, now(), code
	l.hubSide.rest(l)
}
