"""Rows with a condition that the columns of several platforms have alike, but for the platforms' own words."""

from collections.abc import Iterable

from ..support import Condition, Row, Verdict
from .conditions import (
    bind_of_machine,
    bind_of_socket,
    companion,
    linked,
    may_end,
    more_than_taken,
    of_container,
    one_of,
    project_bind_missing,
    project_bind_too_large,
    project_bind_written,
)

A, HARMLESS, H, R = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED, Verdict.REJECTED
UPDATES = ("delay", "failure_action", "max_failure_ratio", "monitor", "order", "parallelism")
"""Keys of `update_config`."""


def binds(who: str) -> tuple[Row, ...]:
    """Of binds of project files, where they are copied to what runs a container.

    Args:
        who: what does not have them: `tasks`.
    """
    return (
        Row(
            "services.*.volumes.type",
            R,
            "there is nothing at its source",
            project_bind_missing,
            "bind of a project file that is missing",
            "make it, or mend the path",
        ),
        Row(
            "services.*.volumes.type",
            R,
            f"{who} do not have the project's files, and get them to read only",
            project_bind_written,
            "bind of a project file to write",
            "write read_only: true, or use a named volume",
        ),
        Row(
            "services.*.volumes.type",
            R,
            f"{who} do not have the project's files, and get 1 MiB at most",
            project_bind_too_large,
            "bind of project files of more than 1 MiB",
            "put them into the image, or use a named volume",
        ),
    )


def no_machine(platform: str, place: str, instead: str) -> tuple[Row, ...]:
    """Of binds of anything else, and of other mounts, where there is no machine of the user's.

    Args:
        platform: `Fargate`.
        place: what it calls that in which containers run, with its article: `a task`.
        instead: what to do in place of calling the Docker Engine.
    """
    path = "services.*.volumes.type"
    no_folders = f"{place} has no machine of yours whose folders it could see"
    named, others = "use a named volume", ("cluster", "image", "npipe")
    return (
        Row(path, R, f"{place} has no Docker Engine", bind_of_socket, "bind of docker.sock", instead),
        Row(path, R, no_folders, bind_of_machine, "bind of anything else", named),
        Row(path, R, f"{platform} has no such mount", one_of(*others), ", ".join(others), named),
    )


def shared_mounts(platform: str, place: str) -> tuple[Row, ...]:
    """Of mounts that are another container's, or would be filled from an image.

    Args:
        platform: `ECS`.
        place: what it calls that in which containers run: `task`.
    """
    return (
        Row(
            "services.*.volumes.volume.nocopy",
            HARMLESS,
            "nothing of the image is ever copied into a volume",
            one_of(True),
            "true",
        ),
        Row(
            "services.*.volumes_from",
            R,
            f"{platform} knows no other {place}'s container",
            of_container,
            "container:NAME",
            "name its service",
        ),
        Row(
            "services.*.volumes_from",
            A,
            "what is in memory or has no name is not taken over",
            more_than_taken,
            "of a service with tmpfs or anonymous volumes",
        ),
    )


def companions(place: str, keys: Iterable[str]) -> tuple[Row, ...]:
    """Of a service whose containers are in another's.

    Args:
        place: what the platform calls that in which containers run: `task`.
        keys: of a service that a container there has no say in.
    """
    inside = f"its container is in the {place}s of another service, and has what these have"
    words = "with network_mode: service:NAME"
    return (
        *(Row(f"services.*.{key}", A, inside, companion, words) for key in keys),
        *(
            Row(
                f"services.*.{key}",
                R,
                "the service has no address of its own",
                companion,
                words,
                "write it at the service whose network it is in",
            )
            for key in ("expose", "ports.target")
        ),
    )


def runs(run: Condition) -> tuple[Row, ...]:
    """Of updates of what is run to completion.

    Args:
        run: whether a path is in such a service.
    """
    return tuple(
        Row(
            f"services.*.deploy.update_config.{key}",
            A,
            "a run to completion is not updated, but run anew",
            run,
            "of a run to completion",
        )
        for key in UPDATES
    )


def ending(place: str, replaced: str, ends: Condition, becomes: str) -> tuple[Row, ...]:
    """Of what comes after a container has ended, or its dependency was updated.

    Args:
        place: what the platform calls that in which containers run: `task`.
        replaced: what becomes of one that ends.
        ends: whether a restart policy is that of a run to completion.
        becomes: what that becomes: `it is a Job`.
    """
    policy = "services.*.deploy.restart_policy"
    new = f"its name leads to the new {place}s by itself, and what is in its {place}s is replaced with them"
    return (
        Row("services.*.restart", H, "", ends, f"no or on-failure, where nothing is published: {becomes}"),
        Row("services.*.restart", A, replaced, may_end, "no or on-failure, where something is published"),
        *(Row(f"{policy}.{key}", H, "", ends, "of a run to completion") for key in ("condition", "max_attempts")),
        Row(f"{policy}.condition", HARMLESS, replaced, one_of("any"), "any"),
        Row("services.*.depends_on.*.restart", H, "", one_of(False), "false"),
        Row(
            "services.*.depends_on.*.restart",
            HARMLESS,
            new,
            linked,
            "of a link, or of network_mode: service:NAME",
        ),
    )
