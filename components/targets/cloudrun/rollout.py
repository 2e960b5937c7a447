"""How an update goes: all requests are sent to the newest revision once it is ready; until then the one before serves.

https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration
"""

from typing import Any

LATEST = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST"


def args() -> dict[str, Any]:
    """Of a service."""
    return {"traffics": [{"type": LATEST, "percent": 100}]}
