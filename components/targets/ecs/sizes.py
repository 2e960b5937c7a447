"""What a Fargate task can have: sizes come in steps.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ...model import Container
from .. import amounts

UNIT = 1024
"""CPU units of a core, and MiB of a GiB."""
MIB = 1024 * 1024

SIZES: Sequence[tuple[int, Sequence[int]]] = (
    (256, (512, 1024, 2048)),
    (512, range(1 * UNIT, 4 * UNIT + 1, UNIT)),
    (1 * UNIT, range(2 * UNIT, 8 * UNIT + 1, UNIT)),
    (2 * UNIT, range(4 * UNIT, 16 * UNIT + 1, UNIT)),
    (4 * UNIT, range(8 * UNIT, 30 * UNIT + 1, UNIT)),
    (8 * UNIT, range(16 * UNIT, 60 * UNIT + 1, 4 * UNIT)),
    (16 * UNIT, range(32 * UNIT, 120 * UNIT + 1, 8 * UNIT)),
)
"""CPU units -> MiB of memory that go with them: the page above."""

DEFAULT_CPU = 256
DEFAULT_MEMORY = 512
"""CPU units and MiB of a task whose file says nothing: Fargate's smallest."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a task has.

    Attributes:
        cpu: in CPU units.
        memory: in MiB.
    """

    cpu: int
    memory: int

    def __str__(self) -> str:
        """In people's units: `0.25 vCPU and 0.5 GiB`."""
        return f"{self.cpu / UNIT:g} vCPU and {self.memory / UNIT:g} GiB"


LARGEST = Size(SIZES[-1][0], SIZES[-1][1][-1])


def of(containers: Iterable[Container]) -> Size:
    """What a task with these containers has; the largest size where they ask for more than any has."""
    return legal(asked(containers)) or LARGEST


def asked(containers: Iterable[Container]) -> Size:
    """What the containers of a task need together: what each may use, else what is reserved for it."""
    cpu = memory = 0
    for each in containers:
        given = amounts.of(each)
        cpu += units(given.cpus or given.reserved_cpus or 0.0)
        memory += mebibytes(max(given.memory or 0, given.reserved_memory or 0))
    return Size(cpu or DEFAULT_CPU, memory or DEFAULT_MEMORY)


def legal(wanted: Size) -> Size | None:
    """The smallest size of Fargate's that has at least as much of both; None: there is none."""
    for cpu, memories in SIZES:
        if cpu >= wanted.cpu:
            memory = next((each for each in memories if each >= wanted.memory), None)
            if memory is not None:
                return Size(cpu, memory)
    return None


def units(cores: float) -> int:
    """Cores as CPU units."""
    return math.ceil(cores * UNIT)


def mebibytes(size: int) -> int:
    """Bytes as MiB; -1 is no limit."""
    return math.ceil(size / MIB) if size > 0 else 0
