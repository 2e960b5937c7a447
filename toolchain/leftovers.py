"""What a stack leaves behind on the Engine and Pulumi does not own; found by labels, so nothing else is touched."""

import json
import time

from components.errors import InputError

from .pulumi import Cli

LABEL = "slipway.stack"
"""Carried by everything that a target makes on an Engine; its value is the stack's identity."""
_KINDS = {"docker": ("container", "network"), "swarm": ("service", "container", "network", "config", "secret")}
"""Target -> what it makes on an Engine and is not the user's data, in the order of removal."""
_OPTIONS = {"container": ["--all", "--no-trunc"], "network": ["--no-trunc"]}
_FORCE = {"container": ["--force", "--volumes"]}
_USED_SECONDS = 20.0
"""How long something may be in use by what has just been removed: tasks of a Swarm end after their service."""


def kinds(cli: Cli) -> tuple[str, ...]:
    """What to look for; nothing where the target has no Engine."""
    return _KINDS.get(cli.target, ())


def state(cli: Cli) -> list[dict[str, object]]:
    """The stack's resources, as the state has them; empty where there is no stack."""
    try:
        exported = json.loads(cli.ask("stack", "export"))
    except InputError:
        return []
    return list((exported.get("deployment") or {}).get("resources") or ())


def image_tags(cli: Cli) -> list[str]:
    """The tags of every image that the stack built."""
    built = [each.get("inputs") for each in state(cli) if each.get("type") == "docker-build:index:Image"]
    return sorted({str(tag) for inputs in built if isinstance(inputs, dict) for tag in inputs.get("tags") or ()})


def remove(cli: Cli, tags: list[str], *, volumes: bool) -> str:
    """Remove everything with the stack's label and its image tags, but volumes only when asked.

    Returns:
        What was removed, in words.
    """
    found = kinds(cli)
    counts = {kind: len(remove_kind(cli, kind, keep=frozenset())) for kind in found}
    counts["volume"] = len(remove_kind(cli, "volume", keep=frozenset())) if found and volumes else 0
    counts["image tag"] = sum(_untag(tag, cli) for tag in tags)
    said = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count)
    return f"{said} removed" if said else "none"


def remove_kind(cli: Cli, kind: str, keep: frozenset[str]) -> list[str]:
    """Remove everything of one kind with the stack's label, but for the IDs to keep.

    Returns:
        What was removed.

    Raises:
        InputError: the Engine refuses.
    """
    label = f"label={LABEL}={cli.identity()}"
    listed = cli.docker(kind, "ls", *_OPTIONS.get(kind, ()), "--quiet", "--filter", label).split()
    found = [each for each in listed if not any(known.startswith(each) for known in keep)]  # some are listed in short
    for each in found:
        _remove(cli, kind, each)
    return found


def _remove(cli: Cli, kind: str, identity: str) -> None:
    end = time.monotonic() + _USED_SECONDS
    while True:
        try:
            cli.docker(kind, "rm", *_FORCE.get(kind, ()), identity)
        except InputError:
            if time.monotonic() > end:
                raise
            time.sleep(0.5)
        else:
            return


def _untag(tag: str, cli: Cli) -> bool:
    try:
        cli.docker("image", "rm", tag)
    except InputError:
        return False  # gone already, or another container runs it
    return True
