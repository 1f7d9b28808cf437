package realtime

import "encoding/binary"

// message is one WebSocket message on its way out. A message that goes to many
// is made once and shared; nobody changes it.
type message struct {
	payload []byte
	whole   []byte // with the frame's header in front; nil makes it when needed
}

// maxHeader is the longest header of a frame that a server sends: 2 bytes and a
// length of 8 (RFC 6455, section 5.2).
const maxHeader = 10

// shared makes a message whose frame is made once for all that receive it.
func shared(payload []byte, binary bool) message {
	whole := appendHeader(make([]byte, 0, maxHeader+len(payload)), len(payload), binary)
	header := len(whole)
	whole = append(whole, payload...)
	return message{payload: whole[header:], whole: whole}
}

// appendHeader appends the header of an unfragmented, unmasked data frame.
func appendHeader(to []byte, length int, binaryData bool) []byte {
	const final, text, data = 0x80, 0x1, 0x2
	opcode := byte(text)
	if binaryData {
		opcode = data
	}
	switch {
	case length < 126:
		return append(to, final|opcode, byte(length))
	case length < 1<<16:
		return binary.BigEndian.AppendUint16(append(to, final|opcode, 126), uint16(length))
	}
	return binary.BigEndian.AppendUint64(append(to, final|opcode, 127), uint64(length))
}
