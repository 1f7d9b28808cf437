package adversary_test

import (
	"bufio"

	"github.com/yodelrt/yodel/realtime/internal/rawclient"
)

const (
	final      = rawclient.Fin
	textFrame  = rawclient.Text
	dataFrame  = rawclient.Binary
	closeFrame = rawclient.Close
	pingFrame  = rawclient.Ping
	pongFrame  = rawclient.Pong
)

// frame builds a client frame. first is the byte of FIN, reserved bits and opcode.
func frame(first byte, payload []byte) []byte {
	return []byte(rawclient.Frame(first, string(payload)))
}

// readFrame reads one server frame.
func readFrame(in *bufio.Reader) (opcode byte, payload []byte, err error) {
	opcode, text, err := rawclient.Read(in)
	return opcode, []byte(text), err
}

// closePayload is that of a close frame.
func closePayload(code int, reason string) []byte {
	return []byte(rawclient.ClosePayload(code, reason))
}

// closeCode reads it; 1005 stands for none.
func closeCode(payload []byte) int {
	code, _ := rawclient.CloseOf(string(payload))
	return code
}
