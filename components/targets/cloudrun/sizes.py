"""What the containers of an instance have: processors in whole numbers, and memory that goes with them.

Less than one processor for an instance would be billed by requests only, with one request at a time and in the first
execution environment, which mounts no volumes; so the container of the service itself has one at least.
https://cloud.google.com/run/docs/configuring/services/cpu,
https://cloud.google.com/run/docs/configuring/services/memory-limits
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...model import Container
from .. import amounts

UNIT = 1000
"""Thousandths of a processor, the unit of `cpu` here."""
MIB = 1024 * 1024

SIZES: Sequence[tuple[int, int, int]] = (
    (1 * UNIT, 512, 4 * 1024),
    (2 * UNIT, 512, 8 * 1024),
    (4 * UNIT, 2 * 1024, 16 * 1024),
    (6 * UNIT, 4 * 1024, 24 * 1024),
    (8 * UNIT, 4 * 1024, 32 * 1024),
)
"""Processors, with the least and the most MiB of memory that go with them in the second execution environment."""
FRACTIONS: Sequence[tuple[int, int]] = ((80, 512), (500, 1024), (1 * UNIT, 4 * 1024))
"""The least that a container beside another one has of a processor -> the most MiB of memory that go with it."""
LEAST_MEMORY = 128
"""MiB of a container beside another one."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a container has, or the containers of an instance together.

    Attributes:
        cpu: in thousandths of a processor.
        memory: in MiB.
    """

    cpu: int
    memory: int

    def __add__(self, other: "Size") -> "Size":
        return Size(self.cpu + other.cpu, self.memory + other.memory)

    def __str__(self) -> str:
        """In people's units: `1.08 vCPU and 0.625 GiB`."""
        return f"{self.cpu / UNIT:g} vCPU and {self.memory / 1024:g} GiB"

    def fits(self, most: "Size") -> bool:
        """Whether it is no more than another one."""
        return self.cpu <= most.cpu and self.memory <= most.memory

    @property
    def limits(self) -> Mapping[str, str]:
        """The `limits` of a container."""
        return {"cpu": f"{self.cpu}m", "memory": f"{self.memory}Mi"}


DEFAULT = Size(SIZES[0][0], SIZES[0][1])
"""What Cloud Run gives a container where nothing is said."""
LARGEST = Size(SIZES[-1][0], SIZES[-1][2])
"""What an instance has at most (https://cloud.google.com/run/quotas)."""


def asked(container: Container) -> Size:
    """What a container may use, else what is reserved for it; 0: the file does not say."""
    given = amounts.of(container)
    cpu = math.ceil((given.cpus or given.reserved_cpus or 0.0) * UNIT)
    memory = max(given.memory or 0, given.reserved_memory or 0)
    return Size(cpu, math.ceil(memory / MIB))


def of(container: Container) -> Size:
    """What the container of the service itself has; the largest size where it asks for more than any has."""
    return legal(_or_default(asked(container))) or LARGEST


def beside(container: Container) -> Size:
    """What a container beside the service's has; less than a processor is enough where the file says so."""
    wanted = _or_default(asked(container))
    memory = max(wanted.memory, LEAST_MEMORY)
    least = next((cpu for cpu, most in FRACTIONS if memory <= most), UNIT + 1)
    cpu = max(wanted.cpu, least)
    if cpu <= UNIT:
        return Size(cpu, memory)
    return legal(Size(cpu, memory)) or LARGEST


def legal(wanted: Size) -> Size | None:
    """The smallest size of Cloud Run's that has at least as much of both; None: there is none."""
    for cpu, least, most in SIZES:
        if cpu >= wanted.cpu and most >= wanted.memory:
            return Size(cpu, max(least, wanted.memory))
    return None


def _or_default(wanted: Size) -> Size:
    return Size(wanted.cpu or DEFAULT.cpu, wanted.memory or DEFAULT.memory)
