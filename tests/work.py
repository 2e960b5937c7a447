"""How much work something is, told without a clock: other programs run on the same machine."""

import cProfile
import pstats
from collections.abc import Callable
from typing import Any


def calls(function: Callable[..., Any], *args: Any) -> int:
    """How many calls of functions a call takes; the same every time."""
    profile = cProfile.Profile()
    profile.runcall(function, *args)
    stats: Any = pstats.Stats(profile)
    total: int = stats.total_calls
    return total
