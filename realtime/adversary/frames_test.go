package adversary_test

import (
	"bufio"
	"encoding/binary"
	"io"
)

// Frames of WebSocket (RFC 6455, section 5.2).
const (
	final      = 0x80
	textFrame  = 0x1
	dataFrame  = 0x2
	closeFrame = 0x8
	pingFrame  = 0x9
	pongFrame  = 0xa
)

// frame builds a masked client frame with a zero key. first is the byte of FIN,
// reserved bits and opcode.
func frame(first byte, payload []byte) []byte {
	out := []byte{first}
	switch n := len(payload); {
	case n < 126:
		out = append(out, 0x80|byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, 0x80|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, 0x80|127), uint64(n))
	}
	out = append(out, 0, 0, 0, 0)
	return append(out, payload...)
}

// readFrame reads one server frame.
func readFrame(in *bufio.Reader) (opcode byte, payload []byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, nil, err
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
		return 0, nil, err
	}
	payload = make([]byte, n)
	_, err = io.ReadFull(in, payload)
	return head[0] & 0xf, payload, err
}

// closePayload is that of a close frame.
func closePayload(code int, reason string) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(code)), reason...)
}

// closeCode reads it; 1005 stands for none.
func closeCode(payload []byte) int {
	if len(payload) < 2 {
		return 1005
	}
	return int(binary.BigEndian.Uint16(payload))
}
