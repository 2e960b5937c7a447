"""The stack's config, validated: the only reader of `pulumi.Config`.

Every key is declared in `Pulumi.yaml`, with its type and description; what is said there is not said again here. A
wrong type is the Pulumi CLI's own message; what it cannot know (an unknown key, a wrong word) is reported here, all at
once.
"""

import dataclasses
import json
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi

from .access import Registry
from .errors import Problem, SettingsError, suggest
from .model import Opaque, Parts, Text

NAMESPACE = "slipway"
MODES = ("loose", "strict", "warn")
CLUSTER_FORMS = ("existing", "new", "stack")
REGISTRY_KEYS = ("password", "prefix", "username")
REGISTRY_PREFIX = re.compile(
    r"(localhost|[a-zA-Z0-9-]+(\.[a-zA-Z0-9-]+)+|(localhost|[a-zA-Z0-9.-]+|\[[0-9a-fA-F:]+\]):[0-9]+)"
    r"(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*"
)
"""Host, then path: https://github.com/distribution/reference (regexp.go); a host has a dot, a port, or is localhost."""
PLATFORM = re.compile(r"[a-z0-9]+/[a-z0-9_]+(/[a-z0-9.]+)?")
"""`os/architecture[/variant]`."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a stack asks for. Attributes are the config keys of `Pulumi.yaml`, in snake case.

    Attributes:
        secrets: name -> a text with one opaque, secret part.
        cluster: `{existing: {...}}`, `{stack: name}` or `{new: {...}}`, not looked into.
        kubernetes: what is chosen of a Kubernetes cluster's ways, not looked into.
        ecs: what is chosen of an ECS cluster's ways, not looked into.
        cloudrun: what is chosen of a Google Cloud project's ways, not looked into.
        name_key: a secret, or None.
    """

    target: str = ""
    compose: tuple[str, ...] = ()
    name: str | None = None
    cluster: Mapping[str, Any] = field(default_factory=lambda: {"existing": {}})
    profiles: tuple[str, ...] = ()
    env: Mapping[str, Text] = field(default_factory=dict)
    secrets: Mapping[str, Text] = field(default_factory=dict)
    pass_env: tuple[str, ...] = ()
    images: Mapping[str, str] = field(default_factory=dict)
    registry: Registry | None = None
    kubernetes: Mapping[str, Any] = field(default_factory=dict)
    ecs: Mapping[str, Any] = field(default_factory=dict)
    cloudrun: Mapping[str, Any] = field(default_factory=dict)
    platform: str | None = None
    ssh_key: str | None = None
    name_key: Any = field(default=None, repr=False)
    mode: str = "warn"
    accept: tuple[str, ...] = ()
    check_builds: bool = False
    protect: bool = False
    managed: bool = True

    def variables(self) -> dict[str, Text]:
        """What interpolation sees besides `.env`: passed names, then `env`, then `secrets`; the later wins."""
        passed = {name: os.environ[name] for name in self.pass_env if name in os.environ}
        return {**passed, **self.env, **self.secrets}


def key_of(name: str) -> str:
    """`check_builds` is written `checkBuilds` in a stack's config."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


KEYS = {key_of(spec.name): spec for spec in dataclasses.fields(Settings)}


def read() -> dict[str, Any]:
    """The config of the stack that runs, as written: what `from_mapping` and `Application` take."""
    written = pulumi.runtime.config.CONFIG.get() or pulumi.runtime.config.get_config_env()
    prefix = f"{NAMESPACE}:"
    keys = {full.removeprefix(prefix): text for full, text in written.items() if full.startswith(prefix)}
    return {key: _decode(key, text) for key, text in keys.items()}


def is_cluster(written: Mapping[str, Any]) -> bool:
    """Whether settings are those of a cluster's own stack: a new cluster, and no application."""
    cluster = written.get("cluster")
    return isinstance(cluster, Mapping) and "new" in cluster and not written.get("compose")


def from_mapping(written: Mapping[str, Any], where: str) -> Settings:
    """Validate settings that were written as a mapping of config keys: a stack's config, or a program's arguments.

    Args:
        written: config key (`checkBuilds`) or argument name (`check_builds`) -> value.
        where: what messages begin with: `stack local`.

    Raises:
        SettingsError: with every problem at once.
    """
    values = {key_of(key): value for key, value in written.items() if value not in (None, "")}
    problems = [
        Problem(f'unknown key "{NAMESPACE}:{key}"', where, suggest(key, KEYS)) for key in sorted(values.keys() - KEYS)
    ]
    if "target" not in values and not is_cluster(written):
        problems.append(
            Problem(f"no value for {NAMESPACE}:target", where, f"run `pulumi config set {NAMESPACE}:target docker`")
        )
    for key, check in CHECKS.items():
        if key in values:
            problems += [Problem(what, where, fix) for what, fix in check(key, values[key])]
    if problems:
        raise SettingsError(problems)
    return Settings(**{KEYS[key].name: READERS.get(key, _frozen)(value) for key, value in values.items()})


def _decode(key: str, text: Any) -> Any:
    """The CLI hands objects, lists and booleans over as JSON; strings as they are."""
    if not isinstance(text, str) or key in STRINGS:
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _secret_texts(value: Mapping[str, Any]) -> dict[str, Text]:
    return {
        name: Parts([Opaque(pulumi.Output.secret(content), name=name, secret=True)]) for name, content in value.items()
    }


def _plain_texts(value: Mapping[str, Any]) -> dict[str, Text]:
    return {
        name: Parts([Opaque(content, name=name, secret=False)])
        if isinstance(content, pulumi.Output)
        else _scalar(content)
        for name, content in value.items()
    }


def _scalar(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


Found = Sequence[tuple[str, str]]


def _strings(key: str, value: Any) -> Found:
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return ()
    return (
        (
            f"{NAMESPACE}:{key} is {value!r}, not a list of strings",
            f"run `pulumi config set --path '{NAMESPACE}:{key}[0]' <value>`",
        ),
    )


def _mapping(key: str, value: Any) -> Found:
    if isinstance(value, Mapping):
        return ()
    shown = "a single value" if key in SECRET else repr(value)
    return (
        (
            f"{NAMESPACE}:{key} is {shown}, not a mapping of names to values",
            f"run `pulumi config set --path {NAMESPACE}:{key}.<name> <value>`",
        ),
    )


def _flat(key: str, value: Any) -> Found:
    nested = [
        (f"{NAMESPACE}:{key}.{name} is not a single value", "write a string")
        for name, content in (value.items() if isinstance(value, Mapping) else ())
        if isinstance(content, (Mapping, list))
    ]
    return [*_mapping(key, value), *nested]


def _mode(key: str, value: Any) -> Found:
    return () if value in MODES else ((f'unknown {NAMESPACE}:{key} "{value}"', suggest(str(value), MODES)),)


def _cluster(key: str, value: Any) -> Found:
    if not isinstance(value, Mapping):
        return _mapping(key, value)
    if len(value) == 1 and set(value) <= set(CLUSTER_FORMS):
        return ()
    odd = [form for form in value if form not in CLUSTER_FORMS]
    if odd:
        return tuple((f'unknown form "{form}" of {NAMESPACE}:{key}', suggest(str(form), CLUSTER_FORMS)) for form in odd)
    return ((f"{NAMESPACE}:{key} has {len(value)} forms", f"write one of {', '.join(CLUSTER_FORMS)}"),)


def _boolean(key: str, value: Any) -> Found:
    return (
        ()
        if isinstance(value, bool)
        else ((f"{NAMESPACE}:{key} is {value!r}, not true or false", "write one of these"),)
    )


def _registry(key: str, value: Any) -> Found:
    if not isinstance(value, Mapping):
        return _mapping(key, value)
    if not value:
        return ()
    full = f"{NAMESPACE}:{key}"
    odd = [name for name in value if name not in REGISTRY_KEYS]
    found = [(f'unknown key "{name}" of {full}', suggest(str(name), REGISTRY_KEYS)) for name in odd]
    if "prefix" not in value:
        found.append((f"no value for {full}.prefix", _run(f"--path {full}.prefix registry.example.com/team")))
    elif not (isinstance(value["prefix"], str) and REGISTRY_PREFIX.fullmatch(value["prefix"])):
        fix = (
            "write host/path in lower case without scheme and tag, such as registry.example.com/team or docker.io/team"
        )
        found.append((f"{full}.prefix is {value['prefix']!r}, not a registry", fix))
    if not isinstance(value.get("username", ""), str):
        found.append((f"{full}.username is not a string", "write a string"))
    if not isinstance(value.get("password", ""), (str, pulumi.Output)):
        found.append((f"{full}.password is not a string", "write a string"))
    for given, missing, flag in (("username", "password", "--secret "), ("password", "username", "")):
        if given in value and missing not in value:
            found.append((f"{full} has a {given} and no {missing}", _run(f"{flag}--path {full}.{missing}")))
    return found


def _run(words: str) -> str:
    return f"run `pulumi config set {words}`"


def _platform(key: str, value: Any) -> Found:
    if isinstance(value, str) and PLATFORM.fullmatch(value):
        return ()
    return ((f"{NAMESPACE}:{key} is {value!r}, not a platform", "write os/architecture, such as linux/amd64"),)


def _read_registry(value: Mapping[str, Any]) -> Registry | None:
    if not value:
        return None
    password = value.get("password")
    return Registry(
        prefix=value["prefix"],
        username=value.get("username"),
        password=None if password is None else pulumi.Output.secret(password),
    )


STRINGS = {"target", "name", "mode", "nameKey", "platform", "sshKey"}
SECRET = {"secrets", "nameKey", "registry"}
CHECKS = {
    "compose": _strings,
    "profiles": _strings,
    "passEnv": _strings,
    "accept": _strings,
    "env": _flat,
    "secrets": _flat,
    "images": _flat,
    "registry": _registry,
    "kubernetes": _mapping,
    "ecs": _mapping,
    "cloudrun": _mapping,
    "platform": _platform,
    "mode": _mode,
    "cluster": _cluster,
    "checkBuilds": _boolean,
    "protect": _boolean,
    "managed": _boolean,
}
READERS: Mapping[str, Callable[[Any], Any]] = {
    "env": _plain_texts,
    "secrets": _secret_texts,
    "registry": _read_registry,
    "nameKey": pulumi.Output.secret,
}
