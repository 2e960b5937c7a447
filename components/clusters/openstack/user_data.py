"""The user data of a machine with Docker, for cloud-init. Pure, and the same bytes for the same machine.

https://docs.cloud-init.io/en/latest/reference/modules.html

Anyone who reads the machine's metadata reads it: no secret is in it. A machine makes its SSH host key itself and tells
the public half on its console, which is read by the cloud's own API (docs/adr/0009).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from . import boot_scripts
from .engines import Source

USER = "slipway"
"""As whom Docker is reached; being in the group docker, it is as good as root."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """What a machine is to become.

    Attributes:
        name: its host name, which is also a Swarm's word for it.
        key: the public key, in OpenSSH's form, that may log in.
        engine: where its Engine comes from.
        swarm: whether it will be in a Swarm, which cannot have `live-restore`
            (https://docs.docker.com/engine/daemon/live-restore/).
        mirrors: URLs of mirrors of Docker Hub.
        volume: ID of the volume on which Docker's volumes are; None: they are on the machine's own disk.
    """

    name: str
    key: str
    engine: Source = field(default_factory=Source)
    swarm: bool = False
    mirrors: Sequence[str] = ()
    volume: str | None = None


def user_data(machine: Machine) -> str:
    """A machine's user data, a cloud-config.

    Args:
        machine: what it is to become.
    """
    config: dict[str, Any] = {
        # what the cloud tells may have a domain behind it
        "hostname": machine.name,
        "groups": ["docker"],
        "users": [
            {
                "name": USER,
                "gecos": "reaches Docker over SSH",
                "groups": ["docker"],
                "shell": "/bin/sh",
                "lock_passwd": True,
                "ssh_authorized_keys": [machine.key],
            }
        ],
        "disable_root": True,
        "ssh_pwauth": False,
        "ssh_genkeytypes": ["ed25519"],
        "write_files": [_file(path, *what) for path, what in sorted(_files(machine).items())],
        **_repository(machine.engine),
        "runcmd": [["/usr/local/sbin/slipway-setup"]],
    }
    return "#cloud-config\n" + yaml.dump(config, Dumper=_Dumper, sort_keys=False, width=1000)


class _Dumper(yaml.SafeDumper):
    """Writes files as they are, so that who looks at a machine's user data can read them."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """A text of several lines is a literal block."""
        return self.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Dumper.add_representer(str, _Dumper.represent_str)


def _files(machine: Machine) -> dict[str, tuple[str, str]]:
    """Path -> mode and content."""
    packages = " ".join(machine.engine.packages)
    files = {
        "/etc/docker/daemon.json": ("0644", _daemon(machine)),
        "/etc/slipway/metadata.nft": ("0644", boot_scripts.METADATA_RULES),
        "/etc/ssh/sshd_config.d/10-slipway.conf": ("0644", boot_scripts.SSHD),
        "/etc/systemd/system/slipway-metadata.service": ("0644", boot_scripts.METADATA_UNIT),
        "/usr/local/sbin/slipway-setup": ("0755", boot_scripts.setup(packages, machine.volume)),
    }
    if machine.volume is not None:
        files["/etc/systemd/system/docker.service.d/10-slipway.conf"] = ("0644", boot_scripts.DOCKER_NEEDS_DATA)
        files["/usr/local/sbin/slipway-data"] = ("0755", boot_scripts.DATA)
    return files


def _file(path: str, mode: str, content: str) -> dict[str, str]:
    return {"path": path, "permissions": mode, "content": content}


def _daemon(machine: Machine) -> str:
    """The Engine's own settings; it listens on its socket alone.

    https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
    """
    settings: dict[str, Any] = {
        "live-restore": not machine.swarm,
        "log-driver": "json-file",
        "log-opts": {"max-file": "3", "max-size": "10m"},
        "no-new-privileges": True,
    }
    if machine.mirrors:
        settings["registry-mirrors"] = list(machine.mirrors)
    return json.dumps(settings, indent=2, sort_keys=True) + "\n"


def _repository(engine: Source) -> dict[str, Any]:
    """cloud-init fetches the key by its fingerprint; `$KEY_FILE` and `$RELEASE` are its own words."""
    if engine.url is None:
        return {}
    source = {
        "source": f"deb [signed-by=$KEY_FILE] {engine.url} $RELEASE stable",
        "keyid": engine.fingerprint,
        "keyserver": engine.keyserver,
    }
    return {"apt": {"sources": {"docker.list": source}}}
