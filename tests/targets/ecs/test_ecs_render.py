"""The whole of an application: which resources, in which order, what is refused, and how much work it is."""

import dataclasses
from typing import Any

import pytest
from apps import HEALTHY, app, service
from ecs_scopes import access
from work import calls

from components.access import Contents, own_images
from components.errors import RejectedError
from components.model import (
    App,
    Bytes,
    Dependency,
    FileGrant,
    FileObject,
    Ingress,
    Job,
    Mount,
    Network,
    Opaque,
    Parts,
    Port,
    PreStart,
    Schedule,
    ServiceExtension,
    Triggers,
    Volume,
)
from components.targets.ecs.given import Given
from components.targets.ecs.render import RULES, offline, render
from components.targets.rows import Json, Row, refs

SECRET = Parts([Opaque("x", name="KEY")])
SHOP = app(
    service(
        "web",
        ports=(Port(target=8000, published="8080"),),
        depends_on={
            "db": Dependency(condition="service_healthy"),
            "migrate": Dependency(condition="service_completed_successfully"),
        },
        environment={"URL": SECRET},
        x_slipway=ServiceExtension(ingress=Ingress(port=8000)),
    ),
    service("migrate", secrets=(FileGrant(source="key"),)),
    service("db", volumes=(Mount(type="volume", source="data", target="/data"),), healthcheck=HEALTHY),
    volumes={"data": Volume()},
    secrets={"key": FileObject(environment="KEY")},
    jobs={"backup": Job(name="backup", image="backup:1", triggers=Triggers(schedule=(Schedule(cron="0 3 * * *"),)))},
)
CONTENTS = Contents(secrets={"key": SECRET})


def rendered(application: App, **given: Any) -> dict[tuple[str, str], Row]:
    reached = access(**given.pop("reached", {}))
    rows = render(application, own_images(application), Given(access=reached, contents=CONTENTS, **given))
    found = {(row.kind, row.key): row for row in rows}
    assert len(found) == len(rows), "two rows of one key"
    return found


def refused(application: App) -> list[str]:
    return [f"{application.where(each.path)}: {each.what}; {each.fix}" for rule in RULES for each in rule(application)]


def test_resources_come_in_the_order_in_which_they_are_needed() -> None:
    kinds = list(dict.fromkeys(kind for kind, _ in rendered(SHOP)))
    assert kinds == [
        "LogGroup",
        "SecurityGroup",
        "EgressRule",
        "IngressRule",
        "Namespace",
        "DiscoveryService",
        "Secret",
        "SecretVersion",
        "FileSystem",
        "FileSystemPolicy",
        "MountTarget",
        "AccessPoint",
        "Role",
        "RolePolicy",
        "TaskDefinition",
        "TargetGroup",
        "ListenerRule",
        "LoadBalancer",
        "Listener",
        "Function",
        "Service",
        "Invocation",
        "Schedule",
    ]


def test_whatever_a_resource_names_comes_before_it() -> None:
    seen: set[tuple[str, str]] = set()
    for key, row in rendered(SHOP).items():
        named = {ref.row for ref in refs(row.args)} | set(row.after) | set(row.completed)
        assert named <= seen, f"{key} comes before {sorted(named - seen)}"
        seen.add(key)


def test_every_service_and_job_has_a_task_definition_and_only_what_stays_is_an_ecs_service() -> None:
    found = rendered(SHOP)
    assert [key for kind, key in found if kind == "TaskDefinition"] == ["db", "migrate", "web", "backup"]
    assert [key for kind, key in found if kind == "Service"] == ["db", "web"]
    assert [key for kind, key in found if kind == "Invocation"] == ["migrate"]


def test_a_task_waits_for_all_without_which_it_would_start_in_vain() -> None:
    found = rendered(SHOP)
    assert found[("TaskDefinition", "db")].after == (
        ("RolePolicy", "db-execution"),
        ("RolePolicy", "db-task"),
        ("MountTarget", "volumes-a"),
        ("MountTarget", "volumes-b"),
        ("FileSystemPolicy", "volumes"),
        ("IngressRule", "volumes-from-db-2049"),
        ("LogGroup", "logs"),
    )
    assert found[("TaskDefinition", "web")].after == (("RolePolicy", "web-execution"), ("LogGroup", "logs"))
    assert rendered(SHOP, reached={"log_group": "/apps"})[("TaskDefinition", "web")].after == (
        ("RolePolicy", "web-execution"),
    )


def test_a_task_is_of_a_family_a_size_and_an_architecture() -> None:
    arm = service("web_1.a", platform="linux/arm64/v8", mem_limit=Bytes(3 * 1024**3))
    task = rendered(app(arm))[("TaskDefinition", "web_1.a")].args
    assert {key: task[key] for key in ("family", "cpu", "memory", "network_mode", "requires_compatibilities")} == {
        "family": "shop-web_1-a",
        "cpu": "512",
        "memory": "3072",
        "network_mode": "awsvpc",
        "requires_compatibilities": ["FARGATE"],
    }
    assert task["runtime_platform"] == {"cpu_architecture": "ARM64", "operating_system_family": "LINUX"}
    plain = rendered(app(service("web")), reached={"architecture": "ARM64"})[("TaskDefinition", "web")].args
    assert plain["runtime_platform"]["cpu_architecture"] == "ARM64"
    assert "pid_mode" not in plain
    assert "volumes" not in plain


def test_a_task_has_the_volumes_that_its_containers_mount() -> None:
    volumes = rendered(SHOP)[("TaskDefinition", "db")].args["volumes"]
    assert [(each["name"], len(each)) for each in volumes] == [("data", 2)]
    files = rendered(SHOP)[("TaskDefinition", "migrate")].args
    mounted = {
        point["sourceVolume"] for each in files["container_definitions"].value for point in each.get("mountPoints", ())
    }
    assert files["volumes"] == [{"name": name} for name in sorted(mounted)]


def test_a_companion_is_in_the_tasks_of_its_owner_and_may_see_its_processes() -> None:
    proxy = service("proxy", network_mode="service:web", networks={}, pid="service:web")
    found = rendered(app(service("web"), proxy))
    assert [key for kind, key in found if kind in ("TaskDefinition", "Service")] == ["web", "web"]
    assert found[("TaskDefinition", "web")].args["pid_mode"] == "task"


def test_the_same_application_gives_the_same_resources() -> None:
    assert rendered(SHOP) == rendered(dataclasses.replace(SHOP))


def test_no_secret_is_shown() -> None:
    for key, row in rendered(SHOP).items():
        definitions = row.args.get("container_definitions")
        assert definitions is None or '"x"' not in repr(definitions.value), key
        assert all(not (isinstance(value, Json) and "KEY" in repr(value)) for value in row.args.values()), key


def test_without_a_cluster_it_is_rendered_for_one_that_is_not_known() -> None:
    found = {(row.kind, row.key): row for row in offline(SHOP, own_images(SHOP), CONTENTS)}
    assert found[("Service", "web")].args["cluster"] == "arn:aws:ecs:us-east-1:000000000000:cluster/unknown"


# --- patches ---------------------------------------------------------------------------------------------------------


def patched(change: Any) -> App:
    return app(service("web", x_slipway=ServiceExtension(patch={"ecs": change})))


def test_a_patch_reaches_the_task_and_a_container_by_its_name() -> None:
    change = {
        "TaskDefinition": {
            "ephemeral_storage": {"size_in_gib": 50},
            "container_definitions": [
                {"name": "web", "versionConsistency": "disabled"},
                {"name": "agent", "image": "a"},
            ],
        },
        "Service": {"force_new_deployment": True},
    }
    assert refused(patched(change)) == []
    found = rendered(patched(change))
    task = found[("TaskDefinition", "web")].args
    assert task["ephemeral_storage"] == {"size_in_gib": 50}
    web, agent = task["container_definitions"].value
    assert (web["image"], web["versionConsistency"], agent) == ("web:1", "disabled", {"name": "agent", "image": "a"})
    assert found[("Service", "web")].args["force_new_deployment"] is True


def test_a_patch_of_what_there_is_not_is_refused_with_a_suggestion() -> None:
    change = {
        "TaskDefinition": {"container_definitions": [{"name": "web", "readonlyRootFileSystem": True}]},
        "Task": {},
    }
    assert [each.partition("(known: ")[0].strip() for each in refused(patched(change))] == [
        "services.web.x-slipway.patch.ecs.TaskDefinition.container_definitions[0].readonlyRootFileSystem: "
        'there is no "readonlyRootFileSystem"; did you mean "readonlyRootFilesystem"?',
        'services.web.x-slipway.patch.ecs.Task: there is no kind "Task" on ecs;',
    ]


# --- what is refused -------------------------------------------------------------------------------------------------


def test_an_application_without_a_flaw_is_not_refused() -> None:
    assert refused(SHOP) == []


@pytest.mark.parametrize(
    ("application", "message"),
    [
        (
            App(name="a" * 64, services={"web": service("web", networks={})}),
            f'name: "{"a" * 64}" has 64 characters, and 63 are the most of a DNS name; shorten it',
        ),
        (
            app(service("w" * 64)),
            f'services.{"w" * 64}: "{"w" * 64}" has 64 characters, and 63 are the most of a DNS name; shorten it',
        ),
        (app(service("_")), 'services._: "_" has no letter or digit that a name could begin with; rename it'),
        (
            app(service("web", cpus=32)),
            "services.web.deploy: its tasks ask for 32 vCPU and 0.5 GiB, and 16 vCPU and 120 GiB are the most that one "
            "of Fargate's has; ask for less, or use the target kubernetes on EKS",
        ),
        (
            app(jobs={"big": Job(name="big", image="b", mem_limit=Bytes(200 * 1024**3))}),
            "jobs.big.deploy: its tasks ask for 0.25 vCPU and 200 GiB, and 16 vCPU and 120 GiB are the most that one "
            "of Fargate's has; ask for less, or use the target kubernetes on EKS",
        ),
        (
            app(service("web"), service("side", network_mode="service:web", networks={}, scale=2)),
            'services.side.network_mode: it is in the tasks of "web", of which there are 1; '
            "give both the same number of replicas",
        ),
        (
            app(
                service("web"),
                service("side", network_mode="service:web", networks={}),
                service(
                    "last", networks={}, depends_on={"side": Dependency(condition="service_completed_successfully")}
                ),
            ),
            'services.side.network_mode: it is in the tasks of "web", and something waits for it to end; '
            "give it a network of its own, or make it a step of pre_start",
        ),
        (
            app(
                service("web"),
                service(
                    "side",
                    network_mode="service:web",
                    networks={},
                    depends_on={"web": Dependency(condition="service_completed_successfully")},
                ),
            ),
            'services.side.network_mode: it is in the tasks of "web", and waits for it to end; '
            "give it a network of its own",
        ),
        (
            app(
                service("web", pre_start=(PreStart(),)),
                service("web-pre-start-1", network_mode="service:web", networks={}),
            ),
            'services.web: two containers of its tasks are "web-pre-start-1"; '
            "rename the service, or the one in its network",
        ),
    ],
)
def test_what_fits_into_no_task_is_refused(application: App, message: str) -> None:
    assert refused(application) == [message]


def test_a_task_definition_that_is_too_large_is_refused_with_its_size() -> None:
    large = app(service("web", environment={f"V{index}": "x" * 1000 for index in range(70)}))
    size = (
        r"services\.web: its task definition has 7\d{4} bytes, and 65536 are the most; put a part of it into the image"
    )
    with pytest.raises(RejectedError, match=size):
        rendered(large)


def test_more_containers_than_a_task_can_have_are_refused_by_their_names() -> None:
    steps = tuple(PreStart(command=(str(index),)) for index in range(9))
    web = service("web", pre_start=steps, secrets=(FileGrant(source="key"),))
    with pytest.raises(
        RejectedError, match=r"services\.web: its tasks have 11 containers, and 10 are the most \(web, "
    ):
        rendered(app(web, secrets=SHOP.secrets))


def chain(count: int) -> App:
    services = [
        service(
            f"s{index}",
            networks=dict.fromkeys((f"n{index}", f"n{index + 1}")),
            depends_on={f"s{index - 1}": Dependency()} if index else {},
        )
        for index in range(count)
    ]
    return App(
        name="shop",
        services={each.name: each for each in services},
        networks={f"n{index}": Network() for index in range(count + 1)},
    )


def test_work_grows_with_the_number_of_services_and_not_with_its_square() -> None:
    rendered(chain(100))  # what is kept from then on is no work of either
    assert calls(rendered, chain(800)) < 10 * calls(rendered, chain(100))
