"""What a container may use and what is reserved for it."""

from typing import Any

from ...model import Bytes, Container, DeviceRequest, Service

GPU = "nvidia.com/gpu"
"""The extended resource of NVIDIA's device plugin
(https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/)."""
MEBIBYTE = 1024 * 1024


def cpu(cores: float) -> str:
    """Cores as a quantity: 0.5 is `500m`."""
    thousandths = round(cores * 1000)
    return str(thousandths // 1000) if thousandths % 1000 == 0 else f"{thousandths}m"


def memory(amount: Bytes | int) -> str:
    """Bytes as a quantity: `256Mi` where it is a whole number of these, else the number of bytes."""
    return f"{amount // MEBIBYTE}Mi" if amount and amount % MEBIBYTE == 0 else str(int(amount))


def of(container: Container) -> dict[str, Any]:
    """The key `resources`; without a reservation Kubernetes reserves what the limit allows."""
    deploy = container.deploy if isinstance(container, Service) else None
    given = deploy.resources if deploy else None
    limited = given.limits if given else None
    reserved = given.reservations if given else None
    limits = _amounts(
        container.cpus if limited is None or limited.cpus is None else limited.cpus,
        container.mem_limit if limited is None or limited.memory is None else limited.memory,
    )
    requests = _amounts(
        reserved.cpus if reserved else None,
        container.mem_reservation if reserved is None or reserved.memory is None else reserved.memory,
    )
    devices = (*container.gpus, *(reserved.devices if reserved else ()))
    # an extended resource is a limit; its request is the same by definition
    limits |= {GPU: str(_count(devices))} if devices else {}
    for each in reserved.generic_resources if reserved else ():
        if each.discrete_resource_spec is not None:
            limits[each.discrete_resource_spec.kind] = str(each.discrete_resource_spec.value)
    found = {name: amounts for name, amounts in (("limits", limits), ("requests", requests)) if amounts}
    return {"resources": found} if found else {}


def _amounts(cpus: float | None, amount: Bytes | None) -> dict[str, str]:
    return {
        **({"cpu": cpu(cpus)} if cpus is not None else {}),
        **({"memory": memory(amount)} if amount is not None else {}),
    }


def _count(devices: tuple[DeviceRequest, ...]) -> int:
    return sum(max(each.count or 1, len(each.device_ids), 1) for each in devices)
