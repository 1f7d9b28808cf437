// Package rawclient is for tests: frames of WebSocket byte by byte.
package rawclient

import (
	"encoding/binary"
	"io"
)

// The first byte of a frame (RFC 6455, section 5.2): Fin, and one of the opcodes.
const (
	Fin    = 0x80
	Text   = 0x1
	Binary = 0x2
	Close  = 0x8
	Ping   = 0x9
	Pong   = 0xa
)

// noCode stands for a close frame without a code (RFC 6455, section 7.1.5).
const noCode = 1005

// Frame builds a masked client frame with a zero key. first is the byte of Fin, reserved
// bits and opcode.
func Frame(first byte, payload string) string {
	head := []byte{first}
	switch n := len(payload); {
	case n < 126:
		head = append(head, 0x80|byte(n))
	case n < 1<<16:
		head = binary.BigEndian.AppendUint16(append(head, 0x80|126), uint16(n))
	default:
		head = binary.BigEndian.AppendUint64(append(head, 0x80|127), uint64(n))
	}
	return string(head) + "\x00\x00\x00\x00" + payload
}

// Read reads one server frame.
func Read(in io.Reader) (opcode byte, payload string, err error) {
	var head [2]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, "", err
	}
	n := uint64(head[1])
	switch n {
	case 126:
		var size uint16
		err = binary.Read(in, binary.BigEndian, &size)
		n = uint64(size)
	case 127:
		err = binary.Read(in, binary.BigEndian, &n)
	}
	if err != nil {
		return 0, "", err
	}
	body := make([]byte, n)
	_, err = io.ReadFull(in, body)
	return head[0] & 0xf, string(body), err
}

// ClosePayload is that of a close frame.
func ClosePayload(code int, reason string) string {
	return string(binary.BigEndian.AppendUint16(nil, uint16(code))) + reason
}

// CloseOf reads the payload of a close frame; code 1005 stands for none.
func CloseOf(payload string) (code int, reason string) {
	if len(payload) < 2 {
		return noCode, ""
	}
	return int(binary.BigEndian.Uint16([]byte(payload))), payload[2:]
}
