package admin

import (
	"context"

	"github.com/yodelrt/yodel/realtime/cluster"
)

// clusterInfo asks all nodes, and names those that did not answer. Where the others
// can't be asked, this one answers alone.
func (a *Admin) clusterInfo(ctx context.Context, query cluster.InfoQuery) (found cluster.Info, missing []string) {
	found, err := a.Hub.ClusterInfo(ctx, query)
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
func nodeNames(found cluster.Info) map[string]string {
	names := map[string]string{}
	for _, one := range found.Nodes {
		names[one.Node.ID] = called(one.Node)
	}
	return names
}

// called is what people call a node: its operator's name for it, or its id.
func called(one cluster.Node) string {
	if one.Name == "" {
		return one.ID
	}
	return one.Name
}

// connectionsOf counts the connections of some users on all nodes.
func (a *Admin) connectionsOf(ctx context.Context, users ...string) map[string]int {
	found, _ := a.clusterInfo(ctx, cluster.InfoQuery{Users: users})
	sums := map[string]int{}
	for _, info := range found.Nodes {
		for user, n := range info.Users {
			sums[user] += n
		}
	}
	return sums
}
