"""Which builder is written down for the docker-build plugin. Not proved: that BuildKit in a container comes up."""

import json
from pathlib import Path

import pytest

from toolchain import builder
from toolchain.places import Places
from toolchain.table import tool


def test_a_builder_in_a_container_is_pinned_and_reaches_this_machines_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///x.sock")
    places = Places(tmp_path, tmp_path / "cache")
    assert builder.ensure_container(places) == "a container"
    assert json.loads((places.buildx / "current").read_text())["Name"] == "slipway"
    found = json.loads((places.buildx / "instances" / "slipway").read_text())
    (node,) = found["Nodes"]
    assert (found["Driver"], node["Endpoint"]) == ("docker-container", "unix:///x.sock")
    assert node["DriverOpts"] == {"image": f"moby/buildkit:v{tool('buildkitd').version}", "network": "host"}
    assert node["Flags"] == ["--allow-insecure-entitlement=network.host"]
