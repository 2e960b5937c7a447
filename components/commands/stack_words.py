"""The words of a stack file: what an argument of `docker.Service` is called in the dialect of `docker stack deploy`.

https://github.com/docker/cli, `cli/compose/schema/data/config_schema_v3.13.json`; what has no row has no word there.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..targets.rows import Ref
from .compose_file import written

GENERATED = ("com.docker.stack.namespace", "com.docker.stack.image")

Convert = Callable[[Any], Any]


def pairs(labels: Any) -> dict[str, Any]:
    """Labels as a mapping, without those that `docker stack deploy` writes by itself."""
    return {each["label"]: written(each["value"]) for each in labels if each["label"] not in GENERATED}


def _hosts(hosts: Any) -> Any:
    return [f"{each['host']}:{each['ip']}" for each in hosts]


def _port(port: Mapping[str, Any]) -> dict[str, Any]:
    names = {"target_port": "target", "published_port": "published", "protocol": "protocol", "publish_mode": "mode"}
    return {names[name]: value for name, value in port.items() if name in names}


def _cpus(value: int) -> str:
    return f"{value / 1e9:.9f}".rstrip("0").rstrip(".")


def _generic(resources: Any) -> Any:
    pairs = (each.split("=") for each in resources["discrete_resources_specs"])
    return [{"discrete_resource_spec": {"kind": kind, "value": int(value)}} for kind, value in pairs]


def _mount(mount: Mapping[str, Any]) -> dict[str, Any]:
    """A mount; what a volume is made with stands at the top of the file."""
    found = {name: written(mount[name]) for name in ("type", "source", "target") if name in mount}
    if mount.get("read_only"):
        found["read_only"] = True
    if "bind_options" in mount:
        found["bind"] = dict(mount["bind_options"])
    if "no_copy" in mount.get("volume_options", {}):
        found["volume"] = {"nocopy": mount["volume_options"]["no_copy"]}
    if "size_bytes" in mount.get("tmpfs_options", {}):
        found["tmpfs"] = {"size": mount["tmpfs_options"]["size_bytes"]}
    return found


def _grant(kind: str) -> Convert:
    names = {"file_name": "target", "file_mode": "mode", "file_uid": "uid", "file_gid": "gid"}

    def convert(grants: Any) -> list[dict[str, Any]]:
        return [
            {
                "source": _key(grant[f"{kind}_name"]),
                **{names[name]: value for name, value in grant.items() if name in names},
            }
            for grant in grants
        ]

    return convert


def _key(name: Any) -> str:
    return str(name.key if isinstance(name, Ref) else name)


def _networks(attachments: Any) -> dict[str, Any]:
    return {
        _key(each["id"]): {
            "aliases": list(each["aliases"]),
            **(
                {"driver_opts": dict(pair.split("=", 1) for pair in each["driver_opts"])}
                if "driver_opts" in each
                else {}
            ),
        }
        for each in attachments
    }


def _steps(config: Mapping[str, Any]) -> dict[str, Any]:
    ratio = {"max_failure_ratio": float(config["max_failure_ratio"])} if "max_failure_ratio" in config else {}
    return {**config, **ratio}


SERVICE: Mapping[str, tuple[str, Convert]] = {
    "task_spec.container_spec.image": ("image", written),
    "task_spec.container_spec.commands": ("entrypoint", written),
    "task_spec.container_spec.args": ("command", written),
    "task_spec.container_spec.dir": ("working_dir", written),
    "task_spec.container_spec.user": ("user", written),
    "task_spec.container_spec.hostname": ("hostname", written),
    "task_spec.container_spec.read_only": ("read_only", written),
    "task_spec.container_spec.init": ("init", written),
    "task_spec.container_spec.stop_signal": ("stop_signal", written),
    "task_spec.container_spec.stop_grace_period": ("stop_grace_period", written),
    "task_spec.container_spec.env": ("environment", written),
    "task_spec.container_spec.labels": ("labels", pairs),
    "task_spec.container_spec.cap_adds": ("cap_add", written),
    "task_spec.container_spec.cap_drops": ("cap_drop", written),
    "task_spec.container_spec.sysctl": ("sysctls", written),
    "task_spec.container_spec.hosts": ("extra_hosts", _hosts),
    "task_spec.container_spec.dns_config.nameservers": ("dns", written),
    "task_spec.container_spec.dns_config.searches": ("dns_search", written),
    "task_spec.container_spec.healthcheck.tests": ("healthcheck.test", written),
    "task_spec.container_spec.mounts": ("volumes", lambda mounts: [_mount(each) for each in mounts]),
    "task_spec.container_spec.secrets": ("secrets", _grant("secret")),
    "task_spec.container_spec.configs": ("configs", _grant("config")),
    "task_spec.networks_advanceds": ("networks", _networks),
    "task_spec.log_driver.name": ("logging.driver", written),
    "task_spec.log_driver.options": ("logging.options", written),
    "task_spec.resources.limits.nano_cpus": ("deploy.resources.limits.cpus", _cpus),
    "task_spec.resources.limits.memory_bytes": ("deploy.resources.limits.memory", str),
    "task_spec.resources.reservation.nano_cpus": ("deploy.resources.reservations.cpus", _cpus),
    "task_spec.resources.reservation.memory_bytes": ("deploy.resources.reservations.memory", str),
    "task_spec.resources.reservation.generic_resources": ("deploy.resources.reservations.generic_resources", _generic),
    "task_spec.restart_policy": ("deploy.restart_policy", written),
    "task_spec.placement.constraints": ("deploy.placement.constraints", written),
    "task_spec.placement.prefs": ("deploy.placement.preferences", lambda prefs: [{"spread": each} for each in prefs]),
    "task_spec.placement.max_replicas": ("deploy.placement.max_replicas_per_node", written),
    "labels": ("deploy.labels", pairs),
    "mode.replicated.replicas": ("deploy.replicas", written),
    "mode.global_": ("deploy.mode", lambda _: "global"),
    "update_config": ("deploy.update_config", _steps),
    "rollback_config": ("deploy.rollback_config", _steps),
    "endpoint_spec.mode": ("deploy.endpoint_mode", written),
    "endpoint_spec.ports": ("ports", lambda ports: [_port(each) for each in ports]),
    **{
        f"task_spec.container_spec.healthcheck.{key}": (f"healthcheck.{key}", written)
        for key in ("interval", "timeout", "start_period", "retries")
    },
}
"""Argument of `docker.Service` -> key of the dialect, and how its value is written."""
OWN = ("name", "converge_config")
"""Arguments that are `docker stack deploy`'s own business: the service's name, and Pulumi's waiting."""
