"""The docker stand-in against a real Swarm of one node, called as the engine of Pulumi calls it."""

import base64
import contextlib
import subprocess
import threading
import time

import grpc
import pytest
from conformance.swarm_nodes import swarm

pytestmark = pytest.mark.engine

IMAGE = "debian:bookworm-slim"
SERVICE = "docker:index/service:Service"
SECRET = "docker:index/secret:Secret"
CONFIG = "docker:index/serviceConfig:ServiceConfig"
NETWORK = "docker:index/network:Network"
SOON = {"delay": "0s", "timeout": "20s"}


@pytest.fixture(scope="module")
def node():
    with swarm(1) as nodes, contextlib.closing(nodes.manager.client()) as client:
        client.images.load(subprocess.run(["docker", "save", IMAGE], check=True, capture_output=True).stdout)
        yield nodes.manager


@pytest.fixture(scope="module")
def engine(node):
    with contextlib.closing(node.client()) as client:
        yield client


@pytest.fixture
def plugin(docker_plugin, node, engine):
    docker_plugin.configure(host=node.host)
    yield docker_plugin
    for service in engine.services.list():
        service.remove()


def spec(container=None, task=None, **inputs):
    """A service of one task that sleeps and ends at once."""
    inside = {"image": IMAGE, "commands": ["sleep", "600"], "init": True, "stopGracePeriod": "1s", **(container or {})}
    given = {"taskSpec": {"containerSpec": inside, **(task or {})}, "endpointSpec": {"mode": "dnsrr"}, **inputs}
    return {"name": "web", "convergeConfig": SOON, **given}


def made(plugin, token, inputs, name="x"):
    """Checked and created: identity, inputs, outputs."""
    checked = plugin.check(token, inputs, name=name)
    identity, outputs = plugin.create(token, checked)
    return identity, checked, outputs


def refused(work):
    with pytest.raises(grpc.RpcError) as caught:
        work()
    return caught.value


EVERYTHING = {
    "args": ["infinity"],
    "commands": ["sleep"],
    "env": {"A": "b=c", "B": ""},
    "dir": "/tmp",
    "user": "7:9",
    "groups": ["11"],
    "hostname": "{{.Node.Hostname}}-{{.Task.Slot}}",
    "labels": [{"label": "a", "value": "b"}],
    "hosts": [{"host": "h", "ip": "192.0.2.7"}],
    "dnsConfig": {"nameservers": ["192.0.2.1"], "searches": ["x"], "options": ["ndots:3"]},
    "sysctl": {"net.ipv4.ip_unprivileged_port_start": "0"},
    "healthcheck": {"tests": ["CMD", "true"], "interval": "500ms", "timeout": "1m30s", "retries": 3},
    "stopSignal": "SIGINT",
    "stopGracePeriod": "1m",
    "capAdds": ["CAP_SYS_TIME"],
    "capDrops": ["CAP_MKNOD"],
    "readOnly": True,
    "mounts": [
        {"type": "tmpfs", "target": "/t", "tmpfsOptions": {"sizeBytes": 1_000_000, "mode": 0o700}},
        {"type": "bind", "target": "/etc/issue", "source": "/etc/issue", "readOnly": True, "bindOptions": {}},
        {
            "type": "volume",
            "target": "/v",
            "source": "everything",
            "volumeOptions": {"noCopy": True, "driverName": "local", "labels": [{"label": "a", "value": "b"}]},
        },
    ],
}
EVERY_TASK = {
    "forceUpdate": 3,
    "runtime": "container",
    "logDriver": {"name": "json-file", "options": {"max-size": "1m"}},
    "placement": {"constraints": ["node.platform.os==linux"], "prefs": ["spread=node.labels.zone"], "maxReplicas": 4},
    "resources": {
        "limits": {"nanoCpus": 500_000_000, "memoryBytes": 100_000_000},
        "reservation": {"memoryBytes": 8_000_000},
    },
    "restartPolicy": {"condition": "on-failure", "delay": "1s", "maxAttempts": 2, "window": "1m"},
}


def test_a_service_with_everything_is_made_and_read_back_without_a_difference(plugin, engine):
    network = made(plugin, NETWORK, {"name": "everything", "driver": "overlay"})
    secret = made(plugin, SECRET, {"data": "aGk=", "labels": [{"label": "a", "value": "b"}]})
    config = made(plugin, CONFIG, {"dataRaw": "hello"})
    reference = {"fileName": "/etc/it", "fileUid": "7", "fileGid": "9", "fileMode": 0o440}
    container = {
        **EVERYTHING,
        "secrets": [{"secretId": secret[0], "secretName": secret[1]["name"], **reference, "fileName": "pw"}],
        "configs": [{"configId": config[0], "configName": config[1]["name"], **reference}],
    }
    update = {"parallelism": 2, "delay": "1s", "failureAction": "rollback", "monitor": "2s", "maxFailureRatio": "0.5"}
    identity, inputs, outputs = made(
        plugin,
        SERVICE,
        spec(
            container,
            {**EVERY_TASK, "networksAdvanceds": [{"id": network[0], "aliases": ["a", "b"]}]},
            labels=[{"label": "c", "value": "d"}],
            mode={"replicated": {"replicas": 1}},
            updateConfig={**update, "order": "start-first"},
            rollbackConfig={"order": "start-first"},
            endpointSpec={
                "mode": "dnsrr",
                "ports": [{"targetPort": 80, "publishedPort": 28081, "publishMode": "host"}],
            },
        ),
    )
    assert not plugin.diff(SERVICE, inputs, inputs, olds=outputs).diffs
    _, seen, again = plugin.read(SERVICE, identity, outputs, inputs)
    assert again == inputs
    assert not plugin.diff(SERVICE, again, inputs, olds=seen).diffs
    (task,) = engine.api.tasks({"service": identity, "desired-state": "running"})
    running = engine.containers.get(task["Status"]["ContainerStatus"]["ContainerID"])
    script = (
        "stat -Lc '%a %u %g' /run/secrets/pw /etc/it; cat /run/secrets/pw /etc/it; hostname; id -u; id -G; echo $A; pwd"
    )
    said = running.exec_run(["sh", "-c", script]).output.decode().splitlines()
    assert said[:3] == ["440 7 9", "440 7 9", "hihellonode-1-1"]
    assert said[3:] == ["7", "9 11", "b=c", "/tmp"]
    plugin.delete(SERVICE, identity, outputs)
    for token, (made_identity, _, made_outputs) in ((SECRET, secret), (CONFIG, config), (NETWORK, network)):
        plugin.delete(token, made_identity, made_outputs)
        plugin.delete(token, made_identity, made_outputs)


@pytest.mark.parametrize(
    ("container", "task", "path"),
    [
        ({"stopGracePeriod": "60s"}, {}, "taskSpec.containerSpec.stopGracePeriod"),
        ({}, {"restartPolicy": {"condition": "any", "delay": "1s"}}, "taskSpec.restartPolicy.window"),
    ],
)
def test_a_value_that_the_swarm_spells_otherwise_differs_at_every_update(plugin, container, task, path):
    """The official plugin compares with what it has read (resourceDockerServiceRead in `_funcs.go`)."""
    _, inputs, outputs = made(plugin, SERVICE, spec(container, task))
    assert list(plugin.diff(SERVICE, inputs, inputs, olds=outputs).diffs) == [path]


def test_a_service_is_rolled_and_scaled_in_place(plugin, engine):
    identity, inputs, outputs = made(plugin, SERVICE, spec({"env": {"V": "1"}}))
    for wanted in (spec({"env": {"V": "2"}}), spec({"env": {"V": "2"}}, mode={"replicated": {"replicas": 3}})):
        news = plugin.check(SERVICE, wanted, olds=inputs)
        difference = plugin.diff(SERVICE, inputs, news, olds=outputs)
        assert difference.diffs
        assert not difference.replaces
        outputs, inputs = plugin.update(SERVICE, identity, outputs, news), news
    tasks = engine.api.tasks({"service": identity, "desired-state": "running"})
    assert [task["Spec"]["ContainerSpec"]["Env"] for task in tasks] == [["V=2"]] * 3


@pytest.mark.parametrize(
    ("action", "words"), [("rollback", "service rollback completed: "), ("pause", "service update paused: ")]
)
def test_an_update_that_fails_is_told_and_can_be_tried_again(plugin, engine, action, words):
    update = {"failureAction": action, "monitor": "1s"}
    rollback = {"monitor": "1s"}
    good = spec({"env": {"V": "1"}}, updateConfig=update, rollbackConfig=rollback)
    identity, inputs, outputs = made(plugin, SERVICE, good)
    broken = plugin.check(
        SERVICE, spec({"commands": ["false"]}, updateConfig=update, rollbackConfig=rollback), olds=inputs
    )
    error = refused(lambda: plugin.update(SERVICE, identity, outputs, broken))
    found, outputs, (reason,) = plugin.tainted(error)
    assert found == identity
    assert reason.startswith(f'service "web": {words}')
    mended = plugin.check(SERVICE, good, olds=broken)
    outputs = plugin.update(SERVICE, identity, outputs, mended)
    assert not plugin.diff(SERVICE, mended, mended, olds=outputs).diffs


def test_a_new_service_that_does_not_converge_is_removed_and_its_log_told(plugin, engine):
    """With a health check: one that ends at once is `running` for a moment, and that is enough, there as here."""
    check = {"tests": ["CMD", "true"], "interval": "10s"}
    broken = {"commands": ["sh", "-c", "echo no database; exit 3"], "healthcheck": check}
    given = spec(broken, convergeConfig={"delay": "0s", "timeout": "4s"})
    said = refused(lambda: made(plugin, SERVICE, given)).details()
    assert said.startswith('service "web": Service with ID (')
    assert "did not converge after 4s\n\nLast task logs:\nno database\n" in said
    assert not engine.services.list()


def test_a_cancelled_creation_leaves_no_service(plugin, engine, in_background):
    given = plugin.check(SERVICE, spec(task={"placement": {"constraints": ["node.labels.none == here"]}}))
    creating = in_background(lambda: plugin.create(SERVICE, given))
    end = time.monotonic() + 20
    while not engine.services.list() and time.monotonic() < end:
        time.sleep(0.05)
    plugin.provider.cancelled.set()
    assert "cancelled" in refused(lambda: creating.result(30)).details()
    assert not engine.services.list()


def test_a_name_that_is_taken_is_refused_by_name(plugin):
    made(plugin, SERVICE, spec())
    said = refused(lambda: made(plugin, SERVICE, spec())).details()
    assert said.startswith('service "web": rpc error: code = AlreadyExists')


def test_a_change_of_the_mode_is_tried_in_place_and_refused_by_the_swarm(plugin):
    identity, inputs, outputs = made(plugin, SERVICE, spec())
    given = {key: value for key, value in spec(mode={"global": True}).items() if key != "convergeConfig"}
    news = plugin.check(SERVICE, given, olds=inputs)
    assert not plugin.diff(SERVICE, inputs, news, olds=outputs).replaces
    said = refused(lambda: plugin.update(SERVICE, identity, outputs, news)).details()
    assert "service mode change is not allowed" in said


def test_a_service_is_imported_by_its_id_and_followed_by_its_name(plugin, engine):
    identity, inputs, outputs = made(plugin, SERVICE, spec())
    found, _, imported = plugin.read(SERVICE, identity)
    assert (found, imported["name"]) == (identity, "web")
    assert imported["taskSpec"]["containerSpec"]["commands"] == ["sleep", "600"]
    engine.services.get(identity).remove()
    new, _, _ = made(plugin, SERVICE, spec())
    assert plugin.read(SERVICE, identity, outputs, inputs)[0] == new
    plugin.delete(SERVICE, new, outputs)
    assert plugin.read(SERVICE, identity, outputs, inputs) == ("", {}, {})


def test_drift_is_seen_at_a_refresh(plugin, engine):
    identity, inputs, outputs = made(plugin, SERVICE, spec(mode={"replicated": {"replicas": 1}}))
    engine.services.get(identity).scale(2)
    _, seen, now = plugin.read(SERVICE, identity, outputs, inputs)
    assert now == {**inputs, "mode": {"replicated": {"replicas": 2}}}
    assert list(plugin.diff(SERVICE, now, inputs, olds=seen).diffs) == ["mode.replicated.replicas"]


def test_a_secret_in_use_is_refused_and_one_that_is_gone_is_gone(plugin):
    secret, inputs, outputs = made(plugin, SECRET, {"data": base64.b64encode(b"x").decode()}, name="pw")
    assert inputs["name"].startswith("pw-")
    reference = {"secretId": secret, "secretName": inputs["name"], "fileName": "pw"}
    identity, _, made_outputs = made(plugin, SERVICE, spec({"secrets": [reference]}))
    said = refused(lambda: plugin.delete(SECRET, secret, outputs)).details()
    assert said.endswith(f"secret '{inputs['name']}' is in use by the following service: web")
    plugin.delete(SERVICE, identity, made_outputs)
    plugin.delete(SECRET, secret, outputs)
    assert plugin.read(SECRET, secret, outputs, inputs) == ("", {}, {})


def test_a_changed_secret_or_config_is_made_before_the_old_one_goes_when_its_name_is_generated(plugin):
    """pulumi/pulumi-terraform-bridge: a name of the program's own has to be free first."""
    for token, key, values in ((SECRET, "data", ("eA==", "eQ==")), (CONFIG, "dataRaw", ("x", "y"))):
        for name, first in (({}, False), ({"name": "own"}, True)):
            old = plugin.check(token, {key: values[0], **name}, randomSeed=b"1")
            new = plugin.check(token, {key: values[1], **name}, olds=old)
            difference = plugin.diff(token, old, new)
            assert list(difference.replaces) == [key]
            assert difference.deleteBeforeReplace == first


def test_an_overlay_network_is_read_when_the_swarm_has_allocated_it(plugin):
    identity, _, outputs = made(plugin, NETWORK, {"name": "over", "driver": "overlay", "attachable": True})
    assert (outputs["driver"], outputs["scope"], outputs["attachable"]) == ("overlay", "swarm", True)
    assert outputs["ipamConfigs"]
    plugin.delete(NETWORK, identity, outputs)


def test_many_services_are_waited_for_at_once(plugin, engine):
    given = [plugin.check(SERVICE, {**spec(), "name": f"web-{number}"}) for number in range(10)]
    threads = [threading.Thread(target=plugin.create, args=(SERVICE, each)) for each in given]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(engine.services.list()) == 10
