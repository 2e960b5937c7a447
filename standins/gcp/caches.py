"""Memorystore: after `mmv1/products/redis/Instance.yaml` of magic-modules."""

from collections.abc import Iterable
from typing import ClassVar, Final

from standins.gcp.cloud import Cloud
from standins.gcp.kind import Kind
from standins.tables import inputs, longest
from standins.traits import Trait
from standins.values import Properties

MOST_GIB: Final = 300
"""https://cloud.google.com/memorystore/docs/redis/instance-properties#capacity"""


class Instance(Kind):
    """`redis.Instance`."""

    token = "gcp:redis/instance:Instance"  # noqa: S105 - a type token
    api = "redis.v1"
    collection = "projects.locations.instances"
    identity = "projects/{project}/locations/{region}/instances/{name}"
    places: ClassVar = {"parent": "projects/{project}/locations/{region}", "name": "{id}", "instanceId": "{name}"}
    apart = frozenset({"name"})
    masked = True
    labelled = "labels"
    traits = inputs(
        in_place="displayName labels maintenancePolicy maintenanceVersion memorySizeGb persistenceConfig "
        "readReplicasMode redisConfigs redisVersion replicaCount secondaryIpRange",
        replaces="alternativeLocationId authorizedNetwork customerManagedKey locationId project region reservedIpRange",
        computed="alternativeLocationId authorizedNetwork locationId maintenanceVersion persistenceConfig project "
        "readReplicasMode redisVersion region replicaCount reservedIpRange secondaryIpRange",
        authEnabled=Trait(default=False, in_place=True),
        connectMode=Trait(default="DIRECT_PEERING"),
        name=Trait(computed=True, rule=longest(40, r"[a-z]([-a-z0-9]*[a-z0-9])?")),
        tier=Trait(default="BASIC"),
        transitEncryptionMode=Trait(default="DISABLED"),
    )
    outputs: ClassVar = {
        "createTime": "createTime",
        "currentLocationId": "currentLocationId",
        "host": "host",
        "nodes": "nodes",
        "persistenceIamIdentity": "persistenceIamIdentity",
        "port": "port",
        "readEndpoint": "readEndpoint",
        "readEndpointPort": "readEndpointPort",
        "serverCaCerts": "serverCaCerts",
    }

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        size = inputs.get("memorySizeGb")
        if isinstance(size, int) and not 1 <= size <= MOST_GIB:
            yield "memorySizeGb", f"{size} is not from 1 to {MOST_GIB}"

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:
        """Its password is asked for apart."""
        found = super().found(cloud, known)
        if found is None or not found.get("authEnabled"):
            return found
        return {**found, "authString": cloud.send(self.request("getAuthString", known)).get("authString")}

    def read_out(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        return {**super().read_out(found, known), "authString": found.get("authString") or ""}
