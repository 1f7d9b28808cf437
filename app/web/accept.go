package web

import (
	"strconv"
	"strings"
)

// identity is the coding of what is not encoded.
const identity = "identity"

// weights are what a request says of the codings that it takes (RFC 9110, section
// 12.5.3).
type weights map[string]float64

// acceptedCodings reads the values of Accept-Encoding. An entry whose weight can't
// be read is left out.
func acceptedCodings(header []string) weights {
	accepted := weights{}
	for entry := range strings.SplitSeq(strings.Join(header, ","), ",") {
		coding, parameter, weighted := strings.Cut(entry, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if coding == "x-gzip" { // RFC 9110, section 8.4.1.3
			coding = "gzip"
		}
		if weight, ok := weight(parameter, weighted); ok && coding != "" {
			accepted[coding] = weight
		}
	}
	return accepted
}

func weight(parameter string, weighted bool) (float64, bool) {
	if !weighted {
		return 1, true
	}
	name, value, _ := strings.Cut(parameter, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 0, false
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	return q, err == nil && q >= 0 && q <= 1
}

// unnamed is the weight of identity where the request does not name it: it is taken,
// and everything else that is taken comes first.
const unnamed = 1e-4

// of is the weight of a coding, 0 where it is refused.
func (w weights) of(coding string) float64 {
	if weight, named := w[coding]; named {
		return weight
	}
	all, starred := w["*"]
	switch {
	case coding == identity && starred && all == 0:
		return 0
	case coding == identity:
		return unnamed
	}
	return all
}
