"""What a stack leaves behind on the Engine and Pulumi does not own; found by labels, so nothing else is touched."""

import json

from components.errors import InputError

from .pulumi import Cli
from .shell import run

LABEL = "slipway.stack"
"""Carried by everything that a target makes on an Engine; its value is the stack's identity."""


def label(cli: Cli) -> str:
    """The label's filter for a stack."""
    return f"label={LABEL}={cli.identity()}"


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
    """Remove containers, networks and image tags, and volumes when asked.

    Returns:
        What was removed, in words.
    """
    kinds = ["container", "network", *(["volume"] if volumes else [])]
    counts = {kind: len(remove_kind(cli, kind, keep=frozenset())) for kind in kinds}
    counts["image tag"] = sum(_untag(tag, cli) for tag in tags)
    said = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count)
    return f"{said} removed" if said else "none"


def remove_kind(cli: Cli, kind: str, keep: frozenset[str]) -> list[str]:
    """Remove everything of one kind with the stack's label, but for the IDs to keep.

    Returns:
        What was removed.
    """
    listing = {"container": ["container", "ls", "--all", "--no-trunc"], "network": ["network", "ls", "--no-trunc"]}
    command = ["docker", *listing.get(kind, [kind, "ls"]), "--quiet", "--filter", label(cli)]
    found = [each for each in run(command, env=cli.env).split() if each not in keep]
    force = {"container": ["--force", "--volumes"]}.get(kind, [])
    for each in found:
        run(["docker", kind, "rm", *force, each], env=cli.env)
    return found


def _untag(tag: str, cli: Cli) -> bool:
    try:
        run(["docker", "image", "rm", tag], env=cli.env)
    except InputError:
        return False  # gone already, or another container runs it
    return True
