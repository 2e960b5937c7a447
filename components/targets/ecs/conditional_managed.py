"""What becomes of the keys of a service that AWS's own takes the place of: it has no container, and no task."""

from collections.abc import Iterable, Iterator, Mapping

from ...support import Row, Verdict
from . import conditions as when

A, HARMLESS, H = Verdict.APPROXIMATED, Verdict.HARMLESS, Verdict.HONOURED
SERVICE = "services.*."
WORDS = "with x-slipway.managed"
NO_CONTAINER = "AWS's own service has taken the container's place"
SIZE = "it is the size of AWS's own service"
SAID: Mapping[str, tuple[Verdict, str]] = {
    "configs": (A, NO_CONTAINER),
    "cpu_period": (H, SIZE),
    "cpu_quota": (H, SIZE),
    "cpus": (H, SIZE),
    "deploy.resources.limits": (H, SIZE),
    "deploy.resources.reservations": (H, SIZE),
    "healthcheck": (HARMLESS, "AWS looks after its own service"),
    "mem_limit": (H, SIZE),
    "mem_reservation": (H, SIZE),
    "ports.published": (A, "AWS's own service is private: nothing of it is published"),
    "secrets": (HARMLESS, "what its environment names is told to AWS's own service"),
    "volumes.source": (HARMLESS, "AWS's own service keeps its data itself; size and keep of the volume count"),
}
"""Key of a service, and those below it -> what becomes of it."""
AS_IT_IS = frozenset(
    {
        *("depends_on", "environment", "env_file", "expose", "extends", "image", "links", "networks", "ports"),
        *("profiles", "volumes", "x-slipway"),
    }
)
"""Keys that mean of AWS's own service what they mean of any."""
OTHERS = (
    Row(
        "services.*.environment.*",
        A,
        "AWS's own service reads its user, password and database alone",
        when.no_credential,
        f"of nothing that a client logs in with, {WORDS}",
    ),
    Row("volumes.*.x-slipway.size", H, "the disk of RDS is as large", when.of_managed, f"of a service {WORDS}"),
    Row("services.*.volumes.type", A, NO_CONTAINER, when.no_volume_of_managed, f"no named volume, {WORDS}"),
)
"""Where it depends on more than that."""


def of_managed(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows that hold of a managed service, which come before the others.

    Args:
        rows: of services.
    """
    yield from OTHERS
    honoured: dict[str, bool] = {}
    for row in rows:
        if row.path.startswith(SERVICE):
            honoured[row.path] = honoured.get(row.path, False) or (row.when is None and row.verdict is H)
    for path, is_honoured in honoured.items():
        verdict, reason = _said(path.removeprefix(SERVICE), is_honoured=is_honoured)
        if reason:
            yield Row(path, verdict, reason, when.is_managed, WORDS)


def _said(key: str, *, is_honoured: bool) -> tuple[Verdict, str]:
    """What becomes of a key; without a reason: what becomes of it anyway."""
    for begin, said in SAID.items():
        if key == begin or key.startswith(f"{begin}."):
            return said
    lost = is_honoured and key.partition(".")[0] not in AS_IT_IS
    return (A, NO_CONTAINER) if lost else (A, "")
