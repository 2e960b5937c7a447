"""`docker.Network`, after `resource_docker_network*.go`."""

import time
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from standins.docker import labels
from standins.docker.engine import Engine, EngineError
from standins.docker.removal import remove
from standins.resource import Call, Resource, StandinError, State
from standins.traits import Trait
from standins.values import Properties

_ALLOCATE_SECONDS: Final = 10.0
_ALLOCATE_INTERVAL_SECONDS: Final = 0.1

# input -> key of the Engine's body; what is unset is left to the Engine
_BODY: Final[Mapping[str, str]] = {
    "driver": "Driver",
    "options": "Options",
    "internal": "Internal",
    "attachable": "Attachable",
    "ingress": "Ingress",
    "ipv6": "EnableIPv6",
}
_IPAM: Final[Mapping[str, str]] = {
    "subnet": "Subnet",
    "ipRange": "IPRange",
    "gateway": "Gateway",
    "auxAddress": "AuxiliaryAddresses",
}
_ENDPOINT: Final[Mapping[str, str]] = {
    "name": "Name",
    "endpointId": "EndpointID",
    "macAddress": "MacAddress",
    "ipv4Address": "IPv4Address",
    "ipv6Address": "IPv6Address",
}


class Network(Resource):
    """A network; nothing of it can be changed in place."""

    token = "docker:index/network:Network"  # noqa: S105 - a type token
    traits: ClassVar[Mapping[str, Trait]] = {
        "name": Trait(),
        "labels": Trait(unordered=True),
        "driver": Trait(computed=True),
        "options": Trait(computed=True),
        "internal": Trait(computed=True),
        "attachable": Trait(),
        "ingress": Trait(),
        "ipv6": Trait(),
        "ipamDriver": Trait(default="default"),
        "ipamOptions": Trait(),
        "ipamConfigs": Trait(computed=True, unordered=True),
    }

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        engine: Engine = call.client
        body = {key: inputs[name] for name, key in _BODY.items() if inputs.get(name) is not None}
        body |= {
            "Name": inputs["name"],
            "CheckDuplicate": True,
            "Labels": labels.to_engine(inputs.get("labels")),
            "IPAM": {
                "Driver": inputs["ipamDriver"],
                "Options": inputs.get("ipamOptions") or {},
                "Config": [
                    {key: entry[name] for name, key in _IPAM.items() if entry.get(name)}
                    for entry in inputs.get("ipamConfigs") or ()
                ],
            },
        }
        try:
            identity = engine.post("/networks/create", body)["Id"]
        except EngineError as error:
            raise StandinError(f'network "{inputs["name"]}": {error}') from error
        until = time.monotonic() + _ALLOCATE_SECONDS
        while (state := self.read(call, identity, inputs)) and not state.outputs["driver"]:
            # a Swarm allocates a network a moment after it has accepted it
            if time.monotonic() > until:
                break
            call.sleep(_ALLOCATE_INTERVAL_SECONDS)
        if state is None:
            raise StandinError(f'network "{inputs["name"]}": gone as soon as it was created')
        return State(state.id, {**inputs, **state.outputs})

    def read(self, call: Call, identity: str, known: Properties) -> State | None:  # noqa: ARG002 - all is read
        """See `Resource`."""
        found = call.client.find(f"/networks/{identity}")
        return State(found["Id"], _outputs(found)) if found else None

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        try:
            remove(call, f"/networks/{identity}", "has active endpoints")
        except EngineError as error:
            raise StandinError(
                f'network "{known.get("name", identity)}": {error}; remove the containers on it first'
            ) from error


def look_up(call: Call, args: Properties) -> Properties:
    """The function `getNetwork`: a network by its name, after `data_source_docker_network.go`.

    Raises:
        StandinError: there is no such network.
    """
    found = call.client.find(f"/networks/{args['name']}")
    if found is None:
        raise StandinError(f"Could not find docker network: network {args['name']} not found")
    given = {name: _outputs(found)[name] for name in ("name", "driver", "options", "internal", "ipamConfigs", "scope")}
    containers = [
        {"containerId": identity, **{name: on[key] for name, key in _ENDPOINT.items()}}
        for identity, on in sorted((found.get("Containers") or {}).items())
    ]
    return {"id": found["Id"], **given, "containers": containers}


def _outputs(found: Mapping[str, Any]) -> Properties:
    ipam = found.get("IPAM") or {}
    return {
        "name": found["Name"],
        "labels": labels.to_sdk(found.get("Labels")),
        "driver": found["Driver"],
        "options": found.get("Options") or {},
        "internal": found["Internal"],
        "attachable": found["Attachable"],
        "ingress": found["Ingress"],
        "ipv6": found["EnableIPv6"],
        "ipamDriver": ipam.get("Driver", ""),
        "ipamOptions": ipam.get("Options") or {},
        "ipamConfigs": [
            {name: entry[key] for name, key in _IPAM.items() if entry.get(key)} for entry in ipam.get("Config") or ()
        ],
        "scope": found["Scope"],
    }
