"""docs/clusters-openstack.md names every setting of the clusters that it describes; the example stacks are right."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml
from openstack_answers import OpenStackOutputs

from components import clusters
from components.clusters.openstack import engines, machine_settings, magnum_settings, swarm_settings
from components.testing import record

GUIDE = Path("docs/clusters-openstack.md").read_text()


@pytest.mark.parametrize(
    "checks",
    [
        engines.DOCKERS,
        engines.MIRROR,
        machine_settings.CHECKS,
        machine_settings.PUBLISHED_KEYS,
        machine_settings.SSH,
        machine_settings.VOLUME,
        magnum_settings.CHECKS,
        swarm_settings.CHECKS,
        magnum_settings.GROUP,
        magnum_settings.TEMPLATE,
        *(checks for checks, _ in machine_settings.NETWORKS.values()),
    ],
)
def test_every_key_is_described(checks: Mapping[str, Any]) -> None:
    assert [key for key in checks if f"`{key}`" not in GUIDE and f"{key}:" not in GUIDE] == []


@pytest.mark.parametrize("name", ["magnum-cluster", "openstack-swarm-cluster", "openstack-vm"])
def test_the_example_of_a_clusters_stack_makes_one(name: str) -> None:
    written = yaml.safe_load(Path(f"stacks/Pulumi.{name}.yaml").read_text())["config"]
    given = {key.removeprefix("slipway:"): value for key, value in written.items() if key.startswith("slipway:")}
    recorded = record(lambda: pulumi.export("access", clusters.create(name, given)), outputs=OpenStackOutputs())
    assert "kind" in recorded.outputs["access"]
