"""`SwarmCluster`: what the applications of one Swarm share: its entry point, and the network to reach them on."""

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

import pulumi
import pulumi_docker as docker

from ..access import SwarmAccess
from ..errors import SettingsError
from . import blocks, entry_point, existing


def create(
    name: str,
    new: Mapping[str, Any],
    *,
    protect: bool,  # noqa: ARG001 - nothing holds state
    parent: pulumi.Resource | None = None,
) -> "SwarmCluster":
    """Make the cluster of a stack's `slipway:cluster.new`, with an explicit provider.

    Args:
        name: see `SwarmCluster`.
        new: what `existing` takes on swarm, but that `ingress` describes the entry point to make.
        protect: of no effect: the entry point holds no state that is a resource.
        parent: whose child it is; None: the stack's.

    Raises:
        SettingsError: a setting is wrong; nothing was created.
    """
    access, ingress = _read(new)
    provider = docker.Provider(f"{name}-docker", **access.provider, opts=pulumi.ResourceOptions(parent=parent))
    options = pulumi.ResourceOptions(parent=parent, providers={"docker": provider})
    return SwarmCluster(name, {"access": access, "ingress": ingress}, options)


def expected(name: str, new: Mapping[str, Any]) -> dict[str, Any]:
    """The output `access` of a cluster before it is made, for an application of the same stack.

    Args:
        name: see `SwarmCluster`.
        new: as `create` takes it.

    Raises:
        SettingsError: a setting is wrong.
    """
    access, ingress = _read(new)
    return _access(name, access, ingress, network=blocks.later(), image=blocks.later())


def _read(new: Mapping[str, Any]) -> tuple[SwarmAccess, dict[str, Any]]:
    """How the Swarm is reached, and the entry point's settings."""
    access = existing.swarm({key: value for key, value in new.items() if key != "ingress"})
    ingress: dict[str, Any] = new.get("ingress") or {}
    found = entry_point.problems(ingress)
    if found:
        raise SettingsError(found)
    return access, ingress


def _access(
    name: str, access: SwarmAccess, ingress: Mapping[str, Any], *, network: pulumi.Output[str], image: Any
) -> dict[str, Any]:
    """What an application's stack has to know."""
    return {
        "kind": "swarm",
        "host": access.host,
        "ca": access.ca,
        "cert": access.cert,
        "key": None if access.key is None else pulumi.Output.secret(access.key),
        "routingMesh": access.routing_mesh,
        "volumeNode": access.volume_node,
        "address": access.published_at,
        "hostKey": access.host_key,
        "ingress": {
            "network": network,
            "volume": entry_point.volume(name),
            "node": entry_point.constraint(ingress),
            "image": image,
            **{key: ingress.get(key, port) for key, port in entry_point.PUBLISHED.items()},
        },
    }


class SwarmClusterArgs(TypedDict):
    """What the applications of a Swarm share."""

    access: NotRequired[Any]
    """`access.SwarmAccess`; default: the manager that the user's own tools would use."""
    ingress: dict[str, Any]
    """The entry point: `node` (the hostname of the node that it is on, required), `image` (default traefik:v3.5),
    `http` and `https` (ports, default 80 and 443), `email` (for certificates by ACME), or `certificate` and `key`
    (PEM)."""


class SwarmCluster(pulumi.ComponentResource):
    """The entry point of a Swarm, and the network on which it reaches the applications' services."""

    access: dict[str, Any]
    """What an application's stack has to know, as plain data: the stack's output `access`."""

    def __init__(self, name: str, args: SwarmClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        """Create the network and the entry point.

        Args:
            name: begins the logical name of every child, and the names in the Swarm.
            args: see `SwarmClusterArgs`.
            opts: a docker provider belongs in `providers` where default providers are disabled.

        Raises:
            SettingsError: the entry point's settings are wrong; nothing was created.
        """
        super().__init__("slipway:index:SwarmCluster", name, {}, opts)
        access: SwarmAccess = args.get("access") or SwarmAccess()
        ingress = args["ingress"]
        found = entry_point.problems(ingress)
        if found:
            raise SettingsError(found)
        shared: Any = entry_point.labels(name)
        own = pulumi.ResourceOptions(parent=self)
        network = docker.Network(f"{name}-ingress", name=f"{name}-ingress", driver="overlay", labels=shared, opts=own)
        arguments = entry_point.service(
            name,
            ingress,
            network=network.id,
            files=self._certificate(name, ingress, shared) if "certificate" in ingress else {},
            mesh=access.routing_mesh,
        )
        # the plugin writes down which platforms the image is for
        unasked = ["taskSpec.placement.platforms"]
        options = pulumi.ResourceOptions(parent=self, delete_before_replace=True, ignore_changes=unasked)
        entry = docker.Service(f"{name}-entry", **arguments, opts=options)
        # an output of the service: an application's routes wait for the entry point
        image = entry.task_spec.apply(lambda spec: spec.container_spec.image)
        self.access = _access(name, access, ingress, network=network.id, image=image)
        self.register_outputs({"access": self.access})

    def _certificate(self, name: str, ingress: Mapping[str, Any], shared: Any) -> dict[str, Any]:
        """The container's secrets and configs for a certificate that was given."""
        options = pulumi.ResourceOptions(parent=self)
        secrets: list[dict[str, Any]] = []
        for part, file in entry_point.CERTIFICATE.items():
            content = pulumi.Output.secret(ingress[part]).apply(entry_point.encoded)
            secret = docker.Secret(f"{name}-{part}", data=content, labels=shared, opts=options)
            secrets.append({"secret_id": secret.id, "secret_name": secret.name, "file_name": file, "file_mode": 0o400})
        pair = entry_point.encoded(entry_point.tls_file())
        config = docker.ServiceConfig(f"{name}-tls", data=pair, labels=shared, opts=options)
        reference = {"config_id": config.id, "config_name": config.name, "file_name": entry_point.TLS_FILE}
        return {"secrets": secrets, "configs": [reference]}
