"""A small Compose file for every property path: the key alone, with a real value, in a file that is otherwise the same.

A key is set through the loader's own door, as YAML, so that short forms, defaults, and what only the loader knows
(`extends`, `env_file`, `profiles`) are part of what is shown.
"""

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from components import compose
from components.errors import ComposeError
from components.model import App
from components.support import REPEATED

FILES = {
    "one.env": "A=1\n",
    "two.env": "A=2\n",
    "raw.env": "A='1'\n",
    "one.labels": "a=1\n",
    "content.txt": "content\n",
    "base.yaml": "services: {web: {image: base:1, user: base}, other: {image: base:1, user: other}}\n"
    "jobs: {web: {image: base:1, triggers: {manual: true}}, other: {image: base:2, triggers: {manual: true}}}\n",
    "more.yaml": "services: {web: {image: more:1, user: more}}\n"
    "jobs: {web: {image: more:1, triggers: {manual: true}}}\n",
    "included.yaml": "services: {included: {image: more:1}}\n",
    "web/Dockerfile": "FROM scratch\n",
    "web/Other": "FROM scratch\n",
    "other/Dockerfile": "FROM scratch\n",
}
"""Beside the Compose file."""

VARIABLES = {"S": "s", "T": "t", "s": "external", "c": "external"}
"""Of interpolation, secrets and configs."""

BASE: Mapping[str, Any] = {
    "name": "shop",
    "services": {
        "web": {
            "image": "web:1",
            "networks": {"net": None},
            "secrets": [{"source": "s", "target": "x"}],
            "configs": [{"source": "c", "target": "/etc/x"}],
        },
        "db": {"image": "db:1", "networks": {"net": None}},
    },
    "networks": {"net": None, "other": None},
    "volumes": {"data": None, "more": None},
    "secrets": {"s": {"environment": "S"}, "t": {"environment": "T"}},
    "configs": {"c": {"environment": "S"}, "d": {"content": "d"}},
}

NAMES = {
    "services": "web",
    "networks": "net",
    "volumes": "data",
    "secrets": "s",
    "configs": "c",
    "services.*.networks": "net",
    "services.*.depends_on": "db",
    "services.*.ulimits": "nofile",
}
"""What `*` stands for below a path; elsewhere it is x."""

LISTS = frozenset(
    {
        *("ports", "volumes", "secrets", "configs", "devices", "gpus", "env_file", "watch", "config", "schedule"),
        *("pre_start", "post_start", "pre_stop", "preferences", "generic_resources", "weight_device"),
        *("device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops"),
    }
)
"""Keys, below the top level, whose value is a list of mappings."""

RATE = {"path": "/dev/sda", "rate": 1048576}
MOUNT = {"type": "volume", "source": "data", "target": "/data"}
DEVICES = "services.*.deploy.resources.reservations.devices"

BESIDE: Mapping[str, Mapping[str, Any]] = {
    "services.*.blkio_config.device_read_bps": {"services.*.blkio_config.device_read_bps": RATE},
    "services.*.blkio_config.device_read_iops": {"services.*.blkio_config.device_read_iops": RATE},
    "services.*.blkio_config.device_write_bps": {"services.*.blkio_config.device_write_bps": RATE},
    "services.*.blkio_config.device_write_iops": {"services.*.blkio_config.device_write_iops": RATE},
    "services.*.blkio_config.weight_device": {
        "services.*.blkio_config.weight_device": {"path": "/dev/sda", "weight": 10}
    },
    "services.*.build": {"services.*.build.context": "web"},
    "services.*.build.secrets": {"services.*.build.secrets": {"source": "s"}},
    "services.*.build.ulimits.*": {"services.*.build.ulimits.*": {"soft": 1, "hard": 2}},
    "services.*.configs": {"services.*.configs": {"source": "c", "target": "/etc/x"}},
    "services.*.secrets": {"services.*.secrets": {"source": "s", "target": "x"}},
    "services.*.cpu_period": {"services.*.cpu_quota": 1000},
    "services.*.credential_spec.config": {"configs.x.content": "x"},
    DEVICES: {DEVICES: {"capabilities": ["gpu"]}},
    "services.*.deploy.resources.reservations.generic_resources": {
        "services.*.deploy.resources.reservations.generic_resources.discrete_resource_spec": {
            "kind": "example.com/gpu",
            "value": 1,
        }
    },
    "services.*.deploy.update_config.parallelism": {"services.*.deploy.replicas": 3},
    "services.*.deploy.restart_policy.max_attempts": {"services.*.deploy.restart_policy.condition": "on-failure"},
    "services.*.depends_on.*.required": {"services.db.profiles": ["x"]},
    "services.*.depends_on.*": {"services.*.depends_on.*": {"condition": "service_started"}},
    "services.*.develop.watch": {"services.*.develop.watch": {"path": ".", "action": "rebuild", "target": "/x"}},
    "services.*.develop.watch.exec": {"services.*.develop.watch.exec": {"command": "true"}},
    "services.*.devices": {"services.*.devices": {"source": "/dev/fuse", "target": "/dev/fuse", "permissions": "rw"}},
    "services.*.env_file.format": {"services.*.env_file": {"path": "raw.env"}},
    "services.*.env_file.required": {"services.*.env_file": {"path": "none.env"}},
    "services.*.extends": {"services.*.extends": {"service": "web", "file": "base.yaml"}},
    "services.*.gpus": {"services.*.gpus": {"driver": "nvidia"}},
    "services.*.healthcheck": {"services.*.healthcheck": {"test": ["CMD", "true"]}},
    "services.*.memswap_limit": {"services.*.mem_limit": 67108864},
    "services.*.models": {"models.x.model": "x"},
    "services.*.ports": {"services.*.ports": {"target": 80}},
    "services.*.post_start": {"services.*.post_start": {"command": "true"}},
    "services.*.pre_stop": {"services.*.pre_stop": {"command": "true"}},
    "services.*.pre_start": {"services.*.pre_start": {"image": "step:1"}},
    "services.*.provider": {"services.*.provider": {"type": "x"}},
    "services.*.ulimits.*": {"services.*.ulimits.*": {"soft": 1, "hard": 2}},
    "services.*.volumes": {"services.*.volumes": MOUNT},
    "services.*.volumes.bind": {"services.*.volumes": {"type": "bind", "source": "/srv", "target": "/srv"}},
    "services.*.volumes.image": {"services.*.volumes": {"type": "image", "source": "web:1", "target": "/x"}},
    "services.*.volumes_from": {"services.db.volumes": [MOUNT]},
    "services.*.volumes.tmpfs": {"services.*.volumes": {"type": "tmpfs", "target": "/x", "source": None}},
    "services.*.x-slipway.autoscale": {"services.*.x-slipway.autoscale": {"min": 1, "max": 5}},
    "services.*.x-slipway.autoscale.requests": {"services.*.x-slipway.ingress": {"port": 8080}},
    "services.*.x-slipway.ingress": {"services.*.x-slipway.ingress": {"port": 8080}},
    "services.*.x-slipway.ingress.redirect_http": {"services.*.x-slipway.ingress": {"host": "shop.example.com"}},
    "jobs": {"jobs.x": {"image": "job:1", "triggers": {"manual": True}}},
    "jobs.*.triggers.manual": {"jobs.*.triggers.schedule": {"cron": "0 0 * * *"}},
    "jobs.*.triggers.schedule": {"jobs.*.triggers.schedule": {"cron": "0 0 * * *"}},
    "models": {"models.*.model": "x"},
    "networks.*.ipam.config": {"networks.*.ipam.config": {"subnet": "10.1.0.0/16"}},
    "volumes.*": {"services.*.volumes": MOUNT},
    "volumes.*.x-slipway.shared": {
        "services.*.volumes": MOUNT,
        "services.*.deploy.update_config.order": "start-first",
    },
}
"""What the file says besides, for a path and those below it, so that the key is right and means something."""

WITHOUT: Mapping[str, tuple[str, ...]] = {
    "services.*.network_mode": ("services.*.networks",),
    "services.*.provider": ("services.*.image", "services.*.secrets", "services.*.configs"),
    "services.*.extends": ("services.*.image",),
    "configs.*.content": ("configs.*.environment",),
    "configs.*.file": ("configs.*.environment",),
    "configs.*.external": ("configs.*.environment",),
    "secrets.*.file": ("secrets.*.environment",),
    "secrets.*.external": ("secrets.*.environment",),
}
"""What cannot stand beside the key; taken out of the file with it alone."""

VALUES: Mapping[str, Any] = {
    "name": "other",
    "version": "3.8",
    "include": ["included.yaml"],
    "services.*.extends.file": "more.yaml",
    "services.*.extends.service": "other",
    "services.*.env_file.path": "two.env",
    "services.*.env_file.format": "raw",
    "services.*.env_file.required": False,
    "services.*.label_file": ["one.labels"],
    "services.*.profiles": ["x"],
    "services.*.build.context": "other",
    "services.*.build.additional_contexts.*": "other",
    "services.*.build.dockerfile": "Other",
    "services.*.build.secrets.source": "t",
    "services.*.build.platforms": ["linux/arm64"],
    "services.*.build.network": "host",
    "services.*.cap_add": ["NET_ADMIN"],
    "services.*.configs.source": "d",
    "services.*.configs.target": "/y",
    "services.*.configs.mode": "0400",
    "services.*.secrets.source": "t",
    "services.*.secrets.target": "y",
    "services.*.secrets.mode": "0400",
    "services.*.container_name": "one",
    "services.*.credential_spec.config": "x",
    "services.*.deploy.mode": "global",
    "services.*.deploy.endpoint_mode": "vip",
    "services.*.deploy.replicas": 3,
    "services.*.deploy.resources.limits.cpus": "0.5",
    "services.*.deploy.resources.limits.memory": "64M",
    "services.*.deploy.resources.reservations.cpus": "0.5",
    "services.*.deploy.resources.reservations.memory": "32M",
    "services.*.deploy.resources.reservations.devices.count": 2,
    "services.*.deploy.resources.reservations.devices.capabilities": ["tpu"],
    "services.*.deploy.restart_policy.condition": "on-failure",
    "services.*.deploy.update_config.order": "start-first",
    "services.*.deploy.update_config.failure_action": "continue",
    "services.*.deploy.update_config.parallelism": 2,
    "services.*.deploy.rollback_config.order": "start-first",
    "services.*.deploy.rollback_config.failure_action": "continue",
    "services.*.depends_on.*.condition": "service_completed_successfully",
    "services.*.depends_on.*.restart": True,
    "services.*.depends_on.*.required": False,
    "services.*.develop.watch.action": "sync",
    "services.*.devices.permissions": "r",
    "services.*.devices.source": "/dev/zero",
    "services.*.devices.target": "/dev/zero",
    "services.*.dns": ["1.1.1.1"],
    "services.*.expose": ["81"],
    "services.*.external_links": ["other"],
    "services.*.extra_hosts.*": "192.0.2.1",
    "services.*.gpus.count": 2,
    "services.*.group_add": ["7"],
    "services.*.hostname": "host",
    "services.*.ipc": "host",
    "services.*.links": ["db"],
    "services.*.mac_address": "02:42:ac:11:00:01",
    "services.*.networks.*.mac_address": "02:42:ac:11:00:01",
    "services.*.network_mode": "host",
    "services.*.networks.*.ipv4_address": "10.1.0.9",
    "services.*.networks.*.ipv6_address": "fd00::9",
    "services.*.networks.*.use_service_name_alias": False,
    "services.*.pid": "host",
    "services.*.uts": "host",
    "services.*.cgroup": "host",
    "services.*.platform": "linux/arm64",
    "services.*.ports.published": "8080",
    "services.*.ports.protocol": "udp",
    "services.*.ports.mode": "host",
    "services.*.ports.host_ip": "127.0.0.1",
    "services.*.ports.target": 81,
    "services.*.pull_policy": "always",
    "services.*.restart": "always",
    "services.*.scale": 3,
    "services.*.security_opt": ["no-new-privileges:true"],
    "services.*.stop_signal": "SIGINT",
    "services.*.tmpfs": ["/t:size=1m"],
    "services.*.ulimits.*.hard": 9,
    "services.*.umask": "0022",
    "services.*.volumes.type": "tmpfs",
    "services.*.volumes.source": "more",
    "services.*.volumes.target": "/other",
    "services.*.volumes.bind.propagation": "rslave",
    "services.*.volumes.bind.create_host_path": True,
    "services.*.volumes.bind.recursive": "disabled",
    "services.*.volumes.bind.selinux": "z",
    "services.*.volumes.tmpfs.size": 1048576,
    "services.*.volumes.tmpfs.mode": "0700",
    "services.*.volumes_from": ["db"],
    "services.*.x-slipway.autoscale.min": 3,
    "services.*.x-slipway.managed": "redis",
    "services.*.x-slipway.patch.docker": {"Container": {"stop_timeout": 9}},
    "services.*.x-slipway.patch.swarm": {"Service": {"name": "x"}},
    "services.*.x-slipway.patch.kubernetes": {"Deployment": {"spec": {"minReadySeconds": 9}}},
    "services.*.x-slipway.patch.ecs": {"Service": {"desired_count": 9}},
    "services.*.x-slipway.patch.cloudrun": {"WorkerPool": {"description": "x"}},
    "services.*.x-slipway.ingress.path": "/x",
    "services.*.x-slipway.ingress.health_path": "/x",
    "services.*.x-slipway.ingress.redirect_http": False,
    "services.*.x-slipway.ingress.port": 81,
    "jobs.*.triggers.manual": False,
    "jobs.*.triggers.schedule.concurrency": "queue",
    "jobs.*.triggers.schedule.missed_fires": "skip",
    "jobs.*.triggers.schedule.cron": "1 1 * * *",
    "jobs.*.triggers.schedule.timezone": "Europe/Paris",
    "networks.*.enable_ipv4": False,
    "networks.*.ipam.config.subnet": "10.2.0.0/16",
    "networks.*.ipam.config.ip_range": "10.1.1.0/24",
    "networks.*.ipam.config.gateway": "10.1.0.9",
    "networks.*.ipam.config.aux_addresses.*": "10.1.0.8",
    "secrets.*.environment": "T",
    "secrets.*.file": "content.txt",
    "configs.*.environment": "T",
    "configs.*.file": "content.txt",
    "volumes.*.x-slipway.size": "5GiB",
    "volumes.*.x-slipway.keep": False,
}
"""Where none of `GUESSES` would do."""

GUESSES: tuple[Any, ...] = (True, 7, "0.5", "1s", "x", ["x"], {"x": "x"})
"""The first that the loader takes is the value of a key that `VALUES` does not have. 7 is a size, a number, a count."""


class Case(NamedTuple):
    """An application without and with a key, and where that is. `base` is None where the file is wrong without it."""

    base: App | None
    changed: App
    place: str


def case(path: str, folder: Path) -> Case:
    """The case of a property path.

    Args:
        path: of `support.keys`.
        folder: an empty one, which is the working directory; the files are written into it.

    Raises:
        AssertionError: no value is taken: one is missing in `VALUES`, or something in `BESIDE`.
    """
    for name, content in FILES.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content)
    above = next((prefix for prefix in REPEATED if path.startswith(prefix)), "")
    like = f"services.*.{path.removeprefix(above)}" if above else path
    document = copy.deepcopy(dict(BASE))
    if above:
        _beside(document, path, "")
    _beside(document, like, above)
    try:
        base = load(document, folder)
    except ComposeError:
        base = None
    refusals = []
    known = next((VALUES[each] for each in (path, like) if each in VALUES), None)
    for value in GUESSES if known is None else (known,):
        changed = copy.deepcopy(document)
        for gone in WITHOUT.get(like, WITHOUT.get(like.rpartition(".")[0], ())):
            _take(changed, _repeated(gone, above))
        _put(changed, path, value)
        try:
            return Case(base, load(changed, folder), ".".join(_concrete(path)))
        except ComposeError as error:
            refusals.append(str(error))
    raise AssertionError(f"{path}: no value is taken:\n" + "\n".join(refusals))


def load(document: Mapping[str, Any], folder: Path) -> App:
    """The application of a document."""
    (folder / "compose.yaml").write_text(yaml.safe_dump(dict(document), sort_keys=False))
    return compose.load([str(folder / "compose.yaml")], VARIABLES)


def _beside(document: dict[str, Any], like: str, above: str) -> None:
    for prefix, rows in BESIDE.items():
        if like == prefix or like.startswith(prefix + "."):
            for where, value in rows.items():
                _put(document, _repeated(where, above), value)


def _repeated(path: str, above: str) -> str:
    """A path of a service, where the keys of a service are written again."""
    return f"{above}{path.removeprefix('services.*.')}" if above and path.startswith("services.*.") else path


def _concrete(path: str) -> Iterator[str]:
    keys = path.split(".")
    for index, key in enumerate(keys):
        parent = ".".join(keys[:index])
        for prefix in REPEATED:
            parent = parent.replace(prefix, "services.*.", 1) if parent.startswith(prefix) else parent
        yield NAMES.get(parent, "x") if key == "*" else key


def _holder(document: Any, path: str) -> tuple[Any, str]:
    node = document
    *above, last = _concrete(path)
    for index, key in enumerate(above):
        if key in LISTS and index > 1:
            node[key] = node.get(key) or [{}]
            node = node[key][0]
        else:
            node[key] = {} if node.get(key) is None else node[key]
            node = node[key]
    return node, last


def _put(document: dict[str, Any], path: str, value: Any) -> None:
    holder, key = _holder(document, path)
    value = copy.deepcopy(value)
    if isinstance(value, dict) and key in LISTS and path.count(".") > 1:
        merged = {**(holder.get(key) or [{}])[0], **value}
        holder[key] = [{name: each for name, each in merged.items() if each is not None}]
    elif isinstance(value, dict) and isinstance(holder.get(key), dict):
        holder[key] = {**holder[key], **value}
    else:
        holder[key] = value


def _take(document: dict[str, Any], path: str) -> None:
    holder, key = _holder(document, path)
    holder.pop(key, None)
