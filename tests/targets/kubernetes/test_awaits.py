"""How long the plugin waits. Not proved: that it takes the annotations at their word (a real test does)."""

from typing import Any

import pytest

from components.targets.kubernetes import awaits


def spec(grace: int | None = 10, **strategy: Any) -> dict[str, Any]:
    pod = {} if grace is None else {"terminationGracePeriodSeconds": grace}
    return {"template": {"spec": pod}, **({"strategy": strategy} if strategy else {})}


def rolling(**steps: Any) -> dict[str, Any]:
    return {"type": "RollingUpdate", "rollingUpdate": steps}


@pytest.mark.parametrize(
    ("given", "pods", "seconds"),
    [
        (spec(**rolling(maxSurge=1, maxUnavailable=0)), 1, 110),
        (spec(**rolling(maxSurge=1, maxUnavailable=0)), 10, 1100),
        (spec(**rolling(maxSurge=0, maxUnavailable=4)), 10, 330),
        (spec(**rolling(maxSurge="100%", maxUnavailable=0)), 10, 110),
        (spec(type="Recreate"), 3, 110),
        (spec(), 3, 330),
        (spec(None), 1, 130),
        (spec(**rolling(maxSurge=1, maxUnavailable=0)), 0, 110),
    ],
)
def test_a_rollout_may_take_as_long_as_its_pods_wave_by_wave(given: dict[str, Any], pods: int, seconds: int) -> None:
    assert awaits.rollout(given, pods, 100) == seconds


def test_nothing_is_waited_for_longer_than_a_day() -> None:
    assert awaits.at_most(100_000) == {"pulumi.com/timeoutSeconds": "86400"}
