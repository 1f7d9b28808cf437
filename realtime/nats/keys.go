package nats

import "strings"

// messageID is the id by which the server knows a publication with a key again.
// It travels in a header, where line ends and spaces at the ends do not survive,
// so other bytes than printable ASCII are written as = and two hexadecimal digits.
func messageID(subject, key string) string {
	var id strings.Builder
	id.Grow(len(subject) + len(key) + 1)
	id.WriteString(subject)
	id.WriteByte(' ')
	for i := range len(key) {
		if b := key[i]; b > ' ' && b < 0x7f && b != '=' {
			id.WriteByte(b)
		} else {
			id.WriteByte('=')
			id.WriteByte(hexDigits[b>>4])
			id.WriteByte(hexDigits[b&15])
		}
	}
	return id.String()
}
