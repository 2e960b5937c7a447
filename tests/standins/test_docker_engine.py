"""The docker stand-in against a real Docker Engine, called as the engine of Pulumi calls it.

Needs an Engine at DOCKER_HOST, or at the default place, that has the base image (set-up brings both).
"""

import contextlib
import os
import uuid

import docker
import grpc
import pytest
from google.protobuf import empty_pb2

from standins.values import Secret

pytestmark = pytest.mark.engine

IMAGE = "debian:bookworm-slim"
CONTAINER = "docker:index/container:Container"
IMAGES = "docker:index/remoteImage:RemoteImage"
NETWORK = "docker:index/network:Network"
VOLUME = "docker:index/volume:Volume"


@pytest.fixture
def engine():
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture
def name():
    return f"slipway-standin-{uuid.uuid4().hex[:10]}"


@pytest.fixture
def plugin(docker_plugin, engine, name):
    """Configured; everything whose name begins with the test's own name is removed afterwards."""
    docker_plugin.configure(host=os.environ.get("DOCKER_HOST", ""))
    yield docker_plugin
    for container in engine.containers.list(all=True, filters={"name": name}):
        container.remove(force=True, v=True)
    for network in engine.networks.list(names=[name]):
        network.remove()
    for volume in engine.volumes.list(filters={"name": name}):
        volume.remove(force=True)


def made(plugin, token, inputs, **fields):
    """Checked and created: identity, inputs, outputs."""
    checked = plugin.check(token, inputs)
    identity, outputs = plugin.create(token, checked, **fields)
    return identity, checked, outputs


def running(plugin, name, **inputs):
    return made(plugin, CONTAINER, {"name": name, "image": IMAGE, "command": ["sleep", "600"], **inputs})


def run_to_end(plugin, name, script, **inputs):
    command = ["sh", "-c", script]
    given = {"attach": True, "logs": True, "mustRun": False, "command": command, **inputs}
    return made(plugin, CONTAINER, {"name": name, "image": IMAGE, **given})


def refused(work):
    with pytest.raises(grpc.RpcError) as caught:
        work()
    return caught.value


def test_a_network_is_made_read_and_removed_twice(plugin, engine, name):
    labels = [{"label": "a", "value": "1"}]
    identity, inputs, outputs = made(plugin, NETWORK, {"name": name, "labels": labels})
    assert engine.networks.get(identity).attrs["Labels"] == {"a": "1"}
    assert (outputs["scope"], outputs["driver"], outputs["internal"]) == ("local", "bridge", False)
    assert plugin.read(NETWORK, identity, outputs, inputs)[2] == inputs
    plugin.delete(NETWORK, identity, outputs)
    plugin.delete(NETWORK, identity, outputs)
    assert plugin.read(NETWORK, identity, outputs, inputs)[0] == ""


def test_a_network_keeps_its_subnet(plugin, name):
    subnet = {"subnet": "10.213.77.0/28", "gateway": "10.213.77.1"}
    identity, inputs, outputs = made(plugin, NETWORK, {"name": name, "ipamConfigs": [subnet]})
    assert outputs["ipamConfigs"] == [subnet]
    assert plugin.read(NETWORK, identity, outputs, inputs)[2] == inputs


def test_a_network_whose_name_is_taken_is_refused_with_its_name(plugin, name):
    made(plugin, NETWORK, {"name": name})
    error = refused(lambda: made(plugin, NETWORK, {"name": name}))
    assert error.details() == f'network "{name}": network with name {name} already exists'


def test_a_network_is_imported_with_its_inputs(plugin, name):
    identity, _, _ = made(plugin, NETWORK, {"name": name, "internal": True})
    found, outputs, inputs = plugin.read(NETWORK, identity)
    assert found == identity
    assert (inputs["name"], inputs["internal"], inputs["ipamDriver"]) == (name, True, "default")
    wanted = plugin.check(NETWORK, {"name": name, "internal": True})
    assert not plugin.diff(NETWORK, inputs, wanted, olds=outputs).diffs


def test_a_network_is_found_by_its_name(plugin, engine, name):
    identity, _, _ = made(plugin, NETWORK, {"name": name, "internal": True})
    container, _, _ = running(plugin, name, networksAdvanced=[{"name": name}])
    found = plugin.invoke("docker:index/getNetwork:getNetwork", name=name)
    assert (found["id"], found["driver"], found["scope"], found["internal"]) == (identity, "bridge", "local", True)
    assert [each["containerId"] for each in found["containers"]] == [container]
    error = refused(lambda: plugin.invoke("docker:index/getNetwork:getNetwork", name=f"{name}-none"))
    assert error.details() == f"Could not find docker network: network {name}-none not found"


def test_a_volume_is_made_and_one_that_exists_is_adopted(plugin, engine, name):
    identity, _, outputs = made(plugin, VOLUME, {"name": name})
    assert (identity, outputs["driver"]) == (name, "local")
    assert outputs["mountpoint"].endswith(f"/{name}/_data")
    assert made(plugin, VOLUME, {"name": name})[0] == name
    plugin.delete(VOLUME, identity, outputs)
    plugin.delete(VOLUME, identity, outputs)
    assert not engine.volumes.list(filters={"name": name})


def test_an_image_that_the_engine_has_is_not_pulled_and_is_kept_where_asked(plugin, engine):
    identity, inputs, outputs = made(plugin, IMAGES, {"name": IMAGE, "keepLocally": True})
    assert outputs["imageId"] == engine.images.get(IMAGE).id
    assert identity == outputs["imageId"] + IMAGE
    assert plugin.read(IMAGES, identity, outputs, inputs)[2] == inputs
    plugin.delete(IMAGES, identity, outputs)
    assert engine.images.get(IMAGE).id == outputs["imageId"]


def test_an_image_that_was_tagged_anew_gets_its_new_id_by_a_refresh(plugin, engine, name):
    tag = f"{name}:1"
    engine.images.get(IMAGE).tag(tag)
    identity, inputs, outputs = made(plugin, IMAGES, {"name": tag})
    container = engine.containers.create(IMAGE, ["true"], name=name)
    other = container.commit(repository=name, tag="1")
    assert plugin.read(IMAGES, identity, outputs, inputs)[1]["imageId"] == other.id
    plugin.delete(IMAGES, identity, outputs)
    with pytest.raises(docker.errors.ImageNotFound):
        engine.images.get(tag)


def test_an_image_that_nobody_has_is_refused_with_its_name(plugin):
    """The address is one where nothing listens."""
    error = refused(lambda: made(plugin, IMAGES, {"name": "127.0.0.1:1/none:1"}))
    assert error.details().startswith('image "127.0.0.1:1/none:1": not in the Engine, and cannot be pulled (')


def test_a_container_runs_with_what_was_asked_for(plugin, engine, name):
    identity, _, outputs = running(
        plugin,
        name,
        envs=["A=1"],
        labels=[{"label": "l", "value": "v"}],
        memory=64,
        restart="on-failure",
        maxRetryCount=3,
        hostname="here",
        user="0:0",
        workingDir="/tmp",
        capabilities={"adds": ["NET_ADMIN"], "drops": ["ALL"]},
        ulimits=[{"name": "nofile", "soft": 100, "hard": 200}],
        tmpfs={"/scratch": "size=1m"},
        hosts=[{"host": "db", "ip": "10.0.0.9"}],
        dns=["10.0.0.1"],
        sysctls={"net.core.somaxconn": "512"},
        shmSize=32,
        init=True,
        stopSignal="SIGINT",
        stopTimeout=7,
        logDriver="json-file",
        logOpts={"max-size": "1m"},
        cpus="0.5",
        groupAdds=["100"],
        securityOpts=["no-new-privileges"],
    )
    found = engine.containers.get(identity).attrs
    config, host = found["Config"], found["HostConfig"]
    assert "A=1" in config["Env"]
    assert config["Labels"]["l"] == "v"
    assert (config["Hostname"], config["User"], config["WorkingDir"]) == ("here", "0:0", "/tmp")
    assert (config["StopSignal"], config["StopTimeout"]) == ("SIGINT", 7)
    assert host["Memory"] == 64 * 1024 * 1024
    assert host["RestartPolicy"] == {"Name": "on-failure", "MaximumRetryCount": 3}
    assert host["CapDrop"] == ["ALL"]
    assert [cap.removeprefix("CAP_") for cap in host["CapAdd"]] == ["NET_ADMIN"]
    assert (host["Ulimits"][0]["Soft"], host["Ulimits"][0]["Hard"]) == (100, 200)
    assert host["Tmpfs"] == {"/scratch": "size=1m"}
    assert (host["ExtraHosts"], host["Dns"]) == (["db:10.0.0.9"], ["10.0.0.1"])
    assert host["Sysctls"] == {"net.core.somaxconn": "512"}
    assert (host["ShmSize"], host["Init"], host["NanoCpus"]) == (32 * 1024 * 1024, True, 500_000_000)
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-size": "1m"}}
    assert (host["GroupAdd"], host["SecurityOpt"]) == (["100"], ["no-new-privileges"])
    assert outputs["name"] == name
    assert "exitCode" not in outputs


def test_a_refresh_of_an_untouched_container_shows_no_drift(plugin, engine, name):
    network, _, _ = made(plugin, NETWORK, {"name": name})
    identity, inputs, outputs = running(
        plugin,
        name,
        image=engine.images.get(IMAGE).id,
        envs=["A=1"],
        memory=64,
        cpus="1.5",
        hosts=[{"host": "db", "ip": "10.0.0.9"}],
        ports=[{"internal": 80}, {"internal": 53, "protocol": "udp", "ip": "127.0.0.1"}],
        capabilities={"drops": ["NET_RAW"]},
        healthcheck={"tests": ["CMD", "true"], "interval": "1m30s"},
        networksAdvanced=[{"name": network, "aliases": ["web"]}],
        ulimits=[{"name": "nofile", "soft": 100, "hard": 200}],
        tmpfs={"/scratch": ""},
        uploads=[{"file": "/etc/a", "content": "x"}],
        logOpts={"max-size": "1m"},
        restart="unless-stopped",
    )
    _, again, read = plugin.read(CONTAINER, identity, outputs, inputs)
    assert read == inputs
    assert not plugin.diff(CONTAINER, read, plugin.check(CONTAINER, inputs), olds=again).diffs


def test_ports_are_published_and_a_chosen_port_is_told(plugin, engine, name):
    _, _, outputs = running(plugin, name, ports=[{"internal": 80}, {"internal": 81, "ip": "127.0.0.1"}])
    published = engine.containers.get(name).attrs["NetworkSettings"]["Ports"]
    assert [(port["internal"], port["ip"]) for port in outputs["ports"]] == [(80, "0.0.0.0"), (81, "127.0.0.1")]
    assert [str(port["external"]) for port in outputs["ports"]] == [
        published[f"{number}/tcp"][0]["HostPort"] for number in (80, 81)
    ]


def test_a_container_is_on_its_networks_alone_with_its_aliases(plugin, engine, name):
    network, _, _ = made(plugin, NETWORK, {"name": name})
    _, _, outputs = running(plugin, name, networksAdvanced=[{"name": network, "aliases": ["web", "www"]}])
    networks = engine.containers.get(name).attrs["NetworkSettings"]["Networks"]
    assert list(networks) == [name]
    assert {"web", "www"} <= set(networks[name]["Aliases"])
    assert outputs["networkDatas"][0]["networkName"] == name
    assert outputs["networkDatas"][0]["ipAddress"] == networks[name]["IPAddress"]


def test_uploads_are_there_before_the_start_with_their_modes(plugin, name):
    script = "cat /etc/a; cat /etc/b; test -x /etc/b; echo $?; ls -ln /etc/c"
    _, _, outputs = run_to_end(
        plugin,
        name,
        script,
        uploads=[
            {"file": "/etc/a", "content": "text "},
            {"file": "/etc/b", "contentBase64": "Ynl0ZXMg", "executable": True},
            {"file": "/etc/c", "content": "x", "permissions": "0400", "owner": "1000", "group": "1001"},
        ],
    )
    words = outputs["containerLogs"].split()
    assert words[:3] == ["text", "bytes", "0"]
    assert words[3].startswith("-r--------")
    assert words[5:7] == ["1000", "1001"]


def test_mounts_and_volumes_hold_data_across_containers(plugin, name):
    made(plugin, VOLUME, {"name": name})
    mount = {"type": "volume", "source": name, "target": "/data"}
    run_to_end(plugin, f"{name}-1", "echo kept > /data/f", mounts=[mount])
    volume = {"volumeName": name, "containerPath": "/d", "readOnly": True}
    _, _, outputs = run_to_end(plugin, f"{name}-2", "cat /d/f; touch /d/g 2>/dev/null || echo ro", volumes=[volume])
    assert outputs["containerLogs"] == "kept\nro\n"


def test_an_attached_container_that_fails_counts_as_created_with_its_exit_code(plugin, name):
    _, _, outputs = run_to_end(plugin, name, "echo out; echo err >&2; exit 3")
    assert (outputs["exitCode"], outputs["mustRun"]) == (3, False)
    assert sorted(outputs["containerLogs"].split()) == ["err", "out"]


def test_a_container_is_waited_for_until_it_is_healthy(plugin, engine, name):
    check = {"tests": ["CMD", "test", "-e", "/tmp/ok"], "interval": "200ms", "timeout": "1s", "retries": 50}
    command = ["sh", "-c", "sleep 1; : > /tmp/ok; sleep 600"]
    running(plugin, name, command=command, healthcheck=check, wait=True)
    assert engine.containers.get(name).attrs["State"]["Health"]["Status"] == "healthy"


def test_a_container_that_never_gets_healthy_is_kept_tainted(plugin, engine, name):
    check = {"tests": ["CMD", "false"], "interval": "200ms", "retries": 1}
    inputs = {"healthcheck": check, "wait": True, "waitTimeout": 1, "envs": [Secret("A=1")]}
    error = refused(lambda: running(plugin, name, **inputs))
    identity, outputs, reasons = plugin.tainted(error)
    assert reasons == [f'container "{name}": container failed to be in healthy state']
    assert engine.containers.get(name).id == identity
    assert outputs["__standin"] == "docker tainted"
    assert outputs["envs"] == Secret(["A=1"])


def test_waiting_without_a_health_check_is_an_error(plugin, name):
    error = refused(lambda: running(plugin, name, wait=True))
    assert "the container does not have a healthcheck defined" in error.details()


def test_a_health_check_that_the_engine_spells_otherwise_differs_at_every_update(plugin, name):
    """The official plugin compares with what it has read (resourceDockerContainerRead in `_funcs.go`)."""
    for interval, expected in (("1m30s", []), ("90s", ["healthcheck.interval"])):
        check = {"tests": ["CMD", "true"], "interval": interval}
        _, inputs, outputs = running(plugin, f"{name}-{interval}", healthcheck=check)
        assert list(plugin.diff(CONTAINER, inputs, inputs, olds=outputs).diffs) == expected


def test_a_wait_ends_when_the_engine_cancels(plugin, name, in_background):
    check = {"tests": ["CMD", "false"], "interval": "1s"}
    waiting = in_background(lambda: running(plugin, name, healthcheck=check, wait=True, waitTimeout=600))
    with contextlib.suppress(TimeoutError):
        waiting.exception(timeout=3)
    plugin.stub.Cancel(empty_pb2.Empty())
    assert waiting.exception(timeout=5).details() == "x: cancelled"


def test_a_port_that_is_taken_leaves_a_tainted_container(plugin, engine, name):
    _, _, first = running(plugin, f"{name}-1", ports=[{"internal": 80}])
    taken = first["ports"][0]["external"]
    error = refused(lambda: running(plugin, f"{name}-2", ports=[{"internal": 80, "external": taken}]))
    assert "port is already allocated" in error.details()
    assert plugin.tainted(error)[0] == engine.containers.get(f"{name}-2").id


def test_a_name_that_is_taken_is_refused_with_the_name(plugin, name):
    running(plugin, name)
    error = refused(lambda: running(plugin, name))
    assert error.details().startswith(f'container "{name}": Conflict. The container name "/{name}" is already in use')


def test_memory_and_restart_are_changed_in_a_container_that_stays(plugin, engine, name):
    identity, inputs, outputs = running(plugin, name, memory=64)
    wanted = plugin.check(CONTAINER, {**inputs, "memory": 96, "restart": "always"}, olds=inputs)
    answer = plugin.diff(CONTAINER, inputs, wanted, olds=outputs)
    assert (sorted(answer.diffs), list(answer.replaces)) == (["memory", "restart"], [])
    after = plugin.update(CONTAINER, identity, outputs, wanted)
    host = engine.containers.get(identity).attrs["HostConfig"]
    assert (host["Memory"], host["RestartPolicy"]["Name"]) == (96 * 1024 * 1024, "always")
    assert (after["memory"], after["restart"]) == (96, "always")


def test_a_stopped_container_that_must_run_is_started_by_an_update(plugin, engine, name):
    identity, inputs, outputs = running(plugin, name)
    engine.containers.get(identity).stop(timeout=0)
    _, seen, read = plugin.read(CONTAINER, identity, outputs, inputs)
    assert seen["mustRun"] is False
    answer = plugin.diff(CONTAINER, read, inputs, olds=seen)
    assert (list(answer.diffs), list(answer.replaces)) == (["mustRun"], [])
    assert plugin.update(CONTAINER, identity, seen, inputs)["mustRun"] is True
    assert engine.containers.get(identity).status == "running"


def test_a_stopped_container_need_not_run_where_nobody_says_so(plugin, engine, name):
    identity, inputs, outputs = running(plugin, name, mustRun=False)
    engine.containers.get(identity).stop(timeout=0)
    _, seen, read = plugin.read(CONTAINER, identity, outputs, inputs)
    assert not plugin.diff(CONTAINER, read, inputs, olds=seen).diffs


def test_a_container_that_is_gone_is_gone_and_is_removed_all_the_same(plugin, engine, name):
    identity, inputs, outputs = running(plugin, name)
    engine.containers.get(identity).remove(force=True)
    assert plugin.read(CONTAINER, identity, outputs, inputs)[0] == ""
    plugin.delete(CONTAINER, identity, outputs)


def test_a_container_that_is_never_started_is_filled_all_the_same(plugin, engine, name):
    made(plugin, VOLUME, {"name": name})
    mount = {"type": "volume", "source": name, "target": "/files"}
    running(
        plugin, f"{name}-1", start=False, mustRun=False, mounts=[mount], uploads=[{"file": "/files/a", "content": "x"}]
    )
    assert engine.containers.get(f"{name}-1").status == "created"
    _, _, outputs = run_to_end(plugin, f"{name}-2", "cat /files/a", readOnly=True, mounts=[{**mount, "readOnly": True}])
    assert outputs["containerLogs"] == "x"


def test_many_containers_are_made_at_once(plugin, engine, name, in_background):
    works = [in_background(lambda number=number: running(plugin, f"{name}-{number}")) for number in range(8)]
    assert len({work.result(timeout=60)[0] for work in works}) == 8
    assert len(engine.containers.list(filters={"name": name})) == 8
