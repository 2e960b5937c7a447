"""What Cloud Run says in prose of CPU, memory and GPUs: on bodies of the API, values may be unknown. Pure.

https://cloud.google.com/run/docs/configuring/services/cpu
https://cloud.google.com/run/docs/configuring/services/memory-limits
https://cloud.google.com/run/docs/configuring/jobs/cpu
https://cloud.google.com/run/docs/configuring/services/gpu
"""

import re
from collections.abc import Iterator
from typing import Final

from standins.tables import known, part, parts
from standins.values import Properties, Value

MIB: Final = 2**20
GIB: Final = 2**30
GPU: Final = "nvidia.com/gpu"
KEYS: Final = ("cpu", "memory", GPU)
WHOLE: Final = (1, 2, 4, 6, 8)
"""CPUs that one container may have from one on."""
LEAST_CPU: Final = 0.08
MOST_CPU: Final = 8
MOST_MEMORY: Final = 32 * GIB
CPU_OF_MEMORY: Final = ((24 * GIB, 8), (16 * GIB, 6), (8 * GIB, 4), (4 * GIB, 2), (GIB, 1), (512 * MIB, 0.5))
"""More memory than the first wants at least the second of CPUs."""
MEMORY_OF_CPU: Final = ((6, 4 * GIB), (4, 2 * GIB))
"""From the first of CPUs on at least the second of memory is wanted."""
GEN2_MEMORY: Final = 512 * MIB
GPU_CPU, GPU_MEMORY = 4, 16 * GIB
"""The least of what an instance with a GPU has (https://cloud.google.com/run/docs/configuring/services/gpu)."""
_UNITS: Final = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": MIB, "Gi": GIB}
_DEFAULT: Final = {"cpu": "1", "memory": "512Mi"}


def problems(template: Properties, path: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the sizes of an instance: each container's, and their sum.

    Args:
        template: of a revision, or of a task.
        path: of the template.
    """
    limits = [_limits(each) for each in parts(template, "containers")]
    for place, each in enumerate(limits):
        yield from _one(each, f"{path}.containers[{place}].resources.limits")
    yield from _gpus(limits, template, path)
    if any(not known(value) for each in limits for value in each.values()):
        return
    cpus, memories = [cpu(each["cpu"]) for each in limits], [memory(each["memory"]) for each in limits]
    if None in cpus or None in memories:
        return
    yield from _sum(sum(each or 0 for each in cpus), sum(each or 0 for each in memories), template, path)


def cpu(text: Value) -> float | None:
    """CPUs from `1`, `0.5` or `500m`; None: it is none of these."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(m?)", str(text))
    return None if found is None else float(found[1]) / (1000 if found[2] else 1)


def memory(text: Value) -> int | None:
    """Bytes from `512Mi`, `2G` or a number; None: it is none of these."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([kMG]|[KMG]i)?", str(text))
    return None if found is None else int(float(found[1]) * _UNITS[found[2] or ""])


def total_cpu(template: Properties) -> float | None:
    """CPUs of an instance; None: they are not known, or not to be read."""
    found = [
        cpu(_limits(each)["cpu"]) if known(_limits(each)["cpu"]) else None for each in parts(template, "containers")
    ]
    return None if None in found else sum(each or 0 for each in found)


def _limits(container: Properties) -> Properties:
    return {**_DEFAULT, **part(part(container, "resources"), "limits")}


def _one(limits: Properties, path: str) -> Iterator[tuple[str, str]]:
    for name in limits:
        if name not in KEYS:
            yield f"{path}.{name}", f"is not one of {', '.join(KEYS)}"
    if known(limits["cpu"]):
        number = cpu(limits["cpu"])
        if number is None or not (LEAST_CPU <= number < 1 or number in WHOLE):
            yield f"{path}.cpu", f'"{limits["cpu"]}" is neither from {LEAST_CPU} to 1 nor 1, 2, 4, 6 or 8'
    if known(limits["memory"]) and memory(limits["memory"]) is None:
        yield f"{path}.memory", f'"{limits["memory"]}" is no size; write 512Mi or 2Gi, for example'
    if known(limits.get(GPU)) and str(limits[GPU]) != "1":
        yield f"{path}.{GPU}", f'"{limits[GPU]}" is not 1'


def _gpus(limits: list[Properties], template: Properties, path: str) -> Iterator[tuple[str, str]]:
    having = sum(GPU in each for each in limits)
    selected = bool(template.get("nodeSelector"))
    if having > 1:
        yield f"{path}.containers", f"{having} containers have a GPU, and an instance has one"
    if having and not selected:
        yield f"{path}.nodeSelector", f"is required with {GPU}"
    if selected and not having and limits:
        yield f"{path}.nodeSelector", f"wants {GPU} of a container"


def _sum(cpus: float, size: int, template: Properties, path: str) -> Iterator[tuple[str, str]]:
    where, gpus = f"{path}.containers", bool(template.get("nodeSelector"))
    words = f"{size / MIB:g} MiB with {cpus:g} CPU"
    if not gpus and (cpus > MOST_CPU or size > MOST_MEMORY):
        yield where, f"{words} in all, and an instance has 8 CPU and 32 GiB at most"
        return
    wanted = next((least for most, least in CPU_OF_MEMORY if size > most), 0)
    if cpus < wanted:
        yield where, f"{words}, and that much memory wants {wanted:g} CPU at least"
    least = next((needed for number, needed in MEMORY_OF_CPU if cpus >= number), 0)
    if size < least:
        yield where, f"{words}, and that many CPUs want {least / GIB:g} GiB at least"
    if template.get("executionEnvironment") == "EXECUTION_ENVIRONMENT_GEN2" and size < GEN2_MEMORY:
        yield where, f"{words}, and the second generation wants 512 MiB at least"
    if gpus and (cpus < GPU_CPU or size < GPU_MEMORY):
        yield where, f"{words}, and an instance with a GPU has 4 CPU and 16 GiB at least"
