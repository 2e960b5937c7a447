"""What a task asks for, and which of Fargate's sizes it gets."""

import pytest
from apps import service

from components.model import Bytes, Deploy, Limits, Reservations, Resources
from components.targets.ecs.sizes import LARGEST, Size, asked, legal, of

GIB = 1024**3


def wants(cpus: float | None = None, memory: int | None = None) -> Resources:
    return Resources(limits=Limits(cpus=cpus, memory=None if memory is None else Bytes(memory)))


@pytest.mark.parametrize(
    ("wanted", "size"),
    [
        (Size(1, 1), Size(256, 512)),
        (Size(256, 513), Size(256, 1024)),
        (Size(256, 2049), Size(512, 3072)),
        (Size(257, 512), Size(512, 1024)),
        (Size(1024, 512), Size(1024, 2048)),
        (Size(256, 8193), Size(2048, 9216)),
        (Size(4096, 30720), Size(4096, 30720)),
        (Size(4096, 30721), Size(8192, 32768)),
        (Size(8192, 16385), Size(8192, 20480)),
        (Size(16384, 122880), Size(16384, 122880)),
    ],
)
def test_a_task_gets_the_smallest_size_that_has_as_much_of_both(wanted: Size, size: Size) -> None:
    assert legal(wanted) == size


@pytest.mark.parametrize("wanted", [Size(16385, 512), Size(256, 122881)])
def test_more_than_the_largest_is_no_size(wanted: Size) -> None:
    assert legal(wanted) is None


def test_what_says_nothing_gets_the_smallest() -> None:
    assert of([service("web")]) == Size(256, 512)


def test_containers_of_a_task_are_added_up() -> None:
    web = service("web", deploy=Deploy(resources=wants(0.5, GIB)))
    proxy = service("proxy", deploy=Deploy(resources=wants(0.3, GIB // 2)))
    assert asked([web, proxy]) == Size(512 + 308, 1024 + 512)
    assert of([web, proxy]) == Size(1024, 2048)


def test_what_is_reserved_counts_where_there_is_no_limit_and_where_it_is_more() -> None:
    reserved = Resources(reservations=Reservations(cpus=1, memory=Bytes(GIB)))
    assert asked([service("web", deploy=Deploy(resources=reserved))]) == Size(1024, 1024)
    assert asked([service("web", mem_limit=Bytes(GIB // 2), mem_reservation=Bytes(GIB))]) == Size(256, 1024)


def test_no_limit_is_nothing_that_is_asked_for() -> None:
    assert asked([service("web", mem_limit=Bytes(-1), cpus=0)]) == Size(256, 512)


def test_a_size_is_written_in_peoples_units() -> None:
    assert str(Size(256, 512)) == "0.25 vCPU and 0.5 GiB"
    assert str(LARGEST) == "16 vCPU and 120 GiB"
