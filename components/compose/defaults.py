"""Phase 7, defaults: values that the specification gives where none is written, and amounts in one spelling.

Source: `transform/defaults.go` and the types of the reference; sizes and durations are spelt as it prints them.
"""

from typing import Any

from ..errors import Problem
from . import units
from .interpolate import number
from .short_forms import as_texts, labels
from .tree import Map, Row, rewrite, table


def _size(value: Any) -> Any:
    return value if value is None else str(units.size(value))


def _duration(value: Any) -> Any:
    return value if value is None else units.duration(value)


def _mode(value: Any) -> Any:
    return value if value is None else f"0{units.mode(value):o}"


def _dependency(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("condition", "service_started")
        value.setdefault("required", True)
    return value


def _secret(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("target", f"/run/secrets/{value.get('source')}")
    return value


def _port(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("protocol", "tcp")
        value.setdefault("mode", "ingress")
    return value


def _request(value: Any) -> Any:
    if isinstance(value, Map) and "count" not in value and "device_ids" not in value:
        value["count"] = "all"
    return value


def _count(value: Any) -> Any:
    return -1 if value == "all" else value


def _rate(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("rate", 0)
    return value


def _weight(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("weight", 0)
    return value


def _resource(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("kind", "")
        value.setdefault("value", 0)
    return value


def _bind(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("create_host_path", True)
    return value


def _build(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("context", ".")
    return value


def _env_file(value: Any) -> Any:
    if isinstance(value, Map):
        value.setdefault("required", True)
    return value


_RATES = ("device_read_bps", "device_read_iops", "device_write_bps", "device_write_iops")
_CONTAINER: dict[str, Row] = {
    **{f"blkio_config.{rates}.*": _rate for rates in _RATES},
    **{f"blkio_config.{rates}.*.rate": _size for rates in _RATES},
    "blkio_config.weight_device.*": _weight,
    "configs.*.mode": _mode,
    "cpus": number,
    "env_file.*": _env_file,
    "gpus.*": _request,
    "gpus.*.count": _count,
    "logging.options": labels,  # not a long form: a null of a later file says nothing
    "mem_limit": _size,
    "mem_reservation": _size,
    "memswap_limit": _size,
    "secrets.*": _secret,
    "secrets.*.mode": _mode,
    "shm_size": _size,
    "stop_grace_period": _duration,
    "volumes.*.bind": _bind,
    "volumes.*.tmpfs.mode": units.mode,
    "volumes.*.tmpfs.size": _size,
}
_WORKLOAD: dict[str, Row] = {
    **_CONTAINER,
    "build": _build,
    "build.secrets.*.mode": _mode,
    "build.shm_size": _size,
    "depends_on.*": _dependency,
    **{f"healthcheck.{key}": _duration for key in ("interval", "timeout", "start_period", "start_interval")},
    "ports.*": _port,
}
_SERVICE: dict[str, Row] = {
    **_WORKLOAD,
    "deploy.resources.limits.cpus": number,
    "deploy.resources.limits.memory": _size,
    "deploy.resources.reservations.cpus": number,
    "deploy.resources.reservations.devices.*": _request,
    "deploy.resources.reservations.devices.*.count": _count,
    "deploy.resources.reservations.generic_resources.*.discrete_resource_spec": _resource,
    "deploy.resources.reservations.memory": _size,
    "deploy.restart_policy.delay": _duration,
    "deploy.restart_policy.window": _duration,
    **{f"deploy.{config}.delay": _duration for config in ("update_config", "rollback_config")},
    **{f"deploy.{config}.monitor": _duration for config in ("update_config", "rollback_config")},
    "provider.options.*": as_texts,
    **{f"pre_start.*.{path}": row for path, row in _CONTAINER.items()},
}
ROWS = table(
    {
        **{f"services.*.{path}": row for path, row in _SERVICE.items()},
        **{f"jobs.*.{path}": row for path, row in _WORKLOAD.items()},
    }
)


def apply(root: Map, problems: list[Problem]) -> None:
    """Fill in defaults and spell amounts, in place.

    Args:
        root: a layer's tree, in the long form.
        problems: what is wrong is added here.
    """
    rewrite(root, ROWS, problems)
