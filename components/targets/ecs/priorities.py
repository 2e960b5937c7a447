"""The order in which a listener looks at rules: numbers, of which every rule of every application has its own.

A rule with a host comes before one without, a longer path before a shorter one. The number is read off host and path,
so that another route does not move it: AWS refuses a number that another rule has not left yet.
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html#listener-rule-priority
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping

from ...model import App, Ingress
from ...support import Conflict
from ..ingress import ingress

EACH = 1000
"""Numbers of one application; a listener has 50,000."""
APPLICATIONS = 49
WITH_HOST = (300, 230, 150, 40, 20, 20, 10, 10, 10, 10)
"""By the number of a path's parts, nine at most: how many numbers there are for paths of so many parts."""
WITHOUT_HOST = (1, 130, 40, 10, 5, 5, 3, 2, 2, 2)
"""The same of rules without a host, which have what is left of the thousand."""


def of(app: App, asking: Mapping[str, Ingress], first: int | None) -> dict[str, int]:
    """Service -> priority of its rule.

    Args:
        app: the application.
        asking: service -> what it asks of the entry point.
        first: of the application's numbers; None: by its name.
    """
    begin = EACH * (1 + _hash(app.name) % APPLICATIONS) if first is None else first
    taken: dict[int, str] = {}
    for name, asked in asking.items():
        start, size = _range(asked)
        wanted = _hash(f"{asked.host or ''}{asked.path}")
        numbers = (begin + start + (wanted + step) % size for step in range(size))
        taken[next(number for number in numbers if number not in taken)] = name
    return {name: number for number, name in taken.items()}


def conflicts(app: App) -> Iterator[Conflict]:
    """More routes of one kind than there are numbers for."""
    counted: Counter[tuple[int, int]] = Counter()
    for name, service in app.services.items():
        asked = ingress(service)
        if asked is None:
            continue
        found = _range(asked)
        counted[found] += 1
        if counted[found] == found[1] + 1:
            what = f"there are more than {found[1]} routes with as many parts in their path"
            yield Conflict(("services", name, "x-slipway", "ingress"), what, "put them behind one service")


def _range(asked: Ingress) -> tuple[int, int]:
    """Where the numbers for such a route begin, and how many there are: the deepest paths are first."""
    shares = WITHOUT_HOST if asked.host is None else WITH_HOST
    parts = min(sum(1 for part in asked.path.split("/") if part), len(shares) - 1)
    start = sum(shares[parts + 1 :]) + (sum(WITH_HOST) if asked.host is None else 0)
    return start, shares[parts]


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
