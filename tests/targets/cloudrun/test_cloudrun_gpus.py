"""Accelerators of an instance. That a region has any at a time, only its quota says."""

import pytest
from apps import app, service
from cloudrun_scopes import scope

from components.model import Deploy, DeviceRequest, Reservations, Resources, Service
from components.support import Conflict
from components.targets.cloudrun import containers, gpus, instances, jobs, sizes

GPU = DeviceRequest(driver="nvidia", capabilities=("gpu",), count=1)


def reserving(*devices: DeviceRequest) -> Deploy:
    return Deploy(resources=Resources(reservations=Reservations(devices=devices)))


@pytest.mark.parametrize("web", [service("web", gpus=(GPU,)), service("web", deploy=reserving(GPU))])
def test_an_accelerator_comes_with_what_it_needs_of_processors_and_memory(web: Service) -> None:
    found = instances.template(scope(app(web)), web)
    assert found["node_selector"] == {"accelerator": "nvidia-l4"}
    assert found["gpu_zonal_redundancy_disabled"] is True
    assert found["containers"][0]["resources"] == {
        "limits": {"cpu": "4000m", "memory": "16384Mi", "nvidia.com/gpu": "1"}
    }


def test_more_than_that_is_had_where_it_is_asked_for() -> None:
    assert containers.size(service("web"), service("web", gpus=(GPU,), cpus=8.0)) == sizes.Size(8000, 16384)


def test_a_job_with_an_accelerator_takes_an_hour_at_most() -> None:
    run = service("train", gpus=(GPU,), restart="no")
    assert jobs.template(scope(app(run)), run)["template"]["timeout"] == "3600s"


def test_without_one_nothing_is_said_of_it() -> None:
    found = instances.template(scope(app(service("web"))), service("web"))
    assert not {"node_selector", "gpu_zonal_redundancy_disabled"} & set(found)


def test_a_region_without_any_is_refused() -> None:
    reached = scope(app(service("web", gpus=(GPU,))), reached={"region": "europe-west9"})
    assert [str(each) for each in gpus.problems(reached)] == [
        "services.web.gpus: Cloud Run has no accelerators in europe-west9; "
        "use one of asia-south1, asia-southeast1, europe-west1, europe-west4, us-central1, us-east4"
    ]
    assert list(gpus.problems(scope(app(service("web", gpus=(GPU,)))))) == []


def test_one_that_is_asked_for_twice_is_refused() -> None:
    assert list(gpus.conflicts(app(service("web", gpus=(GPU, GPU))))) == [
        Conflict(("services", "web", "gpus"), "it asks for accelerators twice, and an instance has one", "ask once")
    ]


def test_two_containers_of_an_instance_cannot_both_have_it() -> None:
    beside = service("beside", gpus=(GPU,), network_mode="service:web", networks={})
    assert list(gpus.conflicts(app(service("web", gpus=(GPU,)), beside))) == [
        Conflict(
            ("services", "beside", "gpus"),
            '"web" has the accelerator of its instances, of which there is one',
            "give it a network of its own",
        )
    ]
