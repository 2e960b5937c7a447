"""Between the SDK's names and the Engine's, without an Engine: what is sent, what is read, where the Engine is."""

import base64
import io
import json
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standins.docker import container_spec, container_state, labels, rules, service_state, settings, ssh, uploads
from standins.docker.container_traits import TRAITS
from standins.docker.engine import DEFAULT_HOST, address
from standins.docker.registries import DOCKER_HUB, Registries, registry
from standins.docker.remote_image import repo_digest
from standins.resource import StandinError
from standins.traits import fill

# properties that the plugin acts on itself, or that the body has under a rule of their own
BY_THE_PLUGIN = {
    *("attach", "containerReadRefreshTimeoutMilliseconds", "destroyGraceSeconds", "logs", "mustRun", "name"),
    *("networksAdvanced", "platform", "removeVolumes", "start", "uploads", "wait", "waitTimeout"),
}
SAMPLES = {
    "capabilities": {"adds": ["A"], "drops": ["B"]},
    "command": ["a"],
    "cpuPeriod": 1,
    "cpuQuota": 1,
    "cpuShares": 1,
    "cpus": "1.5",
    "deviceReadBps": [{"path": "/dev/a", "rate": 1}],
    "deviceReadIops": [{"path": "/dev/a", "rate": 1}],
    "deviceRequests": [{"deviceIds": ["a"]}],
    "deviceWriteBps": [{"path": "/dev/a", "rate": 1}],
    "deviceWriteIops": [{"path": "/dev/a", "rate": 1}],
    "devices": [{"hostPath": "/dev/a"}],
    "entrypoints": ["a"],
    "envs": ["A=1"],
    "gpus": "all",
    "healthcheck": {"tests": ["CMD", "a"]},
    "hosts": [{"host": "a", "ip": "1.2.3.4"}],
    "init": True,
    "labels": [{"label": "a", "value": "b"}],
    "logOpts": {"a": "b"},
    "maxRetryCount": 1,
    "memory": 1,
    "memoryReservation": 1,
    "memorySwap": 1,
    "mounts": [{"type": "bind", "source": "/a", "target": "/b"}],
    "ports": [{"internal": 80}],
    "shmSize": 1,
    "stopTimeout": 1,
    "storageOpts": {"a": "b"},
    "sysctls": {"a": "b"},
    "tmpfs": {"/a": ""},
    "ulimits": [{"name": "a", "soft": 1, "hard": 2}],
    "volumes": [{"containerPath": "/a", "volumeName": "b"}],
}
SAMPLES |= {key: ["a"] for key in ("deviceCgroupRules", "dns", "dnsOpts", "dnsSearches", "groupAdds", "securityOpts")}
SAMPLES |= dict.fromkeys(("privileged", "publishAllPorts", "readOnly", "rm", "stdinOpen", "tty"), True)


def body(**inputs):
    return container_spec.body(fill(TRAITS, {"image": "x", **inputs}))


@pytest.mark.parametrize("name", sorted(set(TRAITS) - BY_THE_PLUGIN - {"image"}))
def test_every_property_changes_what_is_sent(name):
    """So none is taken and dropped without a word."""
    assert body(**{name: SAMPLES.get(name, "on-failure")}) != body()


@pytest.mark.parametrize(
    ("inputs", "place", "expected"),
    [
        ({"memory": 64}, "Memory", 64 * 1024 * 1024),
        ({"memorySwap": -1}, "MemorySwap", -1),
        ({"cpus": "0.1"}, "NanoCpus", 100_000_000),
        ({"init": False}, "Init", False),
        ({}, "Init", False),
        ({}, "NetworkMode", "bridge"),
        ({"gpus": "device=0,2"}, "DeviceRequests", [{"DeviceIDs": ["0", "2"], "Capabilities": [["gpu"]]}]),
        (
            {"devices": [{"hostPath": "/dev/a"}]},
            "Devices",
            [{"PathOnHost": "/dev/a", "PathInContainer": "/dev/a", "CgroupPermissions": "rwm"}],
        ),
        (
            {"ports": [{"internal": 80, "external": 8080}, {"internal": 80, "ip": "127.0.0.1", "protocol": "udp"}]},
            "PortBindings",
            {
                "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}],
                "80/udp": [{"HostIp": "127.0.0.1", "HostPort": ""}],
            },
        ),
        ({"volumes": [{"containerPath": "/a", "hostPath": "/b", "volumeName": "c"}]}, "Binds", ["/b:/a:rw"]),
        (
            {"volumes": [{"containerPath": "/a", "volumeName": "c", "readOnly": True, "selinuxRelabel": "z"}]},
            "Binds",
            ["c:/a:ro,z"],
        ),
        ({"volumes": [{"fromContainer": "other"}]}, "VolumesFrom", ["other"]),
        ({"securityOpts": ["systempaths=unconfined", "a"]}, "SecurityOpt", ["a"]),
        ({"securityOpts": ["systempaths=unconfined"]}, "MaskedPaths", []),
        (
            {"mounts": [{"type": "volume", "source": "v", "target": "/a", "volumeOptions": {"subpath": "s"}}]},
            "Mounts",
            [
                {
                    "Type": "volume",
                    "Source": "v",
                    "Target": "/a",
                    "ReadOnly": False,
                    "VolumeOptions": {
                        "NoCopy": False,
                        "Labels": {},
                        "DriverConfig": {"Name": "", "Options": {}},
                        "Subpath": "s",
                    },
                }
            ],
        ),
        (
            {"mounts": [{"type": "tmpfs", "target": "/a", "tmpfsOptions": {"sizeBytes": 5, "mode": 0o700}}]},
            "Mounts",
            [
                {
                    "Type": "tmpfs",
                    "Source": "",
                    "Target": "/a",
                    "ReadOnly": False,
                    "TmpfsOptions": {"SizeBytes": 5, "Mode": 0o700},
                }
            ],
        ),
    ],
)
def test_a_property_becomes_the_engines_own(inputs, place, expected):
    assert body(**inputs)["HostConfig"][place] == expected


def test_cpus_has_precedence_over_period_and_quota():
    host = body(cpus="1", cpuPeriod=1000, cpuQuota=500)["HostConfig"]
    assert "CpuPeriod" not in host
    assert "CpuQuota" not in host


def test_a_health_check_is_sent_in_nanoseconds():
    check = {"tests": ["CMD", "a"], "interval": "1m30s", "timeout": "200ms", "retries": 3}
    assert body(healthcheck=check)["Healthcheck"] == {
        "Test": ["CMD", "a"],
        "Interval": 90 * 10**9,
        "Timeout": 2 * 10**8,
        "StartPeriod": 0,
        "StartInterval": 0,
        "Retries": 3,
    }


def test_an_update_sends_what_the_engine_can_change_and_no_more():
    sent = container_spec.update_body(fill(TRAITS, {"image": "x", "memory": 64, "restart": "always", "tty": True}))
    assert sent == {"Memory": 64 * 1024 * 1024, "RestartPolicy": {"Name": "always", "MaximumRetryCount": 0}}


def test_an_endpoint_has_its_aliases_addresses_and_options():
    sent = container_spec.endpoint(
        {"name": "n", "aliases": ["a"], "ipv4Address": "10.0.0.2", "driverOpts": ["a=b", "none"], "gwPriority": 1}
    )
    assert sent == {
        "Aliases": ["a"],
        "IPAMConfig": {"IPv4Address": "10.0.0.2", "IPv6Address": "", "LinkLocalIPs": []},
        "MacAddress": "",
        "DriverOpts": {"a": "b"},
        "GwPriority": 1,
    }


def test_chosen_ports_are_read_in_the_order_they_were_asked_for():
    """`ports` of the state is what a program's `container.ports[0]` reads."""
    asked = [{"internal": 90, "ip": "0.0.0.0", "protocol": "tcp"}, {"internal": 80, "ip": "0.0.0.0", "protocol": "tcp"}]
    ports = {
        "80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "1080"}, {"HostIp": "::", "HostPort": "1080"}],
        "90/tcp": [{"HostIp": "0.0.0.0", "HostPort": "1090"}],
        "70/tcp": None,
    }
    read = container_state._ports(ports, asked)
    assert [(port["internal"], port["external"], port["ip"]) for port in read] == [
        (90, 1090, "0.0.0.0"),
        (80, 1080, "0.0.0.0"),
        (80, 1080, "::"),
    ]


@given(st.integers(0, 10**15))
def test_a_duration_is_read_back_as_it_was_sent(number):
    assert rules.nanoseconds(rules.go_duration(number)) == pytest.approx(number, rel=1e-5)


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0s"), (9 * 10**10, "1m30s"), (15 * 10**8, "1.5s"), (2 * 10**8, "200ms"), (3600 * 10**9, "1h0m0s")],
)
def test_a_duration_is_written_as_go_does(number, text):
    assert rules.go_duration(number) == text


@pytest.mark.parametrize("text", ["", "5", "1x", "1m 5s", "s"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        rules.nanoseconds(text)


def test_labels_are_a_list_there_and_a_map_here():
    assert labels.to_sdk({"b": "2", "a": "1"}) == [{"label": "a", "value": "1"}, {"label": "b", "value": "2"}]
    assert labels.to_engine(labels.to_sdk({"b": "2", "a": "1"})) == {"a": "1", "b": "2"}


def test_an_upload_is_a_file_with_its_mode_and_owner():
    content = uploads.archive({"file": "/etc/a", "content": "é", "executable": True, "owner": "5", "group": "root"})
    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        (entry,) = tar.getmembers()
        assert (entry.name, entry.mode, entry.uid, entry.gid) == ("etc/a", 0o744, 5, 0)
        assert tar.extractfile(entry).read() == "é".encode()


def test_an_upload_whose_source_is_missing_says_which(tmp_path):
    missing = tmp_path / "none"
    with pytest.raises(StandinError) as caught:
        uploads.archive({"file": "/etc/a", "source": str(missing)})
    assert str(caught.value) == f"/etc/a: cannot read its source {missing} (No such file or directory)"


def test_an_upload_whose_owner_nobody_knows_says_so():
    with pytest.raises(StandinError) as caught:
        uploads.archive({"file": "/etc/a", "content": "x", "owner": "no-such-user"})
    assert str(caught.value) == "/etc/a: owner 'no-such-user' is not known on this machine; give its number"


@pytest.mark.parametrize(
    ("name", "digests", "expected"),
    [
        ("a/b:1", ["a/b@sha256:1", "c@sha256:2"], "a/b@sha256:1"),
        ("host:5000/a", ["host:5000/a@sha256:1"], "host:5000/a@sha256:1"),
        ("a", ["b@sha256:1"], "b@sha256:1"),
        ("a", ["b@sha256:1", "c@sha256:1"], ""),
        ("a", [], ""),
    ],
)
def test_the_digest_of_an_image_is_that_of_its_repository(name, digests, expected):
    assert repo_digest(name, digests) == expected


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("redis", DOCKER_HUB),
        ("library/redis:7", DOCKER_HUB),
        ("ghcr.io/a/b", "ghcr.io"),
        ("localhost/a", "localhost"),
        ("localhost:5000/a", "localhost:5000"),
    ],
)
def test_the_registry_is_the_first_part_of_a_name_where_that_is_a_host(image, expected):
    assert registry(image) == expected


def sent(registries, image):
    return json.loads(base64.urlsafe_b64decode(registries.header(image)["X-Registry-Auth"]))


def test_a_pull_carries_the_login_of_its_registry_alone():
    found = Registries.read([{"address": "https://ghcr.io", "username": "u", "password": "p"}], {})
    assert sent(found, "ghcr.io/a") == {"username": "u", "password": "p", "serveraddress": "ghcr.io"}
    assert sent(found, "quay.io/a") == {}


def test_a_login_is_read_from_dockers_configuration(tmp_path):
    auth = base64.b64encode(b"u:p:q").decode()
    (tmp_path / "config.json").write_text(json.dumps({"auths": {"ghcr.io": {"auth": auth}}}))
    found = Registries.read([{"address": "ghcr.io"}], {"DOCKER_CONFIG": str(tmp_path)})
    assert found.logins == {"ghcr.io": ("u", "p:q")}


def test_a_registry_without_a_login_says_what_to_do(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(StandinError) as caught:
        Registries.read([{"address": "ghcr.io"}], {"DOCKER_CONFIG": str(tmp_path)})
    assert str(caught.value) == (
        f"docker:registryAuth: {tmp_path}/config.json has no login for ghcr.io; run `docker login ghcr.io`"
    )


@pytest.mark.parametrize(
    ("given_host", "environment", "expected"),
    [
        ("tcp://a:1", {"DOCKER_HOST": "tcp://b:1"}, "tcp://a:1"),
        (None, {"DOCKER_HOST": "tcp://b:1"}, "tcp://b:1"),
        (None, {}, DEFAULT_HOST),
    ],
)
def test_the_engine_is_where_the_settings_then_the_environment_say(given_host, environment, expected):
    assert address({"host": given_host}, environment) == expected


def test_a_context_that_is_not_there_says_so():
    with pytest.raises(StandinError) as caught:
        address({"context": "no-such-context"}, {})
    assert str(caught.value) == "docker:context: there is no Docker context 'no-such-context'; see `docker context ls`"


@pytest.mark.parametrize(
    ("given_settings", "expected"),
    [
        ({"host": "unix:///a"}, []),
        ({"host": "/a"}, [("host", "'/a' has no scheme; write unix:///path, tcp://host:port or ssh://user@host")]),
        ({"certMaterial": "a"}, [("certMaterial", "certMaterial and keyMaterial must be specified together")]),
        (
            {"certMaterial": "a", "keyMaterial": "b", "certPath": "c"},
            [("certPath", "must not be specified beside certMaterial")],
        ),
    ],
)
def test_settings_that_cannot_be_are_refused(given_settings, expected):
    assert list(settings.wrong(given_settings)) == expected


@pytest.mark.parametrize(
    ("url", "options", "expected"),
    [
        ("ssh://h", [], "ssh -o ConnectTimeout=30 -T -- h docker system dial-stdio"),
        ("ssh://u@h:22", ["-i", "k"], "ssh -o ConnectTimeout=30 -T -i k -l u -p 22 -- h docker system dial-stdio"),
        ("ssh://h/s", [], "ssh -o ConnectTimeout=30 -T -- h docker --host unix:///s system dial-stdio"),
    ],
)
def test_a_host_behind_ssh_is_reached_by_this_command(url, options, expected):
    assert " ".join(ssh.command(url, options)) == expected


def test_an_ssh_url_without_a_host_is_refused():
    with pytest.raises(StandinError) as caught:
        ssh.command("ssh://", [])
    assert str(caught.value) == ("docker:host: 'ssh://' is no ssh host; write ssh://user@host:port, without a password")


def test_a_grace_of_no_time_is_read_back_as_the_plugin_reads_it() -> None:
    """`flattenContainerSpec` of `resource_docker_service_structures.go`: there, not empty, is what counts."""
    spec = {"Image": "web", "StopGracePeriod": 0}
    found = {"Spec": {"Name": "web", "Mode": {}, "EndpointSpec": {}, "TaskTemplate": {"ContainerSpec": spec}}}
    assert service_state.outputs(found)["taskSpec"]["containerSpec"]["stopGracePeriod"] == "0s"
