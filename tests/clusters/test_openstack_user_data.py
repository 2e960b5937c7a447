"""What a machine on OpenStack is given for its first start: cloud-init's user data.

The script of the volume for data runs here for real, on files in place of disks, with stand-ins for what mounts.
Not proved: that a machine boots with it. cloud-init's schema says which keys and types there are, and no more.
`cloud-config.schema.json` is that of Debian's package cloud-init 22.4.2-1+deb12u4, unchanged (Apache-2.0).
"""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from components.clusters.openstack import boot_scripts, engines
from components.clusters.openstack.user_data import Machine, user_data

HERE = Path(__file__).parent
SCHEMA = json.loads((HERE / "cloud-config.schema.json").read_text())
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample you@example"
VOLUME = "0f7a4c3e-2b51-4d0a-9a55-6a1b7c8d9e0f"
MIRROR = engines.source({"mirror": {"url": "https://mirror.example.com/docker/debian"}})
MACHINES = {
    "plain": Machine(name="vm-1", key=KEY),
    "data": Machine(name="vm-1", key=KEY, volume=VOLUME, mirrors=["https://mirror.example.com"]),
    "swarm": Machine(name="vm-1", key=KEY, swarm=True, engine=engines.source({"docker": {"system": "debian"}})),
    "mirror": Machine(name="vm-1", key=KEY, engine=MIRROR),
}


def config(machine: Machine) -> Any:
    return yaml.safe_load(user_data(machine))


def files(machine: Machine) -> dict[str, str]:
    return {each["path"]: each["content"] for each in config(machine)["write_files"]}


def test_it_is_what_it_was_to_the_byte() -> None:
    assert user_data(MACHINES["data"]) == (HERE / "openstack-user-data.yaml").read_text()


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_cloud_init_knows_every_key_and_takes_every_value(machine: Machine) -> None:
    found = jsonschema_rs.validator_for(SCHEMA).iter_errors(config(machine))
    assert [(list(each.instance_path), each.message) for each in found] == []
    known = {name for part in SCHEMA["$defs"].values() for name in part.get("properties", {})}
    assert set(config(machine)) <= known


@pytest.mark.parametrize(
    "wrong",
    [{"ssh_pwauth": {}}, {"users": [{"name": ["a"]}]}, {"write_files": [{"content": "x"}]}, {"apt": {"sources": 1}}],
)
def test_the_schema_would_refuse_what_is_wrong(wrong: dict[str, Any]) -> None:
    assert not jsonschema_rs.validator_for(SCHEMA).is_valid({**config(MACHINES["plain"]), **wrong})


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_it_is_far_smaller_than_nova_takes(machine: Machine) -> None:
    # 65535 bytes in base64: https://docs.openstack.org/api-ref/compute/#create-server
    assert len(user_data(machine)) < 16384


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_every_script_is_one_that_a_shell_can_read(machine: Machine) -> None:
    scripts = [text for text in files(machine).values() if text.startswith("#!/bin/sh")]
    assert scripts
    for text in scripts:
        subprocess.run(["sh", "-n"], input=text, text=True, check=True)
        assert re.findall("@[A-Z]+@", text) == []


def test_the_engine_is_hardened_and_listens_on_its_socket_alone() -> None:
    daemon = json.loads(files(MACHINES["data"])["/etc/docker/daemon.json"])
    assert daemon == {
        "live-restore": True,
        "log-driver": "json-file",
        "log-opts": {"max-file": "3", "max-size": "10m"},
        "no-new-privileges": True,
        "registry-mirrors": ["https://mirror.example.com"],
    }


def test_an_engine_of_a_swarm_has_no_live_restore_which_a_swarm_refuses() -> None:
    assert json.loads(files(MACHINES["swarm"])["/etc/docker/daemon.json"])["live-restore"] is False


def test_a_machine_calls_itself_as_the_stack_calls_it() -> None:
    assert config(MACHINES["swarm"])["hostname"] == "vm-1"


def test_sshd_takes_a_hundred_connections_by_key_alone_and_has_one_host_key() -> None:
    lines = files(MACHINES["plain"])["/etc/ssh/sshd_config.d/10-slipway.conf"].splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "MaxStartups 100",
        "MaxSessions 100",
        "HostKey /etc/ssh/ssh_host_ed25519_key",
        "PasswordAuthentication no",
        "PermitRootLogin no",
    ]
    assert config(MACHINES["plain"])["ssh_genkeytypes"] == ["ed25519"]


def test_no_container_starts_before_the_metadata_service_is_closed_to_it() -> None:
    unit = files(MACHINES["plain"])["/etc/systemd/system/slipway-metadata.service"]
    assert {"Before=docker.service", "RequiredBy=docker.service"} <= set(unit.splitlines())
    rules = files(MACHINES["plain"])["/etc/slipway/metadata.nft"]
    forwarded = rules.partition("chain forward {")[2].partition("}")[0]
    assert "ip daddr 169.254.169.254 drop" in forwarded
    script = files(MACHINES["plain"])["/usr/local/sbin/slipway-setup"]
    assert script.index("enable --now slipway-metadata.service") < script.index("packages docker.io")


def test_docker_needs_the_volume_for_data_where_there_is_one() -> None:
    drop_in = "/etc/systemd/system/docker.service.d/10-slipway.conf"
    assert "RequiresMountsFor=/var/lib/docker/volumes" in files(MACHINES["data"])[drop_in]
    assert drop_in not in files(MACHINES["plain"])
    script = files(MACHINES["data"])["/usr/local/sbin/slipway-setup"]
    mounted = script.index(f"/usr/local/sbin/slipway-data {VOLUME[:20]} {VOLUME}\n")
    assert mounted < script.index("packages docker.io")


@pytest.mark.parametrize(
    ("engine", "packages", "sources"),
    [
        ({"distribution": {}}, "docker.io", None),
        (
            {"docker": {"system": "ubuntu"}},
            "docker-ce docker-ce-cli containerd.io",
            {
                "source": "deb [signed-by=$KEY_FILE] https://download.docker.com/linux/ubuntu $RELEASE stable",
                "keyid": "9DC858229FC7DD38854AE2D88D81803C0EBFCD88",
                "keyserver": "keyserver.ubuntu.com",
            },
        ),
        (
            {"mirror": {"url": "https://m.example", "fingerprint": "A" * 40, "keyserver": "keys.example"}},
            "docker-ce docker-ce-cli containerd.io",
            {
                "source": "deb [signed-by=$KEY_FILE] https://m.example $RELEASE stable",
                "keyid": "A" * 40,
                "keyserver": "keys.example",
            },
        ),
    ],
    ids=["distribution", "docker", "mirror"],
)
def test_the_engine_comes_from_where_the_stack_says(engine: Any, packages: str, sources: Any) -> None:
    machine = Machine(name="vm-1", key=KEY, engine=engines.source(engine))
    assert f"\npackages {packages}\n" in files(machine)["/usr/local/sbin/slipway-setup"]
    assert (config(machine).get("apt") or {}).get("sources", {}).get("docker.list") == sources


@pytest.mark.parametrize(
    ("engine", "messages"),
    [
        ({"snap": {}}, ["w: it is {'snap': {}}; write one of distribution: ..., docker: ..., mirror: ..."]),
        ({"docker": {}}, ["w.docker: no value for system; write one"]),
        ({"docker": {"system": "debain"}}, ['w.docker: unknown system "debain"; did you mean "debian"?']),
        ({"distribution": {"a": 1}}, ['w.distribution: unknown key "a"; (known: )']),
        (
            {"mirror": {"url": "http://m", "fingerprint": "ab"}},
            [
                "w.mirror: fingerprint is 'ab', not a fingerprint; write the key's 40 hexadecimal digits",
                "w.mirror: url is 'http://m', not an address; write one that begins with https://",
            ],
        ),
    ],
)
def test_what_is_wrong_about_the_engine_is_told(engine: Any, messages: list[str]) -> None:
    found = [str(each) for each in engines.problems(engine, "w")]
    assert [each[: len(message)] for each, message in zip(found, messages, strict=True)] == messages


# --- the volume for data, for real -----------------------------------------------------------------------------------

STAND_INS = {
    "mountpoint": '[ -e "$ROOT/mounted$(echo "$2" | tr / _)" ]',
    "mount": 'touch "$ROOT/mounted$(echo "$1" | tr / _)"; echo "mount $1" >>"$ROOT/calls"',
    "systemctl": 'echo "systemctl $*" >>"$ROOT/calls"',
    "sleep": "exit 0",
    "mkfs.ext4": 'echo mkfs >>"$ROOT/calls"; exec /usr/sbin/mkfs.ext4 "$@"',
}


class Disk:
    """A file in place of a disk, and a place in which the script of the volume runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.calls = root / "calls"
        self.fstab = root / "etc" / "fstab"
        self.device = root / "dev" / "disk" / "by-id" / f"virtio-{VOLUME[:20]}"
        for folder in (self.device.parent, self.fstab.parent, root / "bin", root / "srv", root / "var"):
            folder.mkdir(parents=True)
        self.fstab.write_text("LABEL=root / ext4 defaults 0 1\n")
        self.calls.write_text("")
        for name, body in STAND_INS.items():
            (root / "bin" / name).write_text(f"#!/bin/sh\n{body}\n")
            (root / "bin" / name).chmod(0o755)

    def blank(self) -> None:
        with self.device.open("wb") as file:
            file.truncate(8 << 20)

    def run(self) -> subprocess.CompletedProcess[str]:
        script = boot_scripts.DATA
        for path in ("/dev/disk", "/etc/fstab", "/srv/slipway", "/var/lib/docker"):
            script = script.replace(path, f"{self.root}{path}")
        environment = {"PATH": f"{self.root}/bin:/usr/sbin:/usr/bin:/sbin:/bin", "ROOT": str(self.root)}
        return subprocess.run(
            ["sh", "-c", script, "slipway-data", VOLUME[:20], VOLUME],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    if not os.access("/usr/sbin/mkfs.ext4", os.X_OK):
        pytest.skip("this machine has no mkfs.ext4")
    return Disk(tmp_path)


def identity(disk: Disk) -> str:
    command = ["/usr/sbin/blkid", "-p", "-s", "UUID", "-o", "value", str(disk.device)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def test_a_blank_volume_is_formatted_once_and_mounted_by_its_uuid(disk: Disk) -> None:
    disk.blank()
    assert disk.run().returncode == 0
    first = identity(disk)
    assert disk.run().returncode == 0
    assert identity(disk) == first
    calls = disk.calls.read_text().splitlines()
    assert calls.count("mkfs") == 1
    assert [line for line in disk.fstab.read_text().splitlines() if first in line] == [
        f"UUID={first} {disk.root}/srv/slipway ext4 defaults,nofail,x-systemd.device-timeout=300 0 2"
    ]


def test_a_volume_of_a_machine_before_is_taken_up_with_what_is_on_it(disk: Disk) -> None:
    disk.blank()
    disk.run()
    before = disk.device.read_bytes()
    disk.fstab.write_text("LABEL=root / ext4 defaults 0 1\n")
    disk.calls.write_text("")
    assert disk.run().returncode == 0
    assert disk.device.read_bytes() == before
    assert "mkfs" not in disk.calls.read_text()
    assert identity(disk) in disk.fstab.read_text()


def partitions(disk: Disk) -> None:
    """A table with one partition, as a disk of a machine has it."""
    with disk.device.open("r+b") as file:
        file.seek(446)
        file.write(bytes.fromhex("80000001830000000100000000080000").ljust(64, b"\x00") + b"\x55\xaa")


def another(disk: Disk) -> None:
    subprocess.run(["/usr/sbin/mkfs.ext2", "-q", str(disk.device)], check=True)


@pytest.mark.parametrize(("written", "kind"), [(partitions, "no file system"), (another, "ext2")])
def test_a_volume_with_anything_else_on_it_is_left_as_it_is(disk: Disk, written: Any, kind: str) -> None:
    disk.blank()
    written(disk)
    before = disk.device.read_bytes()
    found = disk.run()
    assert (found.returncode, found.stderr) == (1, f"the volume {VOLUME} has {kind}, not ext4; it is left as it is\n")
    assert (disk.device.read_bytes(), disk.calls.read_text()) == (before, "")


def test_a_volume_that_never_comes_is_told_and_nothing_is_mounted(disk: Disk) -> None:
    found = disk.run()
    assert (found.returncode, found.stderr) == (1, f"the volume {VOLUME} is not attached\n")
    assert disk.calls.read_text() == ""
