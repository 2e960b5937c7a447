"""The forms that pulumi-docker takes values in."""

import pytest

from components.model import Seconds
from components.targets.forms import duration, short_duration


@pytest.mark.parametrize(
    ("seconds", "long", "short"),
    [
        (0, "0s", "0s"),
        (0.25, "250ms", "250ms"),
        (0.000_001_5, "1.5µs", "1.5µs"),
        (1.5, "1.5s", "1.5s"),
        (60, "1m0s", "1m"),
        (90, "1m30s", "1m30s"),
        (3600, "1h0m0s", "1h"),
        (3660.5, "1h1m0.5s", "1h1m0.5s"),
        (7200 + 300, "2h5m0s", "2h5m"),
    ],
)
def test_a_duration_is_spelt_as_the_plugin_reads_it_back(seconds: float, long: str, short: str) -> None:
    """Another spelling of the same length would be a difference at every update.

    `time.Duration.String()` of Go; kreuzwerker/terraform-provider-docker, `shortDur` in
    `resource_docker_service_structures.go`.
    """
    assert (duration(Seconds(seconds)), short_duration(Seconds(seconds))) == (long, short)
