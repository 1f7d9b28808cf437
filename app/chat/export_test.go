package chat

import "time"

// LeaseLife changes how long a relay waits for a process that may have died.
func (r *Relay) LeaseLife(life time.Duration) { r.turns.Life = life }
