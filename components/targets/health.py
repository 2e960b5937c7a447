"""How long a container may take to get healthy."""

import math

from ..model import Healthcheck, Seconds, Workload

DEFAULT_INTERVAL = Seconds(30.0)
DEFAULT_TIMEOUT = Seconds(30.0)
DEFAULT_RETRIES = 3
"""The Engine's defaults of a health check (https://docs.docker.com/reference/dockerfile/#healthcheck)."""
WAIT_MARGIN = Seconds(30.0)
IMAGE_WAIT = Seconds(180.0)
"""How long a container whose health check is the image's own may take: its intervals are not known before."""


def wait_timeout(check: Healthcheck) -> int:
    """How long a container may take to get healthy, in seconds: every retry, the start period, and a margin."""
    interval = DEFAULT_INTERVAL if check.interval is None else check.interval
    timeout = DEFAULT_TIMEOUT if check.timeout is None else check.timeout
    retries = DEFAULT_RETRIES if check.retries is None else check.retries
    return math.ceil((check.start_period or 0.0) + (retries + 1) * (interval + timeout) + WAIT_MARGIN)


def checked(workload: Workload) -> bool:
    """Whether the file gives a service or job a health check that is not switched off."""
    check = workload.healthcheck
    return check is not None and not check.disable and check.test[:1] != ("NONE",)
