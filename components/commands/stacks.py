"""What a stack's file says about the application, read as plain YAML: no Pulumi is loaded, nothing is decrypted."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..compose import read as reader
from ..compose.scalars import text
from ..errors import ComposeError, InputError, Problem, suggest
from ..model import Opaque, Parts, Text

_PROJECT = "Pulumi.yaml"
_PREFIX, _SUFFIX = "Pulumi.", ".yaml"
_ENCRYPTED = "secure"
"""How the Pulumi CLI writes an encrypted value: `{secure: v1:...}`."""
ENCRYPTED_TEXT = "[encrypted]"
"""Stands for one."""


@dataclass(frozen=True, kw_only=True)
class Stack:
    """The stack's `slipway:` keys of these names, as they are written.

    Attributes:
        compose: at least one file, relative to the working directory.
        env: `slipway:env`, and `slipway:secrets` over it; what is secret or encrypted is opaque, without its value.
        images: service -> reference of what was built elsewhere.
        cluster: `{existing: {...}}` or `{stack: name}`; in it and below, what is encrypted is `ENCRYPTED_TEXT`.
        kubernetes: what is chosen of a Kubernetes cluster's ways.
        registry: `prefix`, `username`, `password`.
        protect: whether volumes are kept whatever the files say.
    """

    compose: tuple[str, ...]
    profiles: tuple[str, ...] = ()
    pass_env: tuple[str, ...] = ()
    env: Mapping[str, Text] = field(default_factory=dict)
    name: str | None = None
    target: str | None = None
    mode: str | None = None
    accept: tuple[str, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict)
    cluster: Mapping[str, Any] = field(default_factory=dict)
    kubernetes: Mapping[str, Any] = field(default_factory=dict)
    registry: Mapping[str, Any] = field(default_factory=dict)
    protect: bool = False


def read(name: str) -> Stack:
    """A stack of the project in the working directory.

    Args:
        name: `local` is `Pulumi.local.yaml`, in the folder that `stackConfigDir` of `Pulumi.yaml` names.

    Raises:
        InputError: there is no project or no such stack, a file is not YAML, or the stack names no Compose file.
    """
    folder = Path(str(_tree(Path(_PROJECT)).get("stackConfigDir") or "."))
    file = folder / f"{_PREFIX}{name}{_SUFFIX}"
    if not file.is_file():
        known = [path.name[len(_PREFIX) : -len(_SUFFIX)] for path in folder.glob(f"{_PREFIX}*{_SUFFIX}")]
        raise InputError(Problem(f'unknown stack "{name}": {suggest(name, known)}'))
    config = _tree(file).get("config") or {}
    compose = _texts(config, "compose")
    if not compose:
        fix = "write it, or name the files on the command line"
        raise InputError(Problem("no value for slipway:compose", str(file), fix))
    secrets = _mapping(config, "secrets")
    return Stack(
        compose=compose,
        profiles=_texts(config, "profiles"),
        pass_env=_texts(config, "passEnv"),
        env={**{key: _text(key, value) for key, value in _mapping(config, "env").items()}, **_opaque(secrets)},
        name=_word(config, "name"),
        target=_word(config, "target"),
        mode=_word(config, "mode"),
        accept=_texts(config, "accept"),
        images={service: text(reference) for service, reference in _mapping(config, "images").items()},
        cluster=_readable(_mapping(config, "cluster")),
        kubernetes=_readable(_mapping(config, "kubernetes")),
        registry=_readable(_mapping(config, "registry")),
        protect=_value(config, "protect") in (True, "true"),
    )


def _tree(file: Path) -> Mapping[str, Any]:
    try:
        return reader.read(str(file))[0].root
    except ComposeError as error:
        raise InputError(error.problems) from None


def _value(config: Mapping[str, Any], key: str) -> Any:
    """A value of the stack's config; lists and mappings may be written as JSON in a string, as the CLI takes them."""
    value = config.get(f"slipway:{key}")
    if isinstance(value, str) and value[:1] in ("[", "{"):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _texts(config: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = _value(config, key)
    return tuple(text(item) for item in value) if isinstance(value, list) else ()


def _word(config: Mapping[str, Any], key: str) -> str | None:
    written = config.get(f"slipway:{key}")
    return text(written) if written else None


def _mapping(config: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = _value(config, key)
    return value if isinstance(value, Mapping) and _ENCRYPTED not in value else {}


def _text(name: str, value: Any) -> Text:
    return Parts([Opaque(None, name)]) if isinstance(value, Mapping) else text(value)


def _opaque(values: Mapping[str, Any]) -> dict[str, Text]:
    return {name: Parts([Opaque(None, name)]) for name in values}


def _readable(value: Any) -> Any:
    """A value with a text in the place of everything that is encrypted."""
    if isinstance(value, Mapping):
        return ENCRYPTED_TEXT if _ENCRYPTED in value else {key: _readable(element) for key, element in value.items()}
    return [_readable(element) for element in value] if isinstance(value, list) else value
