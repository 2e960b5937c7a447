"""Phase 2, interpolate: variables in values (never in keys), then the types that a value has to have by its path."""

import re
from collections.abc import Mapping
from typing import Any

from ..errors import Problem
from ..model import Path
from .opaque import decided
from .scalars import text
from .template import MAX_LENGTH, blank, substitute, too_long
from .tree import Invalid, List, Map, rewrite, table, where

_WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
_DIGITS = "[0-9]+(?:_[0-9]+)*"
_REAL = re.compile(rf"[+-]?(?:{_DIGITS}(?:\.(?:{_DIGITS})?)?|\.{_DIGITS})(?:[eE][+-]?[0-9]+)?")
_TRUE = frozenset(("true", "y", "yes", "on"))
_FALSE = frozenset(("false", "n", "no", "off"))


def boolean(value: Any) -> Any:
    """`"true"` as a boolean; what is not a string is left to the schema."""
    if not isinstance(value, str):
        return value
    word = decided(value, "a boolean").lower()
    if word not in _TRUE | _FALSE:
        raise Invalid(f'"{value}" is not a boolean', "write true or false")
    return word in _TRUE


def integer(value: Any) -> Any:
    """`"3"` as a number; what is neither a string nor a number is left to the schema."""
    if isinstance(value, str):
        if _WHOLE.fullmatch(decided(value, "a number")) is None:
            raise Invalid(f'"{value}" is not a whole number', "write digits")
        value = int(value)
    return _in_range(value)


def number(value: Any) -> Any:
    """`"0.5"` as a number; what is neither a string nor a number is left to the schema."""
    if isinstance(value, str):
        if _REAL.fullmatch(decided(value, "a number")) is None:
            raise Invalid(f'"{value}" is not a number', "write digits")
        value = float(value)
    return _in_range(value)


def _in_range(value: Any) -> Any:
    if isinstance(value, (int, float)) and not abs(value) < 2**63:  # nor is what is no number
        raise Invalid(f"{text(value)} is out of range", "write a smaller number")
    return value


def profile(value: Any) -> Any:
    """The name of a profile, which decides whether a service exists."""
    return decided(value, "a profile") if isinstance(value, str) else value


def count(value: Any) -> Any:
    """`"2"` devices as a number; `all` is a word."""
    return value if value == "all" else integer(value)


_CONTAINER = {
    "cpu_count": integer,
    "cpu_percent": number,
    "cpu_period": integer,
    "cpu_quota": integer,
    "cpu_rt_period": integer,
    "cpu_rt_runtime": integer,
    "cpu_shares": integer,
    "cpus": number,
    "gpus.*.count": count,
    "init": boolean,
    "mem_swappiness": integer,
    "oom_kill_disable": boolean,
    "oom_score_adj": integer,
    "pids_limit": integer,
    "privileged": boolean,
    "read_only": boolean,
    "ulimits.*": integer,
    "ulimits.*.hard": integer,
    "ulimits.*.soft": integer,
    "volumes.*.bind.create_host_path": boolean,
    "volumes.*.read_only": boolean,
    "volumes.*.volume.nocopy": boolean,
}
_WORKLOAD = {
    **_CONTAINER,
    "build.no_cache": boolean,
    "build.privileged": boolean,
    "build.pull": boolean,
    "build.ulimits.*": integer,
    "build.ulimits.*.hard": integer,
    "build.ulimits.*.soft": integer,
    "depends_on.*.required": boolean,
    "depends_on.*.restart": boolean,
    "env_file.*.required": boolean,
    "healthcheck.disable": boolean,
    "healthcheck.retries": integer,
    "ports.*.target": integer,
    "profiles.*": profile,
    "stdin_open": boolean,
    "tty": boolean,
}
_SERVICE = {
    **_WORKLOAD,
    "attach": boolean,
    "deploy.placement.max_replicas_per_node": integer,
    "deploy.replicas": integer,
    "deploy.resources.limits.pids": integer,
    "deploy.resources.reservations.devices.*.count": count,
    "deploy.resources.reservations.generic_resources.*.discrete_resource_spec.value": integer,
    "deploy.restart_policy.max_attempts": integer,
    "deploy.rollback_config.max_failure_ratio": number,
    "deploy.rollback_config.parallelism": integer,
    "deploy.update_config.max_failure_ratio": number,
    "deploy.update_config.parallelism": integer,
    "develop.watch.*.exec.privileged": boolean,
    "post_start.*.privileged": boolean,
    "pre_start.*.per_replica": boolean,
    "pre_stop.*.privileged": boolean,
    "scale": integer,
    **{f"pre_start.*.{path}": row for path, row in _CONTAINER.items()},
}
_RESOURCES = {
    "networks.*.attachable": boolean,
    "networks.*.enable_ipv4": boolean,
    "networks.*.enable_ipv6": boolean,
    "networks.*.internal": boolean,
    **{f"{kind}.*.external": boolean for kind in ("networks", "volumes", "secrets", "configs")},
}
CASTS = table(
    {
        **{f"services.*.{path}": row for path, row in _SERVICE.items()},
        **{f"jobs.*.{path}": row for path, row in _WORKLOAD.items()},
        **_RESOURCES,
    }
)
"""What a string becomes by its path. Source: `loader/interpolate.go` of the reference, and the schema's types."""


def interpolate(root: Map, env: Mapping[str, str], problems: list[Problem], warnings: list[Problem]) -> None:
    """Replace the variables of every value of a document, in place.

    Args:
        root: the document.
        env: the variables.
        problems: what is wrong is added here.
        warnings: variables that are not set are added here.
    """
    _Interpolator(root, env, problems, warnings).values(root, ())


def cast(root: Map, problems: list[Problem]) -> None:
    """Give the strings of a document the types that their paths ask for, in place.

    Args:
        root: the document, with its variables replaced.
        problems: what is wrong is added here.
    """
    rewrite(root, CASTS, problems)


class _Interpolator:
    def __init__(self, root: Map, env: Mapping[str, str], problems: list[Problem], warnings: list[Problem]) -> None:
        self.root = root
        self.env = env
        self.problems = problems
        self.warnings = warnings
        self.length = 0

    def values(self, value: Map | List, path: Path) -> None:
        pairs = value.items() if isinstance(value, Map) else enumerate(value)
        changed: dict[Any, str] = {}
        for key, element in pairs:
            if isinstance(element, str):
                if "$" in element:
                    changed[key] = self.text(element, (*path, key))
            elif isinstance(element, (Map, List)):
                self.values(element, (*path, key))
        for key, replaced in changed.items():
            value[key] = replaced

    def text(self, template: str, path: Path) -> str:
        unset: list[str] = []
        try:
            text = self.measured(substitute(template, self.env, unset.append))
        except Invalid as invalid:
            self.problems.append(Problem(invalid.what, where(self.root, path), invalid.fix))
            return ""
        if unset:
            self.warnings += [blank(name, where(self.root, path)) for name in unset]
        return text

    def measured(self, text: str) -> str:
        if self.length > MAX_LENGTH:  # is reported once
            return ""
        self.length += len(text)
        if self.length > MAX_LENGTH:
            raise too_long("the variables of the file come to")
        return text
