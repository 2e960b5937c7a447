"""Secrets and their versions: after `mmv1/products/secretmanager/*.yaml` of magic-modules."""

import base64
from collections.abc import Iterable
from typing import ClassVar, Final

from standins.gcp.cloud import Cloud
from standins.gcp.kind import Kind
from standins.resource import Call
from standins.tables import inputs, known, longest
from standins.traits import Trait
from standins.values import UNKNOWN, Properties, Value

LARGEST: Final = 64 * 1024
"""Bytes of a version's payload (https://cloud.google.com/secret-manager/quotas#content_limits)."""
_GONE: Final = "DESTROYED"


class Secret(Kind):
    """`secretmanager.Secret`; its content is a resource of its own."""

    token = "gcp:secretmanager/secret:Secret"  # noqa: S105 - a type token
    api = "secretmanager.v1"
    collection = "projects.secrets"
    identity = "projects/{project}/secrets/{secretId}"
    name_input = "secretId"
    places: ClassVar = {"parent": "projects/{project}", "name": "{id}", "secretId": "{secretId}"}
    apart = frozenset({"secretId"})
    spelled: ClassVar = {"replication.auto": "automatic", "replication.userManaged": "userManaged"}
    masked = True
    labelled = "labels"
    traits = inputs(
        in_place="annotations expireTime labels rotation topics ttl versionAliases versionDestroyTtl",
        replaces="project replication",
        computed="expireTime project",
        secretId=Trait(computed=True, rule=longest(255, r"[a-zA-Z0-9_-]+")),
        deletionProtection=Trait(default=False, in_place=True),
    )
    outputs: ClassVar = {"createTime": "createTime", "name": "name"}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        replication = inputs.get("replication")
        if isinstance(replication, dict) and len([each for each in replication.values() if each is not None]) != 1:
            yield "replication", "must have exactly one of auto, userManaged"


class SecretVersion(Kind):
    """`secretmanager.SecretVersion`: other content is a new version; an old one is destroyed."""

    token = "gcp:secretmanager/secretVersion:SecretVersion"  # noqa: S105 - a type token
    api = "secretmanager.v1"
    collection = "projects.secrets.versions"
    autonamed = False
    creates = "projects.secrets.addVersion"
    identity = "{name}"
    places: ClassVar = {"parent": "{secret}", "name": "{name}"}
    removes = "destroy"
    traits = inputs(
        replaces="project secret isSecretDataBase64",
        computed="project",
        enabled=Trait(default=True, in_place=True),
        secretData=Trait(),
    )
    outputs: ClassVar = {"createTime": "createTime", "destroyTime": "destroyTime", "name": "name"}

    def content(self, method: str, inputs: Properties) -> Properties:
        """The content travels as base64."""
        if method != self.creates:
            return {}
        data = inputs.get("secretData")
        return {"payload": {"data": data if data is UNKNOWN or inputs.get("isSecretDataBase64") else _encoded(data)}}

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:
        """See `Kind`."""
        data = inputs.get("secretData")
        if data is None or data == "":
            yield "secretData", "is required"
        elif known(data) and len(_decoded(data, inputs)) > LARGEST:
            yield "secretData", f"{len(_decoded(data, inputs))} bytes, and the most is {LARGEST}"

    def told(self, answer: Properties, made: Properties) -> Properties:  # noqa: ARG002
        """See `Kind`."""
        return {"name": answer["name"]}

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:
        """One that is destroyed is gone."""
        found = cloud.find(self.request(self.gets, known))
        return None if found is None or found.get("state") == _GONE else found

    def settle(self, call: Call, known: Properties, answer: Properties) -> None:  # noqa: ARG002
        """See `Kind`."""
        if not known.get("enabled", True):
            self._switch(call, known)

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """See `Kind`."""
        if "enabled" in changed:
            self._switch(call, known)

    def remove(self, call: Call, known: Properties) -> None:
        """See `Kind`."""
        call.client.send(self.request(self.removes, known, {}))

    def read_out(self, found: Properties, known: Properties) -> Properties:
        """See `Kind`."""
        return {**super().read_out(found, known), "version": str(found["name"]).rpartition("/")[2]}

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """The content is not read back."""
        secret = known.get("secret") or str(found["name"]).partition("/versions/")[0]
        kept: Properties = {
            name: known[name] for name in ("secretData", "isSecretDataBase64", "project") if name in known
        }
        return {"secret": secret, "enabled": found.get("state") == "ENABLED", **kept}

    def _switch(self, call: Call, known: Properties) -> None:
        call.client.send(self.request("enable" if known.get("enabled", True) else "disable", known, {}))


def _encoded(data: Value) -> str:
    return base64.b64encode(str(data).encode()).decode()


def _decoded(data: Value, inputs: Properties) -> bytes:
    return base64.b64decode(str(data)) if inputs.get("isSecretDataBase64") else str(data).encode()
