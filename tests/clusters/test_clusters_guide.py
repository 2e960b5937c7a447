"""docs/clusters.md and docs/clusters-google.md name every setting of the clusters that they describe."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.clusters.aws import ecs, eks_settings, ingress_settings, network_settings
from components.clusters.google import gke_settings, platform
from components.clusters.google import network_settings as google_networks

GUIDE = Path("docs/clusters.md").read_text()
GOOGLE = Path("docs/clusters-google.md").read_text()
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


@pytest.mark.parametrize(
    "checks",
    [
        gke_settings.CHECKS,
        gke_settings.ENDPOINT,
        gke_settings.INGRESS,
        gke_settings.POOL,
        google_networks.EXISTING,
        google_networks.NEW,
        platform.CHECKS,
    ],
)
def test_every_key_on_google_cloud_is_described(checks: Mapping[str, Any]) -> None:
    assert [key for key in checks if f"`{key}`" not in GOOGLE and f"{key}:" not in GOOGLE] == []
