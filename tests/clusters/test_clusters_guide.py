"""docs/clusters.md names every setting of the clusters that it describes."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.clusters.aws import ecs, eks_settings, ingress_settings, network_settings

GUIDE = Path("docs/clusters.md").read_text()
NEW_NETWORK = dict.fromkeys(("cidr", "zones", "nat", "endpoints"))


@pytest.mark.parametrize(
    "checks",
    [
        ecs.CHECKS,
        eks_settings.CHECKS,
        eks_settings.ACCESS,
        eks_settings.ENDPOINT,
        eks_settings.GROUP,
        eks_settings.INGRESS,
        ingress_settings.CHECKS,
        network_settings.EXISTING["existing"][0],
        NEW_NETWORK,
    ],
)
def test_every_key_is_described(checks: Mapping[str, Any]) -> None:
    assert [key for key in checks if f"`{key}`" not in GUIDE and f"{key}:" not in GUIDE] == []
