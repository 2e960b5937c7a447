"""Secrets of a cluster as references: what has to be there, or an ExternalSecret that fetches it. No content is known.

External Secrets Operator: https://external-secrets.io/latest/api/externalsecret/, and for texts of several parts
https://external-secrets.io/latest/guides/templating/.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..model import Opaque, Parts
from ..targets.kubernetes.kinds import API_VERSIONS
from ..targets.rows import Base64, Json, Row

REFRESH = "1h"
"""How often the operator looks for a new value; its own default."""
CLUSTER_STORE = "ClusterSecretStore"
STORES = (CLUSTER_STORE, "SecretStore")
IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, kw_only=True)
class Store:
    """Where the operator finds secrets.

    Attributes:
        kind: one of `STORES`.
        name: the store's.
        prefix: begins what a secret is called there.
    """

    kind: str
    name: str
    prefix: str = ""


def values(row: Row) -> dict[str, Any]:
    """Key -> content of a Secret's row."""
    return {**row.args.get("data", {}), **row.args.get("stringData", {})}


def wanted(row: Row) -> str:
    """What a Secret has to contain, a line: `redis-password: redis_password = <REDIS_PASSWORD>`."""
    return f"{row.key}: {', '.join(f'{key} = {_shown(value)}' for key, value in values(row).items())}"


def external(row: Row, store: Store, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The ExternalSecret that makes a Secret.

    Args:
        row: of the Secret.
        store: where its parts are.
        metadata: of the Secret, as plain values.
    """
    contents = values(row)
    alone = {key: name for key, value in contents.items() if (name := _alone(value)) is not None}
    target: dict[str, Any] = {"name": row.key, "creationPolicy": "Owner"}
    kind = row.args.get("type", "Opaque")
    if alone.keys() == contents.keys() and kind == "Opaque":
        fetched = alone
    else:
        fetched = {name: name for value in contents.values() for name in parts(value)}
        texts = {key: _template(value) for key, value in contents.items()}
        target["template"] = {"engineVersion": "v2", "type": kind, "data": texts}
    return {
        "apiVersion": API_VERSIONS["ExternalSecret"],
        "kind": "ExternalSecret",
        "metadata": dict(metadata),
        "spec": {
            "refreshInterval": REFRESH,
            "secretStoreRef": {"kind": store.kind, "name": store.name},
            "target": target,
            "data": [
                {"secretKey": key, "remoteRef": {"key": f"{store.prefix}{name}"}} for key, name in fetched.items()
            ],
        },
    }


def parts(value: Any) -> Iterator[str]:
    """The names of what is secret in a value."""
    if isinstance(value, (Base64, Json)):
        yield from parts(value.content if isinstance(value, Base64) else value.value)
    elif isinstance(value, Mapping):
        for element in value.values():
            yield from parts(element)
    elif isinstance(value, Parts):
        yield from (part.name for part in value if isinstance(part, Opaque))


def _alone(value: Any) -> str | None:
    """The name of the secret that is the whole value."""
    if isinstance(value, Base64):
        value = value.content
    if isinstance(value, Parts) and len(value) == 1 and isinstance(value[0], Opaque):
        return value[0].name
    return None


def _shown(value: Any) -> str:
    return json.dumps(_masked(value.value)) if isinstance(value, Json) else str(_masked(value))


def _masked(value: Any) -> Any:
    """A value in which the name of what is secret stands in its place."""
    if isinstance(value, Base64):
        value = value.content
    if isinstance(value, Mapping):
        return {key: _masked(element) for key, element in value.items()}
    return str(value) if isinstance(value, Parts) else value


def _template(value: Any) -> str:
    """A value as a template of the operator's."""
    if isinstance(value, Json):
        return _json(value.value)
    content = value.content if isinstance(value, Base64) else value
    pieces = content if isinstance(content, Parts) else (content,)
    return "".join(
        _escaped(str(part)) if not isinstance(part, Opaque) else f"{{{{ {_field(part)} }}}}" for part in pieces
    )


def _json(value: Any) -> str:
    if isinstance(value, Parts):
        return "".join(f"{{{{ {_field(part)} | toJson }}}}" for part in value if isinstance(part, Opaque))
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(key)}:{_json(element)}" for key, element in value.items()) + "}"
    return _escaped(json.dumps(value))


def _field(part: Opaque) -> str:
    return f".{part.name}" if IDENTIFIER.fullmatch(part.name) else f'index . "{part.name}"'


def _escaped(text: str) -> str:
    """A text in which braces stand for themselves."""
    return text.replace("{{", '{{ "{{" }}')
