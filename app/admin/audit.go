package admin

import (
	"context"
	"strings"

	"github.com/yodelrt/yodel/app/audit"
	"github.com/yodelrt/yodel/app/chat/wire"
)

// ReadAudit returns a page of the audit log.
func (a *Admin) ReadAudit(ctx context.Context, _ string, in wire.AuditQuery) (wire.Audit, error) {
	limit := limitOf(in.Limit, 50, 200)
	found, err := a.Audit.Read(ctx, audit.Page{Before: in.Before, Query: strings.ToLower(in.Query), Action: in.Action, Limit: limit + 1})
	out := wire.Audit{Entries: []wire.AuditEntry{}, More: len(found) > limit}
	for _, e := range found[:min(limit, len(found))] {
		out.Entries = append(out.Entries, wire.AuditEntry{
			ID: e.ID, At: e.At, Action: e.Action, ActorID: e.ActorID, Actor: e.Actor, TargetID: e.TargetID, Target: e.Target,
			Address: e.Address, Detail: e.Detail,
		})
	}
	return out, err
}
