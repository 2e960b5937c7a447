"""Rendering for docker. Proved here: what the plugin would be asked for. Whether it runs: tests/conformance."""

from typing import Any

import pytest
from apps import HEALTHY, app, service

from components.access import Contents, ImageReference
from components.errors import RejectedError
from components.model import (
    App,
    Autoscale,
    Bytes,
    Dependency,
    Deploy,
    Device,
    DeviceRequest,
    FileGrant,
    FileObject,
    Healthcheck,
    Limits,
    Logging,
    Mount,
    Network,
    Opaque,
    Parts,
    Port,
    Resources,
    RestartPolicy,
    Seconds,
    Service,
    ServiceExtension,
    ServiceNetwork,
    TmpfsOptions,
    Ulimit,
    UpdateConfig,
    Volume,
    VolumeExtension,
    VolumeOptions,
)
from components.targets.docker.render import render
from components.targets.rows import Ref, Row


def rows(application: App, contents: Contents | None = None) -> dict[tuple[str, str], Row]:
    images = {name: ImageReference(name=each.image or name) for name, each in application.services.items()}
    rendered = render(application, images, contents=contents or Contents())
    return {(row.kind, row.key): row for row in rendered}


def container(application: App, key: str, contents: Contents | None = None) -> dict[str, Any]:
    return dict(rows(application, contents)["container", key].args)


def web(**keys: Any) -> dict[str, Any]:
    return container(app(service("web", **keys)), "web-1")


def labels(args: dict[str, Any]) -> dict[str, Any]:
    return {entry["label"]: entry["value"] for entry in args["labels"]}


def test_dependencies_come_before_their_dependents() -> None:
    shop = app(service("web", depends_on={"db": Dependency()}), service("db"))
    containers = [key for kind, key in rows(shop) if kind == "container"]
    assert containers == ["db-1", "web-1"]


def test_a_dependent_waits_for_every_replica_of_what_it_depends_on() -> None:
    shop = app(service("web", depends_on={"db": Dependency()}), service("db", scale=2))
    assert rows(shop)["container", "web-1"].after == (("container", "db-1"), ("container", "db-2"))


def test_replicas_form_a_chain() -> None:
    assert rows(app(service("web", scale=2)))["container", "web-2"].after == (("container", "web-1"),)


def test_an_optional_dependency_that_is_not_active_is_left_out() -> None:
    shop = app(service("web", depends_on={"debug": Dependency(required=False)}))
    assert rows(shop)["container", "web-1"].after == ()


def test_a_run_to_completion_is_attached_and_its_dependent_waits_for_its_end() -> None:
    ended = Dependency(condition="service_completed_successfully")
    found = rows(app(service("web", depends_on={"migrate": ended}), service("migrate")))
    job = found["container", "migrate-1"].args
    assert (job["attach"], job["must_run"]) == (True, False)
    assert found["container", "web-1"].completed == (("container", "migrate-1"),)


def test_a_restarting_dependency_puts_its_id_into_the_dependents_labels() -> None:
    shop = app(service("web", depends_on={"db": Dependency(restart=True)}), service("db"))
    assert labels(container(shop, "web-1"))["slipway.restart.db-1"] == Ref("container", "db-1", "id")


def test_a_health_check_is_waited_for_as_long_as_every_retry_may_take() -> None:
    args = web(healthcheck=HEALTHY)
    # (retries + 1) x (interval + timeout) + 30 s
    assert (args["wait"], args["wait_timeout"]) == (True, 36)


def test_a_dependency_that_must_be_healthy_is_waited_for_although_only_its_image_says_how() -> None:
    shop = app(service("web", depends_on={"db": Dependency(condition="service_healthy")}), service("db"))
    assert container(shop, "db-1")["wait"] is True


def test_a_disabled_health_check_is_switched_off_and_not_waited_for() -> None:
    args = web(healthcheck=Healthcheck(disable=True))
    assert args["healthcheck"] == {"tests": ["NONE"]}
    assert "wait" not in args


def test_durations_are_written_as_the_plugin_reads_them_back() -> None:
    check = Healthcheck(test=("CMD", "x"), interval=Seconds(90), timeout=Seconds(0.25), start_interval=Seconds(2))
    assert web(healthcheck=check)["healthcheck"] == {
        "tests": ["CMD", "x"],
        "interval": "1m30s",
        "timeout": "250ms",
        "start_interval": "2s",
    }


def test_sizes_are_mebibytes_rounded_up() -> None:
    args = web(mem_limit=Bytes(100 * 1024 * 1024 + 1), shm_size=Bytes(64 * 1024 * 1024), memswap_limit=Bytes(-1))
    assert (args["memory"], args["shm_size"], args["memory_swap"]) == (101, 64, -1)


def test_no_limit_of_memory_is_the_default_and_not_asked_for() -> None:
    args = web(mem_limit=Bytes(-1), mem_reservation=Bytes(-1), memswap_limit=Bytes(-1))
    assert {key: args[key] for key in args if key.startswith("memory")} == {"memory_swap": -1}


def test_deploy_limits_win_over_the_service_keys() -> None:
    deploy = Deploy(resources=Resources(limits=Limits(cpus=0.5, memory=Bytes(32 << 20))))
    args = web(cpus=2, mem_limit=Bytes(64 << 20), deploy=deploy)
    assert (args["cpus"], args["memory"]) == ("0.5", 32)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"restart": "unless-stopped"}, {"restart": "unless-stopped"}),
        ({"restart": "on-failure:3"}, {"restart": "on-failure", "max_retry_count": 3}),
        ({"deploy": Deploy(restart_policy=RestartPolicy())}, {"restart": "always"}),
        ({"deploy": Deploy(restart_policy=RestartPolicy(condition="none"))}, {"restart": "no"}),
        (
            {"deploy": Deploy(restart_policy=RestartPolicy(condition="on-failure", max_attempts=2))},
            {"restart": "on-failure", "max_retry_count": 2},
        ),
        ({"restart": "no", "deploy": Deploy(restart_policy=RestartPolicy(condition="any"))}, {"restart": "always"}),
    ],
)
def test_restart_policies_are_the_engines(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    args = web(**keys)
    assert {key: args[key] for key in ("restart", "max_retry_count") if key in args} == expected


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ({"command": ("a", "b")}, {"command": ["a", "b"]}),
        ({"entrypoint": ("a",)}, {"entrypoints": ["a"]}),
        ({"environment": {"A": "1", "B": None}}, {"envs": ["A=1"]}),
        ({"user": "7:8"}, {"user": "7:8"}),
        (
            {"cap_add": ("NET_ADMIN",), "cap_drop": ("ALL",)},
            {"capabilities": {"adds": ["NET_ADMIN"], "drops": ["ALL"]}},
        ),
        ({"ulimits": {"nofile": Ulimit(soft=1, hard=2)}}, {"ulimits": [{"name": "nofile", "soft": 1, "hard": 2}]}),
        ({"extra_hosts": {"a": ("1.2.3.4",)}}, {"hosts": [{"host": "a", "ip": "1.2.3.4"}]}),
        (
            {"logging": Logging(driver="local", options={"max-size": "1m"})},
            {"log_driver": "local", "log_opts": {"max-size": "1m"}},
        ),
        ({"tmpfs": ("/run:size=1m", "/tmp")}, {"tmpfs": {"/run": "size=1m", "/tmp": ""}}),
        ({"sysctls": {"net.core.somaxconn": "1"}}, {"sysctls": {"net.core.somaxconn": "1"}}),
        (
            {"devices": (Device(source="/dev/fuse"),)},
            {"devices": [{"host_path": "/dev/fuse", "container_path": "/dev/fuse", "permissions": "rwm"}]},
        ),
        (
            {"gpus": (DeviceRequest(count=-1),)},
            {"device_requests": [{"capabilities": ["gpu"], "count": -1, "driver": ""}]},
        ),
        ({"cgroup": "private"}, {"cgroupns_mode": "private"}),
        ({"cpuset": "0,1", "cpu_shares": 5}, {"cpu_set": "0,1", "cpu_shares": 5}),
        ({"stop_grace_period": Seconds(1.5)}, {"stop_timeout": 2, "destroy_grace_seconds": 2}),
        ({"networks": {}, "network_mode": "host"}, {"network_mode": "host"}),
        ({"ipc": "host"}, {"ipc_mode": "host"}),
        ({"init": True, "read_only": True, "tty": True}, {"init": True, "read_only": True, "tty": True}),
    ],
)
def test_a_key_becomes_the_argument_that_means_it(keys: dict[str, Any], expected: dict[str, Any]) -> None:
    args = web(**keys)
    assert {key: args.get(key) for key in expected} == expected


def test_a_namespace_of_another_service_is_its_first_container() -> None:
    keys = {"network_mode": "service:db", "pid": "service:db", "ipc": "service:db"}
    shop = app(service("web", networks={}, **keys), service("db"))
    args = container(shop, "web-1")
    assert {args["network_mode"], args["pid_mode"], args["ipc_mode"]} == {Ref("container", "db-1", "namespace")}


def test_a_service_is_known_on_its_networks_by_its_name_and_its_aliases() -> None:
    shop = app(
        service("web", networks={"front": ServiceNetwork(aliases=("shop",), ipv4_address="10.0.0.9")}),
        networks={"front": Network(name="x_front")},
    )
    assert container(shop, "web-1")["networks_advanced"] == [
        {"name": Ref("network", "front", "name"), "aliases": ["web", "shop"], "ipv4_address": "10.0.0.9"}
    ]


def test_a_services_own_mac_address_is_that_of_its_first_network() -> None:
    networks = {"back": None, "front": ServiceNetwork(priority=9)}
    shop = app(
        service("web", networks=networks, mac_address="02:42:ac:11:00:01"),
        networks={"back": Network(), "front": Network()},
    )
    attached = container(shop, "web-1")["networks_advanced"]
    assert [(each["name"].key, each.get("mac_address")) for each in attached] == [
        ("front", "02:42:ac:11:00:01"),
        ("back", None),
    ]


def test_an_option_of_a_network_may_be_opaque_and_stays_so() -> None:
    option = Parts(["x", Opaque("geheim", name="PW")])
    shop = app(service("web", networks={"default": ServiceNetwork(driver_opts={"key": option})}))
    (attached,) = container(shop, "web-1")["networks_advanced"]
    assert attached["driver_opts"] == [Parts(["key=", "x", Opaque("geheim", name="PW")])]


def test_the_alias_of_a_link_is_one_of_the_linked_service_on_their_network() -> None:
    shop = app(
        service("web", links=("db:database", "db"), networks={"back": None}),
        service("db", networks={"back": None, "other": None}),
        networks={"back": Network(), "other": Network()},
    )
    attached = container(shop, "db-1")["networks_advanced"]
    assert {each["name"].key: each["aliases"] for each in attached} == {"back": ["db", "database"], "other": ["db"]}


def test_a_device_by_its_cdi_name_is_requested_and_not_bound() -> None:
    args = web(devices=(Device(source="nvidia.com/gpu=all"), Device(source="/dev/fuse")))
    assert args["device_requests"] == [{"driver": "cdi", "device_ids": ["nvidia.com/gpu=all"]}]
    assert [device["host_path"] for device in args["devices"]] == ["/dev/fuse"]


def test_autoscaling_fixes_the_replicas_at_min() -> None:
    shop = app(service("web", scale=7, x_slipway=ServiceExtension(autoscale=Autoscale(min=3, max=9))))
    assert [key for kind, key in rows(shop) if kind == "container"] == ["web-1", "web-2", "web-3"]


@pytest.mark.parametrize(("source", "read_only"), [("db", False), ("db:ro", True), ("db:rw", False)])
def test_volumes_from_a_service_are_those_of_its_first_container(source: str, read_only: bool) -> None:
    shop = app(service("web", volumes_from=(source,)), service("db", scale=2))
    expected = {"from_container": Ref("container", "db-1", "id"), **({"read_only": True} if read_only else {})}
    assert container(shop, "web-1")["volumes"] == [expected]


def test_volumes_from_a_container_that_is_not_ours_are_taken_by_its_name() -> None:
    assert web(volumes_from=("container:old:ro",))["volumes"] == [{"from_container": "old", "read_only": True}]


@pytest.mark.parametrize(
    ("key", "argument"), [("network_mode", "network_mode"), ("ipc", "ipc_mode"), ("pid", "pid_mode")]
)
def test_a_container_that_is_not_ours_is_named_as_the_file_names_it(key: str, argument: str) -> None:
    networks = {"networks": {}} if key == "network_mode" else {}
    assert web(**{**networks, key: "container:old"})[argument] == "container:old"


def test_an_external_network_is_used_by_its_name_and_not_created() -> None:
    shop = app(service("web", networks={"up": None}), networks={"up": Network(name="upstream", external=True)})
    found = rows(shop)
    assert ("network", "up") not in found
    assert found["container", "web-1"].args["networks_advanced"][0]["name"] == "upstream"


@pytest.mark.parametrize(
    ("mount", "argument", "expected"),
    [
        (
            Mount(type="volume", source="data", target="/d"),
            "volumes",
            {"container_path": "/d", "volume_name": Ref("volume", "data", "name")},
        ),
        (
            Mount(type="volume", source="data", target="/d", volume=VolumeOptions(nocopy=True)),
            "mounts",
            {
                "type": "volume",
                "target": "/d",
                "source": Ref("volume", "data", "name"),
                "volume_options": {"no_copy": True},
            },
        ),
        (
            Mount(type="bind", source="/srv", target="/d", read_only=True),
            "mounts",
            {"type": "bind", "source": "/srv", "target": "/d", "read_only": True},
        ),
        (
            Mount(type="tmpfs", target="/d", tmpfs=TmpfsOptions(size=Bytes(9), mode=0o700)),
            "mounts",
            {"type": "tmpfs", "target": "/d", "tmpfs_options": {"size_bytes": 9, "mode": 0o700}},
        ),
    ],
)
def test_a_mount_takes_the_form_that_can_say_it(mount: Mount, argument: str, expected: dict[str, Any]) -> None:
    shop = app(service("web", volumes=(mount,)), volumes={"data": Volume()})
    assert container(shop, "web-1")[argument] == [expected]


def test_volumes_stay_when_the_stack_goes_unless_the_file_says_otherwise() -> None:
    volumes = {"data": Volume(), "scratch": Volume(x_slipway=VolumeExtension(keep=False))}
    found = rows(app(service("web"), volumes=volumes))
    assert (found["volume", "data"].retain, found["volume", "scratch"].retain) == (True, False)


def test_each_replica_takes_its_own_port_of_a_range() -> None:
    shop = app(service("web", scale=2, ports=(Port(target=80, published="8000-8001", host_ip="127.0.0.1"),)))
    assert container(shop, "web-2")["ports"] == [
        {"internal": 80, "protocol": "tcp", "external": 8001, "ip": "127.0.0.1"}
    ]


def test_a_port_without_a_host_port_is_the_engines_choice() -> None:
    assert web(ports=(Port(target=80),))["ports"] == [{"internal": 80, "protocol": "tcp"}]


def test_replicas_cannot_share_a_host_port() -> None:
    shop = app(service("web", scale=2, ports=(Port(target=80, published="8000"),)))
    with pytest.raises(RejectedError) as raised:
        rows(shop)
    assert str(raised.value) == (
        "services.web.ports[0]: 2 replicas cannot share the host's port 8000; "
        "publish a range of 2 ports, leave the host's port out, or run one replica"
    )


SECRET = Parts([Opaque("geheim", name="PW")])
GRANTED: dict[str, Any] = {"secrets": (FileGrant(source="pw", uid="7", mode=0o400),)}


def with_secret(**keys: Any) -> App:
    return app(service("web", **GRANTED, **keys), secrets={"pw": FileObject(environment="PW")})


def test_a_secret_is_a_file_under_run_secrets_with_its_owner_and_mode() -> None:
    args = container(with_secret(), "web-1", Contents(secrets={"pw": SECRET}))
    assert args["uploads"] == [{"file": "/run/secrets/pw", "permissions": "0400", "content": SECRET, "owner": "7"}]


def test_a_secret_is_in_no_label() -> None:
    args = container(with_secret(), "web-1", Contents(secrets={"pw": SECRET}))
    assert "geheim" not in str(labels(args))


def test_a_read_only_root_gets_its_files_from_a_volume_that_a_container_filled() -> None:
    found = rows(with_secret(read_only=True), Contents(secrets={"pw": SECRET}))
    (filler,) = [row for (kind, key), row in found.items() if kind == "container" and "files" in key]
    assert (filler.args["start"], filler.args["uploads"][0]["file"]) == (False, "/run/secrets/pw")
    args = found["container", "web-1"].args
    assert "uploads" not in args
    assert args["volumes"] == [
        {"volume_name": Ref("volume", filler.key, "name"), "container_path": "/run/secrets", "read_only": True}
    ]
    assert labels(dict(args))[f"slipway.files.{filler.key}"] == Ref("container", filler.key, "id")


@pytest.mark.parametrize(
    ("keys", "content", "message"),
    [
        ({}, "", '"pw" is empty, and an empty file cannot be uploaded; give it content'),
        ({"tmpfs": ("/run",)}, "x", "/run/secrets/pw is under the tmpfs /run, which hides it; choose another target"),
        (
            {"read_only": True, "secrets": (FileGrant(source="pw", target="/pw"),)},
            "x",
            "/pw is in the root folder of a read-only container; choose a target in a folder",
        ),
    ],
)
def test_a_file_that_cannot_get_in_is_rejected(keys: dict[str, Any], content: str, message: str) -> None:
    shop = app(service("web", **{**GRANTED, **keys}), secrets={"pw": FileObject(environment="PW")})
    with pytest.raises(RejectedError) as raised:
        rows(shop, Contents(secrets={"pw": content}))
    assert str(raised.value) == f"services.web.secrets: {message}"


START_FIRST = Deploy(update_config=UpdateConfig(order="start-first"))


def test_start_first_leaves_the_name_to_pulumi_so_that_two_containers_can_be_there() -> None:
    row = rows(app(service("web", deploy=START_FIRST)))["container", "web-1"]
    assert ("name" in row.args, row.stop_first) == (False, False)


@pytest.mark.parametrize(
    "keys",
    [
        {"container_name": "web"},
        {"ports": (Port(target=80, published="80"),)},
        {"volumes": (Mount(type="volume", source="data", target="/d"),)},
        {"networks": {}, "network_mode": "host"},
    ],
)
def test_start_first_becomes_stop_first_where_something_is_in_the_way(keys: dict[str, Any]) -> None:
    shop = app(service("web", deploy=START_FIRST, **keys), volumes={"data": Volume()})
    assert rows(shop)["container", "web-1"].stop_first is True


def test_the_labels_are_those_that_docker_compose_reads() -> None:
    found = labels(web())
    assert {
        key: found[f"com.docker.compose.{key}"] for key in ("project", "service", "container-number", "oneoff")
    } == {
        "project": "shop",
        "service": "web",
        "container-number": "1",
        "oneoff": "False",
    }


def test_the_config_hash_changes_with_the_configuration_alone() -> None:
    def config_hash(**keys: Any) -> str:
        return str(labels(web(**keys))["com.docker.compose.config-hash"])

    assert config_hash() == config_hash()
    assert config_hash() != config_hash(user="7")


def test_a_built_image_is_looked_up_again_when_its_digest_changes() -> None:
    shop = app(service("web"))
    (row,) = [r for r in render(shop, {"web": ImageReference(name="shop-web", digest="sha256:1")}) if r.kind == "image"]
    assert row.args == {"name": "shop-web", "keep_locally": True, "triggers": {"digest": "sha256:1"}}


def test_rendering_twice_gives_the_same_rows() -> None:
    shop = app(service("web", scale=2, depends_on={"db": Dependency()}), service("db", labels={"b": "1", "a": "2"}))
    assert rows(shop) == rows(shop)


def test_no_replicas_means_no_containers() -> None:
    assert not [key for key in rows(app(Service(name="web", image="web", scale=0))) if key[0] == "container"]
