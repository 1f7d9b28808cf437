package transport

import "encoding/binary"

// Message is one WebSocket message on its way out. A message that goes to many is
// made once and shared; nobody changes it.
type Message struct {
	data   []byte // the payload, behind its frame's header if it has one
	header uint8  // length of the header; 0 makes one when it is needed
}

// maxHeader is the longest header of a frame that a server sends: 2 bytes and a
// length of 8 (RFC 6455, section 5.2).
const maxHeader = 10

// Shared makes a message whose frame is made once for all that receive it. They all
// speak binary, or none does. The payload is copied.
func Shared(payload []byte, binary bool) Message {
	data := appendHeader(make([]byte, 0, maxHeader+len(payload)), len(payload), binary)
	header := len(data)
	return Message{data: append(data, payload...), header: uint8(header)}
}

// Plain makes a message for one conn. The payload is not copied and must not change.
func Plain(payload []byte) Message { return Message{data: payload} }

// Len is the length of the payload in bytes.
func (m Message) Len() int { return len(m.data) - int(m.header) }

func (m Message) payload() []byte { return m.data[m.header:] }

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
