"""What services of an application share."""

from apps import app, service

from components.model import Dependency, Job, Mount, PreStart
from components.targets import sharing

DATA = Mount(type="volume", source="data", target="/data")


def test_a_service_in_the_network_of_another_is_in_its_pods_and_so_is_one_in_its() -> None:
    web = service("web")
    proxy = service("proxy", network_mode="service:web")
    debug = service("debug", network_mode="service:proxy")
    shop = app(web, proxy, debug)
    assert [sharing.network_owner(each, shop) for each in (web, proxy, debug)] == ["web", "web", "web"]
    assert sharing.companions(shop) == {"web": (proxy, debug)}


def test_a_circle_has_no_owner_but_each_itself() -> None:
    one, two = service("one", network_mode="service:two"), service("two", network_mode="service:one")
    assert sharing.network_owner(one, app(one, two)) == "two"


def test_a_network_of_a_service_that_there_is_not_is_its_own() -> None:
    web = service("web", network_mode="service:gone")
    assert sharing.network_owner(web, app(web)) == "web"


def test_every_pod_that_mounts_a_volume_uses_it_once() -> None:
    step = service("step", pre_start=(PreStart(volumes=(DATA,)),))
    beside = service("beside", network_mode="service:step", volumes=(DATA,))
    borrowing = service("borrowing", volumes_from=("beside:ro",))
    shop = app(step, beside, borrowing, jobs={"backup": Job(name="backup", volumes=(DATA,))})
    assert sharing.users(shop) == {"data": ("step", "borrowing", "backup")}


def test_who_ends_and_who_is_kept_running_is_told_by_who_waits() -> None:
    web = service("web", depends_on={"migrate": Dependency(condition=sharing.COMPLETED), "db": Dependency()})
    clean = Job(name="clean", depends_on={"cache": Dependency(condition="service_healthy")})
    shop = app(service("migrate"), service("db"), service("cache"), web, jobs={"clean": clean})
    assert sharing.completing(shop) == {"migrate"}
    assert sharing.kept_running(shop) == {"db", "cache"}


def test_a_job_as_a_service_has_what_both_have_in_common() -> None:
    found = sharing.as_service(Job(name="clean", image="clean:1", command=("rm",)))
    assert (found.name, found.image, found.command) == ("clean", "clean:1", ("rm",))


def test_a_volume_is_written_by_who_mounts_it_to_write() -> None:
    other = Mount(type="volume", source="other", target="/other", read_only=True)
    writer, reader = service("writer", volumes=(DATA, other)), service("reader", volumes=(other,))
    shop = app(writer, reader)
    assert sharing.written([writer, reader], shop) == {"data"}


def test_a_network_has_the_services_and_jobs_that_are_on_it() -> None:
    alone = service("alone", networks={"back": None})
    shop = app(service("web"), alone, jobs={"clean": Job(name="clean", networks={"default": None, "back": None})})
    assert sharing.members(shop) == {"default": ("web", "clean"), "back": ("alone", "clean")}
