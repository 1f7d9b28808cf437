package retention

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Period is how long something is kept. 0 is for ever.
type Period time.Duration

// MinPeriod is the shortest, so that a slip of the hand does not empty a chat.
const MinPeriod = Period(time.Hour)

const (
	day     = 24 * time.Hour
	forever = "forever"
	maxDays = 100 * 365
)

// ErrPeriod says how a period is written.
var ErrPeriod = errors.New("write days as 90d or hours as 36h, an hour at least, or forever")

// UnmarshalText reads 90d, 36h or forever.
func (p *Period) UnmarshalText(text []byte) error {
	if string(text) == forever {
		*p = 0
		return nil
	}
	length, err := parse(string(text))
	if err != nil || length < MinPeriod || length > Period(maxDays*day) {
		return fmt.Errorf("%q: %w", text, ErrPeriod)
	}
	*p = length
	return nil
}

func parse(text string) (Period, error) {
	if days, found := strings.CutSuffix(text, "d"); found {
		n, err := strconv.ParseUint(days, 10, 16)
		return Period(time.Duration(n) * day), err
	}
	length, err := time.ParseDuration(text)
	return Period(length), err
}

// String writes a period as it is read.
func (p Period) String() string {
	switch length := time.Duration(p); {
	case p == 0:
		return forever
	case length%day == 0:
		return strconv.FormatInt(int64(length/day), 10) + "d"
	default:
		return length.String()
	}
}
