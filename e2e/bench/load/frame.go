//go:build linux

package load

import (
	"bytes"
	"encoding/binary"
)

// Opcodes of RFC 6455, section 5.2.
const (
	opText   = 0x1
	opBinary = 0x2
	opClose  = 0x8
	opPing   = 0x9
	opPong   = 0xa
	fin      = 0x80
	masked   = 0x80
)

// AppendText appends a text message as a client sends it: masked, with a key of
// zeros, which leaves the payload readable.
func AppendText(to []byte, payload string) []byte { return appendFrame(to, opText, payload) }

func appendFrame(to []byte, opcode byte, payload string) []byte {
	to = append(to, fin|opcode)
	switch n := len(payload); {
	case n < 126:
		to = append(to, masked|byte(n))
	case n < 1<<16:
		to = binary.BigEndian.AppendUint16(append(to, masked|126), uint16(n))
	default:
		to = binary.BigEndian.AppendUint64(append(to, masked|127), uint64(n))
	}
	return append(append(to, 0, 0, 0, 0), payload...)
}

// nextFrame takes one server frame off the front. n is how many bytes it has, 0
// when it is not whole yet.
func nextFrame(data []byte) (opcode byte, body []byte, n int) {
	if len(data) < 2 {
		return 0, nil, 0
	}
	head, size := 2, int(data[1])
	switch size {
	case 126:
		head = 4
		if len(data) < head {
			return 0, nil, 0
		}
		size = int(binary.BigEndian.Uint16(data[2:]))
	case 127:
		head = 10
		if len(data) < head {
			return 0, nil, 0
		}
		size = int(binary.BigEndian.Uint64(data[2:]))
	}
	if len(data)-head < size {
		return 0, nil, 0
	}
	return data[0] & 0xf, data[head : head+size], head + size
}

var (
	pingFirst = []byte("{}\n")
	pingLater = []byte("\n{}")
	answer    = []byte(`{"id":`)
)

// pinged reports whether a frame has a ping of the protocol, alone or beside
// other messages.
func pinged(body []byte) bool {
	return string(body) == "{}" || bytes.HasPrefix(body, pingFirst) || bytes.Contains(body, pingLater)
}

// answers counts the answers to commands in a frame, which has a message a line.
func answers(body []byte) (count int) {
	for line := range bytes.Lines(body) {
		if bytes.HasPrefix(line, answer) {
			count++
		}
	}
	return count
}
