"""Rendering for swarm, where the golden case does not tell enough. Whether it runs: tests/conformance."""

from pathlib import Path
from typing import Any

import pytest
from apps import HEALTHY, app, service

from components.access import Contents, EntryPoint, ImageReference, SwarmAccess
from components.errors import RejectedError
from components.model import (
    App,
    Autoscale,
    BindOptions,
    Bytes,
    Dependency,
    Deploy,
    FileGrant,
    FileObject,
    Healthcheck,
    Ingress,
    Logging,
    Mount,
    Network,
    Opaque,
    Parts,
    Placement,
    Port,
    RestartPolicy,
    Seconds,
    ServiceExtension,
    ServiceNetwork,
    UpdateConfig,
    Volume,
    VolumeExtension,
)
from components.support import check
from components.targets import project_files
from components.targets.rows import Base64, Ref, Row
from components.targets.swarm.files import Identities
from components.targets.swarm.render import Given, render
from components.targets.swarm.support import SUPPORT


def rows(application: App, **given: Any) -> dict[tuple[str, str], Row]:
    images = {name: ImageReference(name=each.image or name) for name, each in application.services.items()}
    return {(row.kind, row.key): row for row in render(application, images, Given(**given))}


def rendered(application: App, name: str = "web", **given: Any) -> dict[str, Any]:
    return dict(rows(application, **given)["service", name].args)


def web(**keys: Any) -> dict[str, Any]:
    return rendered(app(service("web", **keys)))


def spec(args: dict[str, Any]) -> dict[str, Any]:
    return args["task_spec"]["container_spec"]


def updating(**keys: Any) -> Deploy:
    return Deploy(update_config=UpdateConfig(**keys))


def test_dependents_come_after_their_dependencies_and_wait_for_them() -> None:
    shop = app(service("web", depends_on={"db": Dependency()}), service("db"))
    assert [key for kind, key in rows(shop) if kind == "service"] == ["db", "web"]
    assert rows(shop)["service", "web"].after == (("service", "db"),)


def test_an_optional_dependency_that_is_not_active_is_left_out() -> None:
    shop = app(service("web", depends_on={"debug": Dependency(required=False)}))
    assert rows(shop)["service", "web"].after == ()


def test_what_waits_for_a_run_to_completion_waits_for_its_exit_code() -> None:
    ended = Dependency(condition="service_completed_successfully")
    shop = app(
        service("web", depends_on={"migrate": ended}),
        service("migrate", depends_on={"db": Dependency()}),
        service("db"),
    )
    found = rows(shop)
    assert found["service", "web"].completed == (("container", "migrate-1"),)
    assert found["container", "migrate-1"].after == (("service", "db"),)


def test_only_the_networks_of_runs_to_completion_are_made_attachable() -> None:
    ended = Dependency(condition="service_completed_successfully")
    shop = app(
        service("web", networks={"front": None, "back": None}, depends_on={"migrate": ended}),
        service("migrate", networks={"back": None}),
        networks={"front": Network(), "back": Network()},
    )
    found = rows(shop)
    attachable = {key: row.args.get("attachable") for (kind, key), row in found.items() if kind == "network"}
    assert attachable == {"front": None, "back": True}


def test_a_run_to_completion_gets_the_managers_own_volume() -> None:
    ended = Dependency(condition="service_completed_successfully")
    mount = Mount(type="volume", source="data", target="/data")
    shop = app(
        service("web", depends_on={"seed": ended}, volumes=(mount,)),
        service("seed", volumes=(mount,)),
        volumes={"data": Volume()},
    )
    found = rows(shop)
    assert found["volume", "data"].args["name"] == "shop_data"
    assert spec(dict(found["service", "web"].args))["mounts"][0]["source"] == "shop_data"


def test_a_volume_that_no_run_mounts_is_made_by_the_node_of_its_task() -> None:
    shop = app(
        service("web", volumes=(Mount(type="volume", source="data", target="/data"),)), volumes={"data": Volume()}
    )
    assert [key for kind, key in rows(shop) if kind == "volume"] == []


def test_the_services_name_is_an_alias_on_every_network() -> None:
    on = {"front": ServiceNetwork(aliases=("shop", "web")), "back": ServiceNetwork(use_service_name_alias=False)}
    args = rendered(app(service("web", networks=on), networks={"front": Network(), "back": Network()}))
    assert args["task_spec"]["networks_advanceds"] == [
        {"id": Ref("network", "front", "id"), "aliases": ["web", "shop"]},
        {"id": Ref("network", "back", "id"), "aliases": []},
    ]


def test_what_is_external_is_named_by_its_id() -> None:
    shop = app(
        service("web", secrets=(FileGrant(source="key"),), configs=(FileGrant(source="page"),)),
        networks={"default": Network(external=True, name="shared")},
        secrets={"key": FileObject(external=True, name="the-key")},
        configs={"page": FileObject(external=True)},
    )
    known = Identities(networks={"shared": "n1"}, secrets={"the-key": "s1"}, configs={"page": "c1"})
    found = rows(shop, identities=known)
    args = dict(found["service", "web"].args)
    assert args["task_spec"]["networks_advanceds"][0]["id"] == "n1"
    assert (spec(args)["secrets"][0]["secret_id"], spec(args)["secrets"][0]["secret_name"]) == ("s1", "the-key")
    assert (spec(args)["configs"][0]["config_id"], spec(args)["configs"][0]["file_name"]) == ("c1", "/page")
    assert [kind for kind, _ in found] == ["image", "service"]


def test_a_secret_that_no_service_sees_is_not_made() -> None:
    shop = app(service("web"), secrets={"unused": FileObject(environment="X")})
    assert ("secret", "unused") not in rows(shop, contents=Contents(secrets={"unused": "x"}))


def test_a_built_image_runs_by_its_digest_and_needs_no_look_up() -> None:
    shop = app(service("web"))
    images = {"web": ImageReference(name="registry.example/web", digest="sha256:1")}
    found = {(row.kind, row.key): row for row in render(shop, images)}
    assert str(spec(dict(found["service", "web"].args))["image"]).startswith("registry.example/web@")
    assert ("image", "web") not in found


def test_a_tag_is_looked_up_once_and_run_by_its_digest() -> None:
    found = rows(app(service("web", image="redis:7")))
    assert found["image", "web"].args == {"name": "redis:7", "keep_locally": True}
    assert spec(dict(found["service", "web"].args))["image"] == Ref("image", "web", "repo_digest")


def test_a_failed_update_rolls_back_unless_the_file_says_otherwise() -> None:
    assert web()["update_config"]["failure_action"] == "rollback"
    assert web(deploy=updating(failure_action="pause"))["update_config"]["failure_action"] == "pause"


def test_the_rollback_is_swarms_own_where_the_file_says_nothing() -> None:
    assert "rollback_config" not in web()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({}, None),
        ({"restart": "no"}, {"condition": "none", "delay": "5s", "window": "0s"}),
        ({"restart": "unless-stopped"}, {"condition": "any", "delay": "5s", "window": "0s"}),
        ({"restart": "on-failure:4"}, {"condition": "on-failure", "delay": "5s", "window": "0s", "max_attempts": 4}),
        (
            {"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure", window=Seconds(90)))},
            {"condition": "on-failure", "delay": "5s", "window": "1m30s"},
        ),
    ],
)
def test_a_restart_policy_is_given_whole_as_the_plugin_sends_zero_for_what_is_missing(
    keys: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    assert web(**keys)["task_spec"].get("restart_policy") == expected


def test_a_task_is_stopped_with_composes_grace_as_the_plugin_would_give_it_none() -> None:
    assert spec(web())["stop_grace_period"] == "10s"
    assert spec(web(stop_grace_period=Seconds(1.5)))["stop_grace_period"] == "1.5s"


@pytest.mark.parametrize(
    ("keys", "seconds"),
    [
        ({}, 90 + 2 * (30 + 10 + 5)),
        ({"scale": 3}, 90 + 2 * 3 * (30 + 10 + 5)),
        ({"scale": 3, "deploy": updating(parallelism=2, delay=Seconds(4))}, 90 + 2 * 2 * (30 + 10 + 5 + 4)),
        ({"scale": 9, "deploy": updating(parallelism=0)}, 90 + 2 * (30 + 10 + 5)),
        ({"healthcheck": HEALTHY}, 90 + 2 * (36 + 10 + 5)),
        ({"scale": 0}, 90 + 2 * (30 + 10 + 5)),
    ],
)
def test_convergence_is_awaited_as_long_as_an_update_and_its_rollback_may_take(
    keys: dict[str, Any], seconds: int
) -> None:
    assert web(**keys)["converge_config"]["timeout"] == f"{seconds}s"


def test_a_dependency_that_must_be_healthy_is_awaited_longer_when_only_its_image_says_how() -> None:
    shop = app(service("web", depends_on={"db": Dependency(condition="service_healthy")}), service("db"))
    assert rendered(shop, "db")["converge_config"]["timeout"] == f"{90 + 2 * (180 + 10 + 5)}s"


def test_a_disabled_health_check_is_switched_off() -> None:
    assert spec(web(healthcheck=Healthcheck(disable=True)))["healthcheck"] == {"tests": ["NONE"]}


def test_options_of_a_log_need_a_drivers_name() -> None:
    assert web(logging=Logging(options={"max-size": "1m"}))["task_spec"]["log_driver"] == {
        "name": "json-file",
        "options": {"max-size": "1m"},
    }


def test_autoscaling_fixes_the_replicas_at_min() -> None:
    scaled = ServiceExtension(autoscale=Autoscale(min=3, max=9))
    assert web(scale=7, x_slipway=scaled)["mode"] == {"replicated": {"replicas": 3}}


def test_the_name_of_a_service_that_is_replaced_is_free_when_its_successor_comes() -> None:
    assert rows(app(service("web")))["service", "web"].stop_first


def test_the_platforms_that_the_plugin_writes_down_are_no_change_unless_the_file_names_one() -> None:
    assert rows(app(service("web")))["service", "web"].unasked == ("taskSpec.placement.platforms",)
    assert rows(app(service("web", platform="linux/arm64")))["service", "web"].unasked == ()
    routed = service("web", ports=(Port(target=80),), x_slipway=ServiceExtension(ingress=Ingress()))
    entry = EntryPoint(network="n", volume="v", node="node.hostname == a", image="traefik")
    found = rows(app(routed), access=SwarmAccess(entry=entry))
    assert found["service", "slipway-routes"].unasked == ("taskSpec.placement.platforms",)


def test_a_replicated_service_that_becomes_a_global_one_is_replaced_as_a_swarm_refuses_to_change_it() -> None:
    assert rows(app(service("web")))["service", "web"].replaced_by == ("mode.global",)


# --- ports -----------------------------------------------------------------------------------------------------------


def test_without_a_routing_mesh_names_resolve_to_tasks_and_ports_are_the_nodes_own() -> None:
    args = rendered(app(service("web", ports=(Port(target=80, published="8080"),))), access=NO_MESH)
    assert args["endpoint_spec"] == {
        "mode": "dnsrr",
        "ports": [{"target_port": 80, "protocol": "tcp", "publish_mode": "host", "published_port": 8080}],
    }


NO_MESH = SwarmAccess(routing_mesh=False)


def test_start_first_with_a_port_that_the_missing_mesh_moves_to_the_nodes_is_refused() -> None:
    shop = app(service("web", deploy=updating(order="start-first"), ports=(Port(target=80, published="8080"),)))
    with pytest.raises(RejectedError) as raised:
        rows(shop, access=NO_MESH)
    assert str(raised.value) == (
        "services.web.ports[0]: port 8080 is published on the task's node (routingMesh is false), which a second task "
        "cannot share: start-first would wait for ever; use stop-first, publish through the routing mesh, or put an "
        "entry point in front"
    )


def test_a_virtual_ip_that_the_settings_rule_out_is_refused() -> None:
    with pytest.raises(RejectedError, match="endpoint_mode: vip needs IP_VS, and routingMesh is false; leave it out"):
        rows(app(service("web", deploy=Deploy(endpoint_mode="vip"))), access=NO_MESH)


# --- volumes ---------------------------------------------------------------------------------------------------------

DATA = Mount(type="volume", source="data", target="/data")
NFS = Volume(driver_opts={"type": "nfs", "o": "addr=192.0.2.1", "device": ":/x"})


def constraints(volume: Volume, node: str | None, **keys: Any) -> list[str]:
    shop = app(service("db", volumes=(DATA,), **keys), volumes={"data": volume})
    return (
        rendered(shop, "db", access=SwarmAccess(volume_node=node))["task_spec"]
        .get("placement", {})
        .get("constraints", [])
    )


def test_tasks_with_a_volume_of_their_node_stay_on_the_node_that_the_settings_name() -> None:
    assert constraints(Volume(), "node-1") == ["node.hostname == node-1"]
    assert constraints(Volume(), "node.labels.disk == ssd") == ["node.labels.disk == ssd"]
    assert constraints(Volume(), None) == []


def test_a_constraint_of_the_file_holds_beside_it() -> None:
    placed = Deploy(placement=Placement(constraints=("node.role == worker",)))
    assert constraints(Volume(), "node-1", deploy=placed) == ["node.role == worker", "node.hostname == node-1"]


@pytest.mark.parametrize("volume", [NFS, Volume(driver="rexray")])
def test_a_volume_that_every_node_sees_pins_nothing(volume: Volume) -> None:
    assert constraints(volume, "node-1") == []


def test_a_global_service_has_a_volume_on_every_node() -> None:
    assert constraints(Volume(), "node-1", deploy=Deploy(mode="global")) == []


def test_a_driver_and_its_options_go_with_the_mount() -> None:
    shop = app(service("web", volumes=(DATA,)), volumes={"data": NFS})
    options = spec(rendered(shop))["mounts"][0]["volume_options"]
    assert (options["driver_name"], options["driver_options"]["type"]) == ("local", "nfs")


def test_an_external_volume_is_taken_by_its_name_and_gets_no_labels() -> None:
    shop = app(service("web", volumes=(DATA,)), volumes={"data": Volume(external=True, name="old-data")})
    assert spec(rendered(shop))["mounts"] == [{"type": "volume", "target": "/data", "source": "old-data"}]


def test_the_short_form_of_a_tmpfs_and_shm_size_are_mounts() -> None:
    assert spec(web(tmpfs=("/run:size=1m,mode=1777", "/t"), shm_size=Bytes(4096)))["mounts"] == [
        {"type": "tmpfs", "target": "/run", "tmpfs_options": {"size_bytes": 1 << 20, "mode": 0o1777}},
        {"type": "tmpfs", "target": "/t"},
        {"type": "tmpfs", "target": "/dev/shm", "tmpfs_options": {"size_bytes": 4096, "mode": 0o1777}},
    ]


# --- project files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("hello")
    (tmp_path / "run.sh").write_text("#!/bin/sh\n")
    (tmp_path / "run.sh").chmod(0o700)
    return tmp_path


def bound(folder: Path, source: str, *, read_only: bool = True, name: str = "web") -> App:
    mount = Mount(type="bind", source=source, target="/there", read_only=read_only)
    return app(service(name, volumes=(mount,)), directory=str(folder))


def test_a_project_file_is_a_config_that_keeps_whether_it_can_be_executed(project: Path) -> None:
    shop = bound(project, str(project / "run.sh"))
    args = rendered(shop, project=project_files.read(shop))
    (config,) = spec(args)["configs"]
    assert (config["file_name"], config["file_mode"]) == ("/there", 0o555)
    assert "mounts" not in spec(args)


def test_a_project_folder_is_a_config_for_each_of_its_files(project: Path) -> None:
    shop = bound(project, str(project / "site"))
    (config,) = spec(rendered(shop, project=project_files.read(shop)))["configs"]
    assert (config["file_name"], config["file_mode"]) == ("/there/index.html", 0o444)


def test_a_project_file_that_is_no_text_is_encoded(project: Path) -> None:
    (project / "icon").write_bytes(b"\xff\xfe")
    shop = bound(project, str(project / "icon"))
    (config,) = [row for (kind, _), row in rows(shop, project=project_files.read(shop)).items() if kind == "config"]
    assert isinstance(config.args["data"], Base64)


def test_a_project_file_of_two_services_is_one_config(project: Path) -> None:
    mount = Mount(type="bind", source=str(project / "run.sh"), target="/run.sh", read_only=True)
    shop = app(service("web", volumes=(mount,)), service("worker", volumes=(mount,)), directory=str(project))
    assert len([key for kind, key in rows(shop, project=project_files.read(shop)) if kind == "config"]) == 1


def test_a_project_file_of_a_run_to_completion_is_uploaded(project: Path) -> None:
    ended = Dependency(condition="service_completed_successfully")
    mount = Mount(type="bind", source=str(project / "run.sh"), target="/run.sh", read_only=True)
    shop = app(service("web", depends_on={"seed": ended}), service("seed", volumes=(mount,)), directory=str(project))
    uploads = rows(shop, project=project_files.read(shop))["container", "seed-1"].args["uploads"]
    assert [(each["file"], each["permissions"]) for each in uploads] == [("/run.sh", "0555")]


def test_a_path_outside_of_the_project_is_the_nodes_own(project: Path) -> None:
    shop = bound(project, "/etc/localtime")
    assert spec(rendered(shop, project=project_files.read(shop)))["mounts"] == [
        {"type": "bind", "target": "/there", "source": "/etc/localtime", "read_only": True}
    ]


@pytest.mark.parametrize(
    ("source", "read_only", "message"),
    [
        (
            "site",
            False,
            "not supported on swarm (the nodes do not have the project's files, and get them to read only); write "
            "read_only: true, or use a named volume",
        ),
        ("gone", True, "not supported on swarm (there is nothing at its source); make it, or mend the path"),
        (
            "large",
            True,
            "not supported on swarm (the nodes do not have the project's files, and get 1 MiB at most); put them into "
            "the image, or use a named volume",
        ),
    ],
)
def test_a_bind_that_cannot_reach_the_nodes_is_rejected(
    project: Path, source: str, read_only: bool, message: str
) -> None:
    (project / "large").write_bytes(b"x" * (project_files.LIMIT + 1))
    with pytest.raises(RejectedError) as raised:
        check(bound(project, str(project / source), read_only=read_only), SUPPORT, "swarm")
    assert message in str(raised.value)


def test_the_docker_socket_is_bound_as_it_is_and_told(project: Path) -> None:
    (finding,) = check(bound(project, "/var/run/docker.sock"), SUPPORT, "swarm")
    assert finding.message == "services.web.volumes[0].type: on swarm, the container gets its node's Engine"


@pytest.mark.parametrize("bind", [None, BindOptions(create_host_path=True)])
def test_a_bind_of_anything_else_is_told_once_in_either_form(project: Path, bind: BindOptions | None) -> None:
    mount = Mount(type="bind", source="/srv", target="/srv", bind=bind)
    (finding,) = check(app(service("web", volumes=(mount,)), directory=str(project)), SUPPORT, "swarm")
    assert finding.what == "on swarm, the path is that of whichever node runs the task, and has to be there"


# --- what is refused -------------------------------------------------------------------------------------------------


def refusal(application: App) -> str:
    with pytest.raises(RejectedError) as raised:
        check(application, SUPPORT, "swarm")
    return str(raised.value)


def test_start_first_with_a_host_port_is_refused() -> None:
    host = Port(target=80, published="8080", mode="host")
    assert refusal(app(service("web", ports=(host,), deploy=updating(order="start-first")))).startswith(
        "services.web.deploy.update_config.order: not supported on swarm (two tasks cannot share a port of one node, "
        "and the update would wait for ever); use stop-first"
    )


def test_a_shared_volume_of_the_local_driver_is_refused_with_the_way_out() -> None:
    shared = Volume(x_slipway=VolumeExtension(shared=True))
    message = refusal(app(service("web", volumes=(DATA,)), volumes={"data": shared}))
    assert "a volume of the local driver is on one node" in message
    assert "write driver_opts with type: nfs" in message


def test_a_port_on_one_address_is_refused_as_swarm_would_open_it_to_all() -> None:
    local = Port(target=80, published="8080", host_ip="127.0.0.1")
    assert "Swarm publishes a port on every address of its nodes" in refusal(app(service("web", ports=(local,))))


def test_a_name_that_swarm_refuses_is_told_before() -> None:
    assert refusal(app(service("web.1"))) == (
        'services.web.1: "shop_web.1" is no name for a Swarm service; use letters, digits, - and _, and end with a '
        "letter or digit"
    )


def test_a_name_that_is_too_long_is_told_before() -> None:
    assert '"shop_' + "w" * 60 + '" has 65 characters, and 63 are the most' in refusal(app(service("w" * 60)))


def test_a_secret_whose_name_leaves_no_room_is_told_before() -> None:
    long = "s" * 60
    shop = app(service("web", secrets=(FileGrant(source=long),)), secrets={long: FileObject(environment="X")})
    with pytest.raises(RejectedError, match="its name has 60 characters, and 51 are the most; shorten it"):
        rows(shop, contents=Contents(secrets={long: Parts([Opaque("x")])}))


def test_an_empty_config_is_told_before() -> None:
    shop = app(service("web", configs=(FileGrant(source="page"),)), configs={"page": FileObject(content="")})
    with pytest.raises(RejectedError, match="it is empty, which Swarm refuses; give it content"):
        rows(shop, contents=Contents(configs={"page": ""}))


def test_a_secret_is_encoded_when_it_is_known() -> None:
    shop = app(service("web", secrets=(FileGrant(source="pw"),)), secrets={"pw": FileObject(environment="X")})
    data = rows(shop, contents=Contents(secrets={"pw": Parts([Opaque("x")])}))["secret", "pw"].args["data"]
    assert isinstance(data, Base64)
    assert "x" not in repr(data)


def test_a_run_to_completion_cannot_have_what_only_services_are_given() -> None:
    ended = Dependency(condition="service_completed_successfully")
    shop = app(
        service("web", depends_on={"seed": ended}),
        service("seed", secrets=(FileGrant(source="key"),)),
        secrets={"key": FileObject(external=True)},
    )
    assert refusal(shop) == (
        'services.seed.secrets: Swarm gives "key" to its services alone, and this is a run to completion; use '
        "environment or file"
    )


def test_what_a_container_has_no_word_for_is_told_about_a_run_to_completion() -> None:
    ended = Dependency(condition="service_completed_successfully")
    placed = Deploy(placement=Placement(constraints=("node.role == worker",)), labels={"a": "b"})
    shop = app(service("web", depends_on={"seed": ended}), service("seed", deploy=placed))
    assert sorted(finding.message for finding in check(shop, SUPPORT, "swarm")) == [
        f"services.seed.deploy.{key}: on swarm, a run to completion is a container of the manager that Pulumi talks to"
        for key in ("labels.a", "placement.constraints")
    ]


def test_a_network_that_each_node_has_for_itself_is_refused() -> None:
    shop = app(service("web"), networks={"default": Network(external=True, name="host")})
    assert refusal(shop) == (
        'networks.default: the network "host" is each node\'s own, and services share others; leave it out; to publish '
        "on the nodes, write ports with mode: host"
    )


@pytest.mark.parametrize(
    ("patch", "found"),
    [
        ({"Service": {"task_spec": {"force_update": 3}}}, 3),
        ({"Service": {"task_spec": {"force_update": "3"}}}, 3),
    ],
)
def test_a_patch_reaches_the_service(patch: dict[str, Any], found: int) -> None:
    patched = service("web", x_slipway=ServiceExtension(patch={"swarm": patch}))
    assert rendered(app(patched))["task_spec"]["force_update"] == found


def test_a_patch_of_what_there_is_not_is_refused() -> None:
    patched = service("web", x_slipway=ServiceExtension(patch={"swarm": {"Service": {"task_spec": {"ulimits": []}}}}))
    assert 'there is no "ulimits"' in refusal(app(patched))
