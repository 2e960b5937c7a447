"""What becomes of the keys of a service that a platform's own takes the place of: it has no container."""

from collections.abc import Iterable, Iterator
from typing import Any

from ..model import App, Path, Service
from ..support import Condition, Row, Verdict
from . import credentials, managed, sharing
from .conditions import anonymous, nearest
from .managed import Engines

A, HARMLESS, H = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED
SERVICE = "services.*."
WORDS = "with x-slipway.managed"
AS_IT_IS = frozenset(
    {
        *("depends_on", "environment", "env_file", "expose", "extends", "image", "links", "networks", "ports"),
        *("profiles", "volumes", "x-slipway"),
    }
)
"""Keys that mean of the platform's own service what they mean of any."""
SIZES = (
    *("cpu_period", "cpu_quota", "cpus", "deploy.resources.limits", "deploy.resources.reservations"),
    *("mem_limit", "mem_reservation"),
)
"""Keys that say how large it is."""


def of_managed(rows: Iterable[Row], engines: Engines, disk: str) -> Iterator[Row]:
    """The rows that hold of a managed service, which come before the others.

    Args:
        rows: of services.
        engines: what the platform has.
        disk: what has a disk as large as the container's volume: `RDS`.
    """
    own = f"{engines.whose}'s own service"
    no_container = f"{own} has taken the container's place"
    yield Row(
        "services.*.environment.*",
        A,
        f"{own} reads its user, password and database alone",
        no_credential(engines),
        f"of nothing that a client logs in with, {WORDS}",
    )
    yield Row("volumes.*.x-slipway.size", H, f"the disk of {disk} is as large", volume, f"of a service {WORDS}")
    yield Row("services.*.volumes.type", A, no_container, no_volume, f"no named volume, {WORDS}")
    honoured: dict[str, bool] = {}
    for row in rows:
        if row.path.startswith(SERVICE):
            honoured[row.path] = honoured.get(row.path, False) or (row.when is None and row.verdict is H)
    said = _said(engines.whose)
    for path, is_honoured in honoured.items():
        key = path.removeprefix(SERVICE)
        begin = next((each for each in said if f"{key}.".startswith(f"{each}.")), None)
        if begin is not None:
            yield Row(path, *said[begin], is_managed, WORDS)
        elif is_honoured and key.partition(".")[0] not in AS_IT_IS:
            yield Row(path, A, no_container, is_managed, WORDS)


def _said(whose: str) -> dict[str, tuple[Verdict, str]]:
    """Key of a service, and those below it -> what becomes of it."""
    own = f"{whose}'s own service"
    return {
        **dict.fromkeys(SIZES, (H, f"it is the size of {own}")),
        "configs": (A, f"{own} has taken the container's place"),
        "healthcheck": (HARMLESS, f"{whose} looks after its own service"),
        "ports.published": (A, f"{own} is private: nothing of it is published"),
        "secrets": (HARMLESS, f"what its environment names is told to {own}"),
        "volumes.source": (HARMLESS, f"{own} keeps its data itself; size and keep of the volume count"),
    }


# --- conditions ------------------------------------------------------------------------------------------------------


def is_managed(app: App, path: Path, _value: Any) -> bool:
    """Of a service that the platform's own has taken the place of."""
    return path[0] == "services" and managed.is_managed(nearest(Service, app, path))


def no_credential(engines: Engines) -> Condition:
    """A variable of a managed service by which no client logs in.

    Args:
        engines: what the platform has.
    """

    def holds(app: App, path: Path, value: Any) -> bool:
        if not is_managed(app, path, value):
            return False
        engine = engines.of(nearest(Service, app, path))
        known = credentials.KNOWN.get(engine.name, ()) if engine is not None else ()
        logins = {name for each in known for name in (*each.user, *each.password, *each.database)}
        return str(path[-1]).removesuffix(credentials.FILE) not in logins

    return holds


def no_volume(app: App, path: Path, value: Any) -> bool:
    """A mount of a managed service that is no named volume."""
    return is_managed(app, path, value) and (value != "volume" or anonymous(app, path, value))


def volume(app: App, path: Path, _value: Any) -> bool:
    """A volume of a managed service."""
    users = (service for service in app.services.values() if managed.is_managed(service))
    return any(mount.source == path[1] for service in users for mount in sharing.volumes(service, app))
