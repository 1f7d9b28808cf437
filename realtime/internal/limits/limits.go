// Package limits completes the limits of the hub and of the plain handler: what is
// set is held against what it needs, and defaults follow it.
package limits

import (
	"fmt"
	"math"
	"slices"
	"time"
)

// Field is a limit that is a whole number. Default is its value where it is zero.
type Field struct {
	Name    string
	Value   *int
	Default int
}

// Relation says that a limit, and Plus more, takes Times of another for each. A
// default that follows what is set has Follows for each, Times where that is zero.
type Relation struct {
	Limit, Needs         string
	Plus, Times, Follows int
	Why                  string
}

// Table is the limits of a handler, each behind those that it needs. Its errors wrap
// Refused.
type Table struct {
	Fields    []Field
	Relations []Relation
	Refused   error
}

// Most is the largest value of the limit for one of what it needs.
func (r Relation) Most(of int) int { return of/r.Times - r.Plus }

// least is the smallest value of what it needs for one of the limit.
func (r Relation) least(limit int) int {
	if limit > math.MaxInt/r.Times-r.Plus {
		return math.MaxInt
	}
	return (limit + r.Plus) * r.Times
}

// Check tells of a limit that is more than another has room for. The error wraps
// refused.
func (r Relation) Check(refused error, limit, of int) error {
	most := r.Most(of)
	if limit <= most {
		return nil
	}
	remedy := fmt.Sprintf("raise %s to %d", r.Needs, r.least(limit))
	if most > 0 {
		remedy += fmt.Sprintf(" or lower %s to %d", r.Limit, most)
	}
	return fmt.Errorf("%w: Limits.%s is %d and Limits.%s is %d: %s; %s", refused, r.Limit, limit, r.Needs, of, r.Why, remedy)
}

// mostRaised is how many times a default goes up for a limit that needs more of it.
// Beyond that the application says itself what it wants to bear.
const mostRaised = 32

// Complete fills in the limits that are zero and holds all against each other.
func (t Table) Complete() error {
	values := map[string]int{}
	floors, err := t.floors()
	if err != nil {
		return err
	}
	for _, f := range t.Fields {
		if *f.Value == 0 {
			*f.Value = t.fitting(f, values, floors[f.Name])
		}
		values[f.Name] = *f.Value
	}
	for _, r := range t.Relations {
		if err := r.Check(t.Refused, values[r.Limit], values[r.Needs]); err != nil {
			return err
		}
	}
	return nil
}

// floors tells what the limits that are set need of the others.
func (t Table) floors() (map[string]int, error) {
	floors := map[string]int{}
	for _, f := range slices.Backward(t.Fields) {
		if *f.Value < 0 {
			return nil, t.negative(f.Name, *f.Value)
		}
		value := *f.Value
		if value == 0 {
			value = floors[f.Name]
		}
		for _, r := range t.Relations {
			if r.Limit == f.Name && value > 0 {
				roomy := r
				roomy.Times = max(r.Times, r.Follows)
				floors[r.Needs] = max(floors[r.Needs], roomy.least(value))
			}
		}
	}
	return floors, nil
}

// fitting is the default of a limit: raised to what others need of it, lowered to
// what those that it needs have room for.
func (t Table) fitting(f Field, values map[string]int, floor int) int {
	value := max(f.Default, min(floor, f.Default*mostRaised))
	for _, r := range t.Relations {
		if r.Limit == f.Name {
			value = min(value, r.Most(values[r.Needs]))
		}
	}
	return max(value, 1)
}

func (t Table) negative(name string, value any) error {
	return fmt.Errorf("%w: Limits.%s is %v; give it a positive value, or leave it zero for its default", t.Refused, name, value)
}

// Times are the limits that are no whole numbers. Age and Idle stay zero for no
// bound.
type Times struct {
	RateName                string
	Rate                    *float64
	AuthDeadline, Age, Idle *time.Duration
}

// CompleteTimes fills in the rate and the deadline where they are zero.
func (t Table) CompleteTimes(times Times, rate float64, deadline time.Duration) error {
	switch {
	case !(*times.Rate >= 0): // nor no number at all
		return t.negative(times.RateName, *times.Rate)
	case *times.AuthDeadline < 0:
		return t.negative("AuthDeadline", *times.AuthDeadline)
	case *times.Age < 0:
		return t.negative("Age", *times.Age)
	case *times.Idle < 0:
		return t.negative("Idle", *times.Idle)
	case *times.Age > 0 && *times.Idle > *times.Age:
		return fmt.Errorf("%w: Limits.Idle is %s and Limits.Age is %s: nobody could be idle for so long; lower Idle or raise Age", t.Refused, *times.Idle, *times.Age)
	}
	Default(times.Rate, rate)
	Default(times.AuthDeadline, deadline)
	return nil
}

// Default gives a value that is zero its default.
func Default[T comparable](value *T, standard T) {
	var zero T
	if *value == zero {
		*value = standard
	}
}

// OfConnections are the relations of what a hub and a plain handler count alike.
var OfConnections = []Relation{
	{Limit: "ConnectionsPerUser", Needs: "Connections", Times: 1, Why: "one user could never have that many"},
	{Limit: "ConnectionsPerAddress", Needs: "Connections", Times: 1, Why: "one address could never have that many"},
	{Limit: "Connecting", Needs: "Connections", Times: 1, Why: "that many could never connect at once"},
	{Limit: "PendingPerAddress", Needs: "Pending", Times: 1, Why: "one address could never have that many"},
}
