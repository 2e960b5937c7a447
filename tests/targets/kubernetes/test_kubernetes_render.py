"""The whole of an application: which objects, in which order, what is refused, and how long it takes."""

import dataclasses
from typing import Any

import pytest
from apps import HEALTHY, app, service
from work import calls

from components.access import Contents, ImageReference, KubernetesAccess
from components.errors import RejectedError
from components.model import (
    App,
    Dependency,
    FileObject,
    Ingress,
    Job,
    Mount,
    Network,
    Opaque,
    Parts,
    Port,
    ServiceExtension,
    Volume,
    VolumeExtension,
)
from components.targets.kubernetes.given import Given
from components.targets.kubernetes.kinds import API_VERSIONS, manifest
from components.targets.kubernetes.render import RULES, offline, problems, render
from components.targets.project_files import ProjectFile
from components.targets.rows import Row

DATA = (Mount(type="volume", source="data", target="/data"),)


def rendered(application: App, **access: Any) -> dict[tuple[str, str], Row]:
    images = {name: ImageReference(name=each.image or name) for name, each in application.services.items()}
    rows = render(application, images, Given(access=KubernetesAccess(**access)))
    return {(row.kind, row.key): row for row in rows}


def refused(application: App) -> list[str]:
    return [f"{application.where(each.path)}: {each.what}; {each.fix}" for rule in RULES for each in rule(application)]


SHOP = app(
    service(
        "web",
        ports=(Port(target=8000, published="8080"),),
        depends_on={"db": Dependency(condition="service_healthy")},
        x_slipway=ServiceExtension(ingress=Ingress(port=8000)),
    ),
    service("db", volumes=DATA, healthcheck=HEALTHY),
    volumes={"data": Volume()},
    jobs={"backup": Job(name="backup", image="backup:1", volumes=DATA)},
)


def test_objects_come_in_the_order_in_which_they_are_needed() -> None:
    assert list(rendered(SHOP, ingress_class="nginx")) == [
        ("Namespace", "shop"),
        ("ServiceAccount", "shop"),
        ("PersistentVolumeClaim", "data"),
        ("NetworkPolicy", "shop-deny"),
        ("NetworkPolicy", "shop-network-default"),
        ("NetworkPolicy", "shop-web-published"),
        ("Service", "db"),
        ("Deployment", "db"),
        ("Service", "web"),
        ("Service", "web-published"),
        ("Deployment", "web"),
        ("CronJob", "backup"),
        ("Ingress", "web"),
    ]


def test_every_row_comes_after_the_rows_that_it_needs() -> None:
    seen: set[tuple[str, str]] = set()
    for key, row in rendered(SHOP).items():
        assert set(row.after) <= seen
        seen.add(key)


def test_every_object_is_of_a_known_kind_and_in_the_namespace() -> None:
    for (kind, key), row in rendered(SHOP, namespace="live").items():
        found = manifest(row)
        assert (found["apiVersion"], found["kind"]) == (API_VERSIONS[kind], kind)
        assert found["metadata"].get("namespace") == (None if kind == "Namespace" else "live")
        assert found["metadata"]["name"] == key


def test_the_same_application_gives_the_same_rows() -> None:
    assert list(rendered(SHOP).items()) == list(rendered(SHOP).items())


def test_the_namespace_allows_what_is_needed_and_stays_with_a_volume() -> None:
    row = rendered(SHOP)["Namespace", "shop"]
    assert row.args["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "baseline"
    assert (row.retain, row.after) == (True, ())
    gone = {"volumes": {"data": Volume(x_slipway=VolumeExtension(keep=False))}}
    other = app(service("db", volumes=DATA, privileged=True), **gone)
    row = rendered(other)["Namespace", "shop"]
    assert row.args["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "privileged"
    assert row.retain is False


def test_a_namespace_that_is_there_is_left_alone() -> None:
    rows = rendered(SHOP, create_namespace=False, namespace="live")
    assert ("Namespace", "live") not in rows
    assert rows["Service", "db"].after == ()


def test_what_is_known_without_the_cluster_is_what_is_created() -> None:
    images = {name: ImageReference(name=each.image or name) for name, each in SHOP.services.items()}
    assert offline(SHOP, images, Contents()) == render(SHOP, images)


def test_a_patch_reaches_the_objects_of_its_service_and_what_they_need() -> None:
    patch = {
        "Deployment": {"spec": {"template": {"spec": {"containers": [{"name": "db", "tty": True}]}}}},
        "PersistentVolumeClaim": {"spec": {"volumeName": "disk-1"}},
        "Namespace": {"metadata": {"labels": {"team": "a"}}},
    }
    db = service("db", volumes=DATA, x_slipway=ServiceExtension(patch={"kubernetes": patch}))
    other = service("web", volumes=DATA)
    rows = rendered(app(db, other, volumes={"data": Volume()}))
    [container] = rows["Deployment", "db"].args["spec"]["template"]["spec"]["containers"]
    assert (container["tty"], container["image"]) == (True, "db:1")
    assert rows["PersistentVolumeClaim", "data"].args["spec"]["volumeName"] == "disk-1"
    assert rows["Namespace", "shop"].args["metadata"]["labels"]["team"] == "a"


def test_a_mount_is_patched_by_its_path() -> None:
    mounts = [{"mountPath": "/data", "readOnly": True}]
    change = {"Deployment": {"spec": {"template": {"spec": {"containers": [{"name": "db", "volumeMounts": mounts}]}}}}}
    db = service("db", volumes=DATA, tmpfs=("/tmp",), x_slipway=ServiceExtension(patch={"kubernetes": change}))
    rows = rendered(app(db, volumes={"data": Volume()}))
    assert rows["Deployment", "db"].args["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] == [
        {"name": "data", "mountPath": "/data", "readOnly": True},
        {"name": "db-tmpfs-tmp", "mountPath": "/tmp"},
    ]


def test_all_problems_are_told_at_once() -> None:
    web = service("web", privileged=True)
    application = app(web, configs={})
    contents = Contents(configs={"page": b"x" * (1024 * 1024 + 1)})
    access = KubernetesAccess(security="restricted")
    found = problems(application, contents, access)
    assert [problem.where for problem in found] == ["configs.page", "services.web.privileged"]
    with pytest.raises(RejectedError) as raised:
        render(application, {"web": ImageReference(name="web:1")}, Given(access=access, contents=contents))
    assert raised.value.problems == tuple(found)


def test_files_of_the_project_that_no_object_takes_are_refused() -> None:
    large = ProjectFile("a-1", "/a", 0o444, b"x" * (1024 * 1024 + 1))
    with pytest.raises(
        RejectedError, match=r"^services\.web\.volumes: the project's files have 1048577 bytes together"
    ):
        render(app(service("web")), {"web": ImageReference(name="web:1")}, Given(project={"web": (large,)}))


@pytest.mark.parametrize(
    ("application", "message"),
    [
        (app(service("___")), 'services.___: "___" has no letter or digit that a name could begin with; rename it'),
        (
            app(service("a" * 64)),
            f'services.{"a" * 64}: "{"a" * 64}" has 64 characters, and 63 are the most of a DNS name; shorten it',
        ),
        (
            app(service("web"), volumes={"a_b": Volume(), "a.b": Volume()}),
            'volumes.a.b: the PersistentVolumeClaim "a-b" is that of volumes.a_b too; rename one of the two',
        ),
        (
            app(
                service("web", environment={"KEY": Parts([Opaque("x")])}),
                secrets={"web_environment": FileObject(environment="K")},
            ),
            'services.web.environment: the Secret "web-environment" is that of secrets.web_environment too; '
            "rename one of the two",
        ),
        (
            app(service("web"), configs={"a": FileObject(content="a", name="b"), "b": FileObject(external=True)}),
            'configs.b: the ConfigMap "b" is that of configs.a too; rename one of the two',
        ),
        (
            dataclasses.replace(app(service("web")), name="shop_"),
            'name: "shop_" is no value of a label, which ends with a letter or digit and has 63 characters at most; '
            "rename the application",
        ),
        (
            app(
                service("web"),
                service("beside", network_mode="service:web"),
                service("next", depends_on={"beside": Dependency(condition="service_completed_successfully")}),
            ),
            'services.beside.network_mode: it is in the pods of "web", and something waits for it to end; '
            "give it a network of its own, or make it a step of pre_start",
        ),
        (
            app(service("web", scale=2), service("beside", network_mode="service:web")),
            'services.beside.network_mode: it is in the pods of "web", of which there are 2; '
            "give both the same number of replicas",
        ),
    ],
)
def test_what_kubernetes_has_no_name_for_is_refused(application: App, message: str) -> None:
    assert refused(application) == [message]


def test_a_usual_application_has_no_conflict() -> None:
    assert refused(SHOP) == []


def many(count: int) -> App:
    services = [
        service(
            f"s{number}",
            ports=(Port(target=80),),
            environment={"UP": f"http://s{number - 1}:80"},
            depends_on={f"s{number - 1}": Dependency(condition="service_healthy")} if number % 50 else {},
            healthcheck=HEALTHY,
            volumes=(Mount(type="volume", source=f"v{number}", target="/data"),),
        )
        for number in range(count)
    ]
    volumes = {f"v{number}": Volume() for number in range(count)}
    return App(
        name="shop",
        services={each.name: each for each in services},
        networks={"default": Network()},
        volumes=volumes,
    )


def work(application: App) -> None:
    rendered(application)
    assert refused(application) == []


def test_four_times_as_many_services_are_no_more_than_their_share_of_work() -> None:
    some, all_of_them = many(250), many(1000)
    work(some)  # what is kept from then on is no work of either
    # 16 times as much would be quadratic
    assert calls(work, all_of_them) < 5 * calls(work, some)
