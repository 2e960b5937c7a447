"""What a container may use, and what is reserved for it."""

from typing import Any

import pytest
from apps import service

from components.model import (
    Bytes,
    Deploy,
    DeviceRequest,
    DiscreteResource,
    GenericResource,
    Limits,
    Reservations,
    Resources,
)
from components.targets.kubernetes import resources

MIB = 1024 * 1024


def of(**keys: Any) -> dict[str, Any]:
    return resources.of(service("web", **keys))


def deploy(**keys: Any) -> Deploy:
    return Deploy(resources=Resources(**keys))


@pytest.mark.parametrize(("cores", "text"), [(1.0, "1"), (0.5, "500m"), (2.25, "2250m"), (0.0001, "1m")])
def test_cores_are_written_in_thousandths(cores: float, text: str) -> None:
    assert resources.cpu(cores) == text


@pytest.mark.parametrize(
    ("size", "text"), [(2**30, "1Gi"), (64 * MIB, "64Mi"), (1536, "1536"), (2048, "2Ki"), (1000, "1000"), (0, "0")]
)
def test_sizes_are_written_in_the_largest_unit_that_fits(size: int, text: str) -> None:
    assert resources.memory(size) == text


def test_nothing_asked_is_nothing_written() -> None:
    assert of() == {}


def test_limits_and_reservations() -> None:
    limits, reserved = Limits(cpus=0.5, memory=Bytes(64 * MIB)), Reservations(cpus=0.1, memory=Bytes(32 * MIB))
    assert of(deploy=deploy(limits=limits, reservations=reserved)) == {
        "resources": {
            "limits": {"cpu": "500m", "memory": "64Mi"},
            "requests": {"cpu": "100m", "memory": "32Mi"},
        }
    }


def test_the_older_keys_say_the_same() -> None:
    found = of(cpus=2.0, mem_limit=Bytes(64 * MIB), mem_reservation=Bytes(32 * MIB))
    assert found == {"resources": {"limits": {"cpu": "2", "memory": "64Mi"}, "requests": {"memory": "32Mi"}}}


def test_deploy_has_the_last_word() -> None:
    limits = Limits(cpus=1.0, memory=Bytes(MIB))
    found = of(cpus=2.0, mem_limit=Bytes(64 * MIB), deploy=deploy(limits=limits))
    assert found["resources"]["limits"] == {"cpu": "1", "memory": "1Mi"}


@pytest.mark.parametrize(("period", "cpu"), [(None, "500m"), (200_000, "250m")])
def test_a_quota_is_a_share_of_its_period(period: int | None, cpu: str) -> None:
    assert of(cpu_quota=50_000, cpu_period=period) == {"resources": {"limits": {"cpu": cpu}}}


@pytest.mark.parametrize("keys", [{"mem_limit": Bytes(-1)}, {"mem_limit": Bytes(0)}, {"cpus": 0.0}, {"cpu_quota": -1}])
def test_unlimited_is_left_out(keys: dict[str, Any]) -> None:
    assert of(**keys) == {}


@pytest.mark.parametrize(("driver", "name"), [(None, "nvidia.com/gpu"), ("amd", "amd.com/gpu")])
def test_accelerators_are_counted(driver: str | None, name: str) -> None:
    two, one = DeviceRequest(driver=driver, count=2, capabilities=("gpu",)), DeviceRequest(driver=driver)
    assert of(gpus=(one,), deploy=deploy(reservations=Reservations(devices=(two,)))) == {
        "resources": {"limits": {name: "3"}}
    }


def test_a_driver_without_a_known_device_plugin_asks_for_nothing() -> None:
    assert of(gpus=(DeviceRequest(driver="cdi"),)) == {}


def test_what_is_counted_needs_a_domain() -> None:
    counted = (
        GenericResource(discrete_resource_spec=DiscreteResource(kind="example.com/fpga", value=2)),
        GenericResource(discrete_resource_spec=DiscreteResource(kind="gpu", value=1)),
    )
    assert of(deploy=deploy(reservations=Reservations(generic_resources=counted))) == {
        "resources": {"limits": {"example.com/fpga": "2"}}
    }
