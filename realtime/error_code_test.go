package realtime_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/yodelrt/yodel/realtime"
)

// A code and an Error with the same code are one error to errors.Is, wrapped or
// not, and a code reads as an Error to errors.As.
func TestErrorCode_Is(t *testing.T) {
	own := &realtime.Error{Code: realtime.ErrLimit, Message: "seven cups a day"}
	for _, test := range []struct {
		name        string
		err, target error
		want        bool
	}{
		{"code and itself", realtime.ErrLimit, realtime.ErrLimit, true},
		{"wrapped code", fmt.Errorf("brew: %w", realtime.ErrLimit), realtime.ErrLimit, true},
		{"code and another", realtime.ErrLimit, realtime.ErrBadRequest, false},
		{"own words and their code", fmt.Errorf("brew: %w", own), realtime.ErrLimit, true},
		{"code and own words", realtime.ErrLimit, own, true},
		{"own words and other words", own, &realtime.Error{Code: realtime.ErrLimit, Message: "enough"}, true},
		{"own words and another code", own, realtime.ErrBadRequest, false},
		{"own words and a nil error", own, (*realtime.Error)(nil), false},
		{"code and a foreign error", realtime.ErrLimit, errors.New("limit exceeded"), false},
		{"close and its code with other words", realtime.Close{Code: 3008, Reason: "too slow for us"}, realtime.CloseSlow, true},
		{"close and another", realtime.CloseSlow, realtime.CloseFlood, false},
		{"close and an error", realtime.CloseSlow, realtime.ErrLimit, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := errors.Is(test.err, test.target); got != test.want {
				t.Errorf("errors.Is: got %t, want %t", got, test.want)
			}
		})
	}
}

func TestErrorCode_As(t *testing.T) {
	for _, test := range []struct {
		code realtime.ErrorCode
		want realtime.Error
	}{
		{realtime.ErrInternal, realtime.Error{Code: 100, Message: "internal server error", Temporary: true}},
		{realtime.ErrPermissionDenied, realtime.Error{Code: 103, Message: "permission denied"}},
		{realtime.ErrTokenExpired, realtime.Error{Code: 109, Message: "token expired"}},
		{realtime.ErrTooManyRequests, realtime.Error{Code: 111, Message: "too many requests", Temporary: true}},
		{realtime.ErrConcurrentPagination, realtime.Error{Code: 113, Message: "concurrent pagination", Temporary: true}},
		{450, realtime.Error{Code: 450, Message: "error 450"}},
	} {
		var got *realtime.Error
		if !errors.As(fmt.Errorf("brew: %w", test.code), &got) {
			t.Errorf("%d is no *Error to errors.As", test.code)
			continue
		}
		if *got != test.want {
			t.Errorf("got %+v, want %+v", *got, test.want)
		}
	}
	var close realtime.Close
	if errors.As(realtime.ErrInternal, &close) {
		t.Error("an error of a command reads as a Close")
	}
}
