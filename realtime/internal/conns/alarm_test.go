package conns_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/yodelrt/yodel/realtime/internal/conns"
)

func TestAlarms_RingInTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		rung := map[conns.Alarm][]time.Duration{}
		s := newSet(t, conns.Limits{}, func(_ *conns.Conn, a conns.Alarm) { rung[a] = append(rung[a], time.Since(begun)) })
		c := s.open("alice")
		c.SetAlarm(conns.AlarmExpiry, time.Hour)
		c.SetAlarm(conns.AlarmPing, 10*time.Second)
		c.SetAlarm(conns.AlarmConnect, 5*time.Second)
		c.SetAlarm(conns.AlarmIdle, 7*time.Second)
		c.SetAlarm(conns.AlarmIdle, 20*time.Second) // in place of the earlier one
		c.StopAlarm(conns.AlarmConnect)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if got := rung[conns.AlarmConnect]; len(got) != 0 {
			t.Errorf("a stopped alarm: rang at %v", got)
		}
		for alarm, want := range map[conns.Alarm]time.Duration{conns.AlarmPing: 10 * time.Second, conns.AlarmIdle: 20 * time.Second} {
			if got := rung[alarm]; len(got) != 1 || got[0] != want {
				t.Errorf("alarm %d: rang at %v, want once at %v", alarm, got, want)
			}
		}
		c.SetAlarm(conns.AlarmPing, -time.Second) // at once
		synctest.Wait()
		if got := rung[conns.AlarmPing]; len(got) != 2 {
			t.Errorf("an alarm that is due: rang %d times, want 2", len(got))
		}
		s.Gone(c)
		c.SetAlarm(conns.AlarmPing, time.Second)
		time.Sleep(2 * time.Hour)
		if got := rung[conns.AlarmExpiry]; len(got) != 0 || len(rung[conns.AlarmPing]) != 2 {
			t.Error("an alarm of a connection that is gone rang")
		}
	})
}
