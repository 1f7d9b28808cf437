package admin

import (
	"context"

	"github.com/yodelrt/yodel/realtime"
)

// survey asks all nodes, and names those that did not answer. Where the others
// can't be asked, this one answers alone.
func (a *Admin) survey(ctx context.Context, question realtime.InfoQuery) (found realtime.ClusterInfo, missing []string) {
	found, err := a.Hub.ClusterInfo(ctx, question)
	missing = []string{}
	if err != nil {
		a.Log.Error("the other nodes were not asked", "error", err)
		missing = append(missing, "all other nodes")
	}
	for _, one := range found.Silent {
		missing = append(missing, called(one))
	}
	return found, missing
}

// nodeNames are the names of nodes by their ids.
func nodeNames(found realtime.ClusterInfo) map[string]string {
	names := map[string]string{}
	for _, one := range found.Reports {
		names[one.Node.ID] = called(one.Node)
	}
	return names
}

// called is what people call a node: its operator's name for it, or its id.
func called(one realtime.Node) string {
	if one.Name == "" {
		return one.ID
	}
	return one.Name
}

// connectionsOf counts the connections of some users on all nodes.
func (a *Admin) connectionsOf(ctx context.Context, users ...string) map[string]int {
	found, _ := a.survey(ctx, realtime.InfoQuery{Users: users})
	sums := map[string]int{}
	for _, report := range found.Reports {
		for user, n := range report.Users {
			sums[user] += n
		}
	}
	return sums
}
