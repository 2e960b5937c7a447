"""From one Compose service to the parts of `docker.Service` that stand alone.

Tables, one row per key: `SAME` for what only changes its name, `CONVERTED` for what changes its form. The official
plugin sends what is left out of a block as zero, where Swarm's own default is another number
(https://github.com/kreuzwerker/terraform-provider-docker, `resource_docker_service_structures.go`): blocks are given
whole. What needs to know about the rest of the application is in `render.py`, `mounts.py`, `ports.py`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from ...model import Bytes, Healthcheck, Logging, Seconds, Service, Text, UpdateConfig
from .. import forms, health
from ..forms import DEFAULT_GRACE, label_list
from ..forms import short_duration as duration

PLATFORMS = "taskSpec.placement.platforms"
"""Where the plugin writes down which platforms a service's image is for."""
DEFAULT_LOG_DRIVER = "json-file"
"""The Engine's default: pulumi-docker wants a name beside options."""
NEVER = Seconds(0.0)
"""No window: sent as it is, because the plugin reads it back so, and would find a difference at every update."""
RESTART_DELAY = Seconds(5.0)
DEFAULT_MONITOR = Seconds(5.0)
"""Swarm's defaults (https://docs.docker.com/reference/cli/docker/service/create/)."""
START_MARGIN = Seconds(30.0)
"""How long a task without a health check may take to start."""
PULL_MARGIN = Seconds(90.0)
"""How long the nodes may take to pull an image."""

SAME: Mapping[str, str] = {
    "user": "user",
    "working_dir": "dir",
    "hostname": "hostname",
    "read_only": "read_only",
    "init": "init",
    "stop_signal": "stop_signal",
}
"""Key -> argument of the container's spec, the value as it is."""


def container_spec(service: Service) -> dict[str, Any]:
    """Everything of a service's container that stands alone; what is not set is left out."""
    args = forms.converted(service, SAME, CONVERTED)
    grace = DEFAULT_GRACE if service.stop_grace_period is None else service.stop_grace_period
    return {**args, **_dns(service), "stop_grace_period": duration(grace)}


def _environment(values: Mapping[str, Text | None]) -> dict[str, Any]:
    """A name without a value is not set in the container, as with docker compose."""
    return {"env": {name: value for name, value in values.items() if value is not None}}


def _healthcheck(check: Healthcheck) -> dict[str, Any]:
    return forms.healthcheck(check, ("interval", "timeout", "start_period"), duration)


SELINUX = {"disable": "disable", "user": "user", "role": "role", "type": "type", "level": "level"}
"""Word after `label:` or `label=` -> argument of `se_linux_context`."""


def _privileges(options: tuple[str, ...]) -> dict[str, Any]:
    """`label:type:svirt_t` -> SELinux labels; the support table rejects every other option."""
    context: dict[str, Any] = {}
    for option in options:
        word, _, value = option.replace("=", ":").removeprefix("label:").partition(":")
        if word in SELINUX:
            context[SELINUX[word]] = value or True
    return {"privileges": {"se_linux_context": context}} if context else {}


def _listed(argument: str) -> Callable[[Any], dict[str, Any]]:
    return lambda values: {argument: list(values)}


CONVERTED: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "command": _listed("args"),
    "entrypoint": _listed("commands"),
    "environment": _environment,
    "healthcheck": _healthcheck,
    "extra_hosts": forms.hosts,
    "group_add": _listed("groups"),
    "cap_add": _listed("cap_adds"),
    "cap_drop": _listed("cap_drops"),
    "security_opt": _privileges,
    "sysctls": lambda values: {"sysctl": dict(values)},
}
"""Key -> what it becomes in the container's spec."""


def _dns(service: Service) -> dict[str, Any]:
    if not (service.dns or service.dns_search or service.dns_opt):
        return {}
    config = {"nameservers": list(service.dns)}
    config |= {"searches": list(service.dns_search)} if service.dns_search else {}
    config |= {"options": list(service.dns_opt)} if service.dns_opt else {}
    return {"dns_config": config}


def log_driver(logging: Logging | None) -> dict[str, Any]:
    """The argument `log_driver`."""
    if logging is None or not (logging.driver or logging.options):
        return {}
    args: dict[str, Any] = {"name": logging.driver or DEFAULT_LOG_DRIVER}
    return {"log_driver": args | ({"options": dict(logging.options)} if logging.options else {})}


def resources(service: Service) -> dict[str, Any]:
    """The argument `resources`: `deploy.resources`, else `cpus`, `mem_limit`, `mem_reservation`."""
    given = service.deploy.resources if service.deploy else None
    limits = given.limits if given else None
    reserved = given.reservations if given else None
    limit = _amounts(
        service.cpus if limits is None or limits.cpus is None else limits.cpus,
        service.mem_limit if limits is None or limits.memory is None else limits.memory,
    )
    reservation = _amounts(
        reserved.cpus if reserved else None,
        service.mem_reservation if reserved is None or reserved.memory is None else reserved.memory,
    )
    counted = [each.discrete_resource_spec for each in reserved.generic_resources] if reserved else []
    if counted:
        specs = [f"{each.kind}={each.value}" for each in counted if each is not None]
        reservation["generic_resources"] = {"discrete_resources_specs": specs}
    args = {name: amounts for name, amounts in (("limits", limit), ("reservation", reservation)) if amounts}
    return {"resources": args} if args else {}


def _amounts(cpus: float | None, memory: Bytes | None) -> dict[str, Any]:
    args: dict[str, Any] = {}
    if cpus is not None:
        args["nano_cpus"] = round(cpus * 1e9)
    if memory is not None:
        args["memory_bytes"] = int(memory)
    return args


RESTART = {"no": "none", "on-failure": "on-failure", "always": "any", "unless-stopped": "any"}
"""Compose's `restart` -> Swarm's condition."""


def restart_policy(service: Service) -> dict[str, Any]:
    """The argument `restart_policy`: `deploy.restart_policy`, else `restart`; without either Swarm's own, any."""
    policy = service.deploy.restart_policy if service.deploy else None
    if policy is None and service.restart is None:
        return {}
    if policy is None:
        name, _, attempts = (service.restart or "").partition(":")
        args: dict[str, Any] = {"condition": RESTART[name], "delay": duration(RESTART_DELAY), "window": duration(NEVER)}
        return {"restart_policy": args | ({"max_attempts": int(attempts)} if attempts else {})}
    args = {
        "condition": policy.condition or "any",
        "delay": duration(RESTART_DELAY if policy.delay is None else policy.delay),
        "window": duration(NEVER if policy.window is None else policy.window),
    }
    if policy.max_attempts is not None:
        args["max_attempts"] = policy.max_attempts
    return {"restart_policy": args}


def mode(service: Service) -> dict[str, Any]:
    """The argument `mode`."""
    return {"global_": True} if is_global(service) else {"replicated": {"replicas": service.replicas}}


def is_global(service: Service) -> bool:
    """Whether there is one task on every node."""
    return service.deploy is not None and service.deploy.mode == "global"


def update_config(service: Service) -> dict[str, Any]:
    """The argument `update_config`: what the file says; a failed update rolls back unless it says otherwise."""
    given = (service.deploy.update_config if service.deploy else None) or UpdateConfig()
    return _steps(given, default_action="rollback")


def rollback_config(service: Service) -> dict[str, Any]:
    """The argument `rollback_config`; empty where the file says nothing: Swarm's own, one task after the other."""
    given = service.deploy.rollback_config if service.deploy else None
    return {} if given is None else {"rollback_config": _steps(given, default_action="pause")}


def _steps(given: UpdateConfig, *, default_action: str) -> dict[str, Any]:
    return {
        "parallelism": 1 if given.parallelism is None else given.parallelism,
        "delay": duration(given.delay or Seconds(0.0)),
        "failure_action": given.failure_action or default_action,
        "monitor": duration(DEFAULT_MONITOR if given.monitor is None else given.monitor),
        "max_failure_ratio": f"{given.max_failure_ratio or 0.0:.1f}",
        "order": given.order or "stop-first",
    }


def converge_config(service: Service, *, must_be_healthy: bool) -> dict[str, Any]:
    """The argument `converge_config`: wait until all tasks run, as long as an update and its rollback may take.

    pulumi-docker cannot wait for a global service.
    """
    if is_global(service):
        return {}
    if health.checked(service) and service.healthcheck is not None:
        start: float = health.wait_timeout(service.healthcheck)
    else:
        start = health.IMAGE_WAIT if must_be_healthy else START_MARGIN
    given = (service.deploy.update_config if service.deploy else None) or UpdateConfig()
    at_once = (1 if given.parallelism is None else given.parallelism) or service.replicas or 1
    rounds = -(-service.replicas // at_once) or 1
    grace = DEFAULT_GRACE if service.stop_grace_period is None else service.stop_grace_period
    monitor = DEFAULT_MONITOR if given.monitor is None else given.monitor
    each = start + grace + monitor + (given.delay or 0.0)
    return {"converge_config": {"delay": "1s", "timeout": f"{round(PULL_MARGIN + 2 * rounds * each)}s"}}


def labels(service: Service, own: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The labels of the service's containers, with our own."""
    return label_list({**service.labels, **own})
