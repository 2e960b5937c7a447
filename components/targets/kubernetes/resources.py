"""What a container may use and what is reserved for it."""

from collections.abc import Iterator
from typing import Any

from ...model import Container, DeviceRequest, Reservations
from .. import amounts

GPUS = {None: "nvidia.com/gpu", "nvidia": "nvidia.com/gpu", "amd": "amd.com/gpu"}
"""Driver of a request for accelerators -> the resource of its device plugin
(https://kubernetes.io/docs/tasks/manage-gpus/scheduling-gpus/)."""
UNITS = (("Gi", 1024**3), ("Mi", 1024**2), ("Ki", 1024))


def cpu(cores: float) -> str:
    """Cores as a quantity: 0.5 is `500m`; the least is a thousandth."""
    thousandths = max(1, round(cores * 1000))
    return str(thousandths // 1000) if thousandths % 1000 == 0 else f"{thousandths}m"


def memory(size: int) -> str:
    """Bytes as a quantity: `256Mi` where it is a whole number of these, else the number of bytes."""
    return next((f"{size // number}{unit}" for unit, number in UNITS if size and size % number == 0), str(size))


def of(container: Container) -> dict[str, Any]:
    """The key `resources`; without a reservation Kubernetes reserves what the limit allows."""
    asked = amounts.of(container)
    limits = _amounts(asked.cpus, asked.memory)
    requests = _amounts(asked.reserved_cpus, asked.reserved_memory)
    reserved = amounts.resources(container).reservations or Reservations()
    # of what is counted, a limit is a request too
    found = {"limits": {**limits, **dict(_counted(container, reserved))}, "requests": requests}
    kept = {name: amounts for name, amounts in found.items() if amounts}
    return {"resources": kept} if kept else {}


def gpu(request: DeviceRequest) -> str | None:
    """The resource that a request for accelerators means; None: no device plugin is known for its driver."""
    return GPUS.get(request.driver)


def _amounts(cpus: float | None, size: int | None) -> dict[str, str]:
    """No processors and -1 bytes are no limit, as what is left out."""
    found = {"cpu": cpu(cpus)} if cpus else {}
    return found | ({"memory": memory(size)} if size is not None and size > 0 else {})


def _counted(container: Container, reserved: Reservations) -> Iterator[tuple[str, str]]:
    numbers: dict[str, int] = {}
    for request in (*container.gpus, *reserved.devices):
        name = gpu(request)
        if name is not None:
            numbers[name] = numbers.get(name, 0) + (1 if request.count is None else request.count)
    for resource in reserved.generic_resources:
        spec = resource.discrete_resource_spec
        # Kubernetes knows resources of a domain, and the support table tells about any other
        if spec is not None and "/" in spec.kind:
            numbers[spec.kind] = numbers.get(spec.kind, 0) + spec.value
    for name, number in numbers.items():
        yield name, str(number)
