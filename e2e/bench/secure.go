//go:build linux

package main

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/yodelrt/yodel/e2e/bench/load"
	"github.com/yodelrt/yodel/e2e/bench/peers"
)

var errNoTLS = errors.New("it does not serve TLS here")

// idleOverTLS is idle over TLS. The clients are Go's, one after the other: only
// what the server holds is measured.
func idleOverTLS(s *session) (map[string]float64, error) {
	if s.secure == "" {
		return nil, errNoTLS
	}
	var conns []*tls.Conn
	defer func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}()
	gather := func(count int) error {
		for range count {
			conn, err := s.dialTLS()
			if err != nil {
				return err
			}
			conns = append(conns, conn)
		}
		return nil
	}
	if err := gather(50); err != nil {
		return nil, err
	}
	empty, err := s.memory(s.ctx)
	if err != nil {
		return nil, err
	}
	count := s.o.some(5000)
	if err := gather(count); err != nil {
		return nil, err
	}
	full, err := s.memory(s.ctx)
	if err != nil {
		return nil, err
	}
	return map[string]float64{"tls.memory": (full.pss - empty.pss) / float64(count)}, nil
}

// dialTLS opens one connection that has connected and subscribed.
func (s *session) dialTLS() (*tls.Conn, error) {
	cookie, err := peers.Cookie(s.users)
	if err != nil {
		return nil, err
	}
	s.users++
	conn, err := tls.Dial("tcp", s.secure, &tls.Config{InsecureSkipVerify: true}) // the certificate was made for this run
	if err != nil {
		return nil, err
	}
	request := "GET /ws HTTP/1.1\r\nHost: " + s.address + "\r\nOrigin: http://" + s.address + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nCookie: " + cookie + "\r\n\r\n"
	if _, err := conn.Write([]byte(request)); err != nil {
		return nil, err
	}
	in := bufio.NewReader(conn)
	response, err := http.ReadResponse(in, nil)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusSwitchingProtocols {
		return nil, fmt.Errorf("over TLS: %s", response.Status)
	}
	if !s.kind.Protocol {
		return conn, nil
	}
	for i, command := range []string{`{"id":1,"connect":{}}`, fmt.Sprintf(`{"id":2,"subscribe":{"channel":%q}}`, peers.History)} {
		if _, err := conn.Write(load.AppendText(nil, command)); err != nil {
			return nil, err
		}
		buffer := make([]byte, 4096)
		for heard := ""; !strings.Contains(heard, fmt.Sprintf(`"id":%d,`, i+1)); {
			n, err := in.Read(buffer)
			if err != nil {
				return nil, err
			}
			heard += string(buffer[:n])
		}
	}
	return conn, nil
}
