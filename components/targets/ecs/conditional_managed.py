"""What is lost of a service that AWS's own takes the place of: all that only a container has."""

from collections.abc import Iterable, Iterator

from ...support import Row, Verdict
from . import conditions as when

SERVICE = "services.*."
KEPT = frozenset(
    {
        *("configs", "depends_on", "environment", "env_file", "expose", "extends", "healthcheck", "image", "links"),
        *("networks", "ports", "profiles", "secrets", "volumes", "x-slipway"),
    }
)
"""Keys of a service that say something of a database, too, or of which another row tells."""
NO_CONTAINER = "AWS's own service has taken the container's place"


def of_managed(rows: Iterable[Row]) -> Iterator[Row]:
    """A row for each honoured key of a service that a managed one has no use for.

    Args:
        rows: of services.
    """
    honoured = (row.path for row in rows if row.path.startswith(SERVICE) and row.verdict is Verdict.HONOURED)
    for path in dict.fromkeys(honoured):
        if path.removeprefix(SERVICE).partition(".")[0] not in KEPT:
            yield Row(path, Verdict.APPROXIMATED, NO_CONTAINER, when.is_managed, "with x-slipway.managed")
