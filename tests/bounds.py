"""How many inputs the generated tests try: always the same ones, unless more are asked for.

`SLIPWAY_EXAMPLES=100 pytest tests/compose/test_fuzz.py` tries a hundred times as many, and other ones each time.
"""

import os

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("SLIPWAY_EXAMPLES", "1"))


def bounded(examples: int) -> settings:
    """The settings of a test with so many examples."""
    return settings(
        max_examples=examples * TIMES,
        derandomize=TIMES == 1,
        database=None,
        deadline=None,  # the machine is shared
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
