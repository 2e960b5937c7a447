"""An Engine over SSH whose host key is known, and the stack of a cluster of one machine, under Pulumi mocks.

`ssh` itself says that it takes the options. Not proved here: that it refuses another key (docs/adr/0009 has that).
"""

import json
import subprocess
from pathlib import Path
from typing import Any, ClassVar

import pulumi
import pytest
from apps import app, service

from components.access import DockerAccess
from components.clusters import existing
from components.errors import SettingsError
from components.model import Port
from components.targets.docker.engine import can_ask
from components.testing import Outputs, Recording, record

HOST, KEY = "ssh://slipway@203.0.113.7", "ssh-ed25519 AAAAC3Nza"
OPTIONS = [
    "-o",
    "KnownHostsCommand=/bin/echo %H ssh-ed25519 AAAAC3Nza",
    "-o",
    "UserKnownHostsFile=/dev/null",
    "-o",
    "GlobalKnownHostsFile=/dev/null",
    "-o",
    "StrictHostKeyChecking=yes",
]
WEB = service("web", ports=(Port(target=80, published="8080"),))


class Given(Outputs):
    """A stack that has a machine with Docker."""

    stacks: ClassVar = {
        "organization/project/vm": {
            "access": {
                "kind": "docker",
                "host": HOST,
                "address": "203.0.113.7",
                "hostKey": KEY,
                "privateKey": "PEM",
            }
        }
    }


def deployed(cluster: dict[str, Any], **more: Any) -> Recording:
    def program() -> None:
        from components import Application  # noqa: PLC0415 - loads a target's SDK

        args: Any = {"app": app(WEB), "target": "docker", "cluster": cluster, **more}
        pulumi.export("urls", Application("app", args).urls)

    return record(program, outputs=Given())


def provider(recorded: Recording) -> dict[str, Any]:
    inputs = dict(recorded.one("docker", "app-docker").inputs)
    # a provider's own lists come as JSON
    return {**inputs, "sshOpts": json.loads(inputs["sshOpts"])}


def test_docker_runs_on_the_machine_of_another_stack() -> None:
    recorded = deployed({"stack": "vm"})
    assert provider(recorded) == {"host": HOST, "sshOpts": OPTIONS}
    assert recorded.outputs["urls"] == {"web": "http://203.0.113.7:8080"}


def test_the_private_key_that_a_clusters_stack_made_is_given_to_no_provider() -> None:
    assert [each.name for each in deployed({"stack": "vm"}) if "PEM" in str(each.inputs)] == []


def test_the_path_of_a_key_is_the_stacks_own() -> None:
    recorded = deployed({"stack": "vm"}, ssh_key="/home/me/.ssh/cloud")
    assert provider(recorded)["sshOpts"] == [*OPTIONS, "-i", "/home/me/.ssh/cloud", "-o", "IdentitiesOnly=yes"]


def test_without_a_host_key_ssh_decides_as_it_is_configured() -> None:
    assert deployed({"existing": {"host": HOST}}).one("docker", "app-docker").inputs == {"host": HOST}


def test_ssh_takes_the_options(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("")
    access = DockerAccess(host=HOST, host_key=KEY, ssh_key=str(tmp_path / "key"))
    printed = subprocess.run(["ssh", "-G", *access.ssh, "203.0.113.7"], capture_output=True, text=True, check=True)
    lines = printed.stdout.splitlines()
    assert "knownhostscommand /bin/echo %H ssh-ed25519 AAAAC3Nza" in lines
    assert {"userknownhostsfile /dev/null", f"identityfile {tmp_path}/key", "identitiesonly yes"} <= set(lines)
    assert {"stricthostkeychecking true", "stricthostkeychecking yes"} & set(lines)


def test_only_the_plugin_asks_an_engine_whose_host_key_is_given() -> None:
    assert not can_ask(DockerAccess(host=HOST, host_key=KEY))
    assert can_ask(DockerAccess(host="unix:///var/run/docker.sock"))


@pytest.mark.parametrize(
    ("block", "message"),
    [
        (
            {"host": HOST, "hostKey": "SHA256:abc"},
            'hostKey is "SHA256:abc", not a host\'s key; '
            "write type and key, as `ssh-keyscan` prints them after the host",
        ),
        (
            {"host": HOST, "hostKey": 'ssh-ed25519 A" -oProxyCommand=x'},
            'hostKey is "ssh-ed25519 A" -oProxyCommand=x", not a host\'s key; '
            "write type and key, as `ssh-keyscan` prints them after the host",
        ),
        ({"host": HOST, "address": 7}, "address is 7, not a string; write a name or an address"),
    ],
)
def test_what_is_wrong_is_told(block: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        existing.docker(block)
    assert str(caught.value) == f"slipway:cluster.existing: {message}"
