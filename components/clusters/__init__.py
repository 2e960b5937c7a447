"""Clusters: what must exist before a target can run anything; each gives a `ClusterAccess`."""
