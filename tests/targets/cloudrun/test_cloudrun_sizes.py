"""Processors and memory of containers. That Google has no other sizes, its pages say; no test here asks it."""

import pytest

from components.model import Bytes, Container, Deploy, Limits, Reservations, Resources, Service
from components.targets.cloudrun import sizes
from components.targets.cloudrun.sizes import Size

MIB = 1024 * 1024


def asking(cpus: float | None = None, memory: int | None = None) -> Container:
    return Container(cpus=cpus, mem_limit=None if memory is None else Bytes(memory * MIB))


@pytest.mark.parametrize(
    ("cpus", "memory", "found"),
    [
        (None, None, Size(1000, 512)),
        (0.25, 128, Size(1000, 512)),
        (1, 4096, Size(1000, 4096)),
        (1, 4097, Size(2000, 4097)),
        (1.5, 512, Size(2000, 512)),
        (3, 512, Size(4000, 2048)),
        (2, 9000, Size(4000, 9000)),
        (5, None, Size(6000, 4096)),
        (1, 30000, Size(8000, 30000)),
        (8, 32768, Size(8000, 32768)),
        (9, 1, Size(8000, 32768)),
    ],
)
def test_a_services_own_container_has_the_smallest_size_that_is_enough(
    cpus: float | None, memory: int | None, found: Size
) -> None:
    assert sizes.of(asking(cpus, memory)) == found


@pytest.mark.parametrize(
    ("cpus", "memory", "found"),
    [
        (None, None, Size(1000, 512)),
        (0.01, 16, Size(80, 128)),
        (0.25, 512, Size(250, 512)),
        (0.25, 513, Size(500, 513)),
        (0.25, 1025, Size(1000, 1025)),
        (0.5, 4097, Size(2000, 4097)),
        (1.2, 128, Size(2000, 512)),
        (16, 128, Size(8000, 32768)),
    ],
)
def test_a_container_beside_it_may_have_a_part_of_a_processor(
    cpus: float | None, memory: int | None, found: Size
) -> None:
    assert sizes.beside(asking(cpus, memory)) == found


def test_a_limit_counts_before_what_is_reserved_of_processors_and_the_greater_of_memory() -> None:
    limits, reserved = Limits(cpus=2.0), Reservations(cpus=1.0, memory=Bytes(3 * 1024 * MIB))
    given = Service(name="web", deploy=Deploy(resources=Resources(limits=limits, reservations=reserved)))
    assert sizes.asked(given) == Size(2000, 3072)


def test_a_size_is_told_in_peoples_units_and_given_in_those_of_the_api() -> None:
    assert str(Size(1080, 640)) == "1.08 vCPU and 0.625 GiB"
    assert Size(1080, 640).limits == {"cpu": "1080m", "memory": "640Mi"}
