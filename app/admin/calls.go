package admin

import (
	"context"
	"errors"

	"github.com/yodelrt/yodel/app/rpc"
	"github.com/yodelrt/yodel/realtime"
)

// Register lists every call of administrators on the hub. For everybody else they
// do not exist.
func (a *Admin) Register(hub *realtime.Hub) error {
	only := realtime.AllowCall(func(ctx context.Context, c *realtime.Conn) error {
		err := a.May(ctx, c.Principal().UserID)
		if Refused(err) {
			return realtime.ErrMethodNotFound
		}
		return err
	})
	return errors.Join(
		realtime.RPC(hub, "admin.users", rpc.By(a.Users), only),
		realtime.RPC(hub, "admin.role", rpc.By(a.SetRole), only),
		realtime.RPC(hub, "admin.disable", rpc.By(a.SetDisabled), only),
		realtime.RPC(hub, "admin.sessions", rpc.By(a.SessionsOf), only),
		realtime.RPC(hub, "admin.revoke", rpc.By(a.Revoke), only),
		realtime.RPC(hub, "admin.connections", rpc.By(a.Connections), only),
		realtime.RPC(hub, "admin.disconnect", rpc.By(a.Disconnect), only),
		realtime.RPC(hub, "admin.stats", rpc.By(a.Stats), only),
		realtime.RPC(hub, "admin.audit", rpc.By(a.ReadAudit), only),
		realtime.RPC(hub, "admin.invite", rpc.By(a.Invite), only),
		realtime.RPC(hub, "admin.invitations", rpc.By(a.OpenInvitations), only),
		realtime.RPC(hub, "admin.uninvite", rpc.By(a.EndInvitation), only),
	)
}
