"""The template of a service's pods, and its containers. That they run: tests/conformance."""

from typing import Any

import pytest
from apps import HEALTHY, app, service
from scopes import scope

from components.access import ImageReference, KubernetesAccess, Registry
from components.model import (
    Dependency,
    FileGrant,
    FileObject,
    Hook,
    Network,
    Opaque,
    Parts,
    Port,
    PreStart,
    Seconds,
    Service,
)
from components.targets.kubernetes import containers, pods
from components.targets.kubernetes.given import Given, Scope

PORTS = (Port(target=8000),)


def template(web: Service, *others: Service, ends: bool = False, **given: Any) -> dict[str, Any]:
    return pods.template(scope(app(web, *others, **given)), web, ends=ends)


def spec(web: Service, *others: Service, **given: Any) -> dict[str, Any]:
    return dict(template(web, *others, **given)["spec"])


def container(web: Service, **given: Any) -> dict[str, Any]:
    [found] = spec(web, **given)["containers"]
    return dict(found)


def test_a_pod_of_a_bare_service() -> None:
    assert template(service("web")) == {
        "metadata": {
            "labels": {
                "app.kubernetes.io/name": "web",
                "app.kubernetes.io/instance": "shop",
                "app.kubernetes.io/part-of": "shop",
                "app.kubernetes.io/managed-by": "slipway",
                "slipway.dev/network.default": "true",
            }
        },
        "spec": {
            "serviceAccountName": "shop",
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
            "terminationGracePeriodSeconds": 10,
            "containers": [
                {"name": "web", "image": "web:1", "securityContext": {"allowPrivilegeEscalation": False}},
            ],
        },
    }


def test_the_process_is_what_the_file_says() -> None:
    found = container(
        service("web", entrypoint=("sh", "-c"), command=("echo $(A)",), working_dir="/srv", stdin_open=True, tty=True)
    )
    assert (found["command"], found["args"], found["workingDir"]) == (["sh", "-c"], ["echo $$(A)"], "/srv")
    assert (found["stdin"], found["tty"]) == (True, True)


@pytest.mark.parametrize(
    ("policy", "meant"),
    [("always", "Always"), ("missing", "IfNotPresent"), ("never", "Never"), ("build", "IfNotPresent"), (None, None)],
)
def test_when_an_image_is_pulled(policy: str | None, meant: str | None) -> None:
    assert container(service("web", pull_policy=policy)).get("imagePullPolicy") == meant


def test_what_was_built_runs_by_digest_and_is_pulled_with_credentials() -> None:
    registry = Registry(prefix="registry.example.com", username="u", password="p")
    web = service("web")
    images = {"web": ImageReference(name="registry.example.com/web", digest="sha256:1")}
    found = pods.template(Scope(app(web), images, Given(access=KubernetesAccess(), registry=registry)), web)["spec"]
    image = Parts(["registry.example.com/web", "@", Opaque("sha256:1", secret=False)])
    assert found["containers"][0]["image"] == image
    assert found["imagePullSecrets"] == [{"name": "shop-registry"}]


def test_labels_and_annotations_are_annotations_where_they_can() -> None:
    web = service("web", labels={"team": "a", "no name": "b"}, annotations={"team": "c", "example.com/x": "d"})
    assert template(web)["metadata"]["annotations"] == {"team": "c", "example.com/x": "d"}


# --- the end ---------------------------------------------------------------------------------------------------------


def test_who_listens_goes_on_serving_until_every_node_knows() -> None:
    web = service("web", ports=PORTS, stop_grace_period=Seconds(1.5))
    assert container(web)["lifecycle"] == {"preStop": {"sleep": {"seconds": 5}}}
    assert spec(web)["terminationGracePeriodSeconds"] == 7


def test_who_does_not_listen_is_stopped_at_once() -> None:
    assert "lifecycle" not in container(service("web"))


@pytest.mark.parametrize(
    ("hooks", "command"),
    [
        ((Hook(command=("a", "b c")),), ["a", "b c"]),
        ((Hook(command=("a",), environment={"K": "v w", "N": None}),), ["env", "K=v w", "a"]),
        ((Hook(command=("a",), working_dir="/x y"),), ["/bin/sh", "-c", "(cd '/x y' && a)"]),
        ((Hook(command=("a",)), Hook(command=("b", "c d"))), ["/bin/sh", "-c", "a && b 'c d'"]),
    ],
)
def test_hooks_run_in_the_container(hooks: tuple[Hook, ...], command: list[str]) -> None:
    found = container(service("web", post_start=hooks, pre_stop=hooks))["lifecycle"]
    assert found == {"postStart": {"exec": {"command": command}}, "preStop": {"exec": {"command": command}}}


def test_a_hook_before_the_stop_runs_when_no_request_comes_any_more() -> None:
    web = service("web", ports=PORTS, pre_stop=(Hook(command=("bye",)),))
    assert container(web)["lifecycle"]["preStop"] == {"exec": {"command": ["/bin/sh", "-c", "sleep 5 && bye"]}}


# --- several containers ----------------------------------------------------------------------------------------------


def test_a_service_in_another_s_network_is_a_container_of_its_pods() -> None:
    web = service("web", stop_grace_period=Seconds(3), networks={"front": None})
    beside = service(
        "be_side", network_mode="service:web", networks={"back": None}, stop_grace_period=Seconds(20), init=True
    )
    found = template(web, beside, networks={"front": Network(), "back": Network()})
    assert [each["name"] for each in found["spec"]["containers"]] == ["web", "be-side"]
    assert found["spec"]["terminationGracePeriodSeconds"] == 20
    assert found["spec"]["shareProcessNamespace"] is True
    assert {"slipway.dev/network.front", "slipway.dev/network.back"} <= set(found["metadata"]["labels"])


def test_beside_a_run_that_ends_the_others_end_with_it() -> None:
    beside = service("beside", network_mode="service:web")
    found = template(service("web"), beside, ends=True)["spec"]
    assert found["restartPolicy"] == "Never"
    assert [each["name"] for each in found["containers"]] == ["web"]
    assert [(each["name"], each["restartPolicy"]) for each in found["initContainers"]] == [("beside", "Always")]


def test_steps_run_one_after_the_other_when_the_dependencies_are_there() -> None:
    steps = (
        PreStart(command=("migrate",), environment={"A": "1"}, user="5"),
        PreStart(image="other:2", secrets=(FileGrant(source="key"),), read_only=True),
    )
    web = service("web", pre_start=steps, depends_on={"db": Dependency(condition="service_healthy")})
    found = spec(web, service("db", healthcheck=HEALTHY), secrets={"key": FileObject(environment="K")})
    waiting, first, second = found["initContainers"]
    assert waiting["name"] == "wait-for-db"
    assert first == {
        "name": "pre-start-1",
        "image": "web:1",
        "args": ["migrate"],
        "env": [{"name": "A", "value": "1"}],
        "securityContext": {"allowPrivilegeEscalation": False, "runAsUser": 5},
    }
    assert (second["name"], second["image"]) == ("pre-start-2", "other:2")
    assert [each["mountPath"] for each in second["volumeMounts"]] == ["/run/secrets/key"]
    assert second["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True}


def test_a_step_with_the_service_s_image_runs_what_was_built() -> None:
    web = service("web", pre_start=(PreStart(image="web:1"),))
    built = ImageReference(name="registry/web", digest="sha256:1")
    found = containers.steps(Scope(app(web), {"web": built}, Given()), web)
    assert found[0]["image"] == built.text


# --- namespaces and names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ({"network_mode": "host"}, {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}),
        ({"pid": "host", "init": True}, {"hostPID": True}),
        ({"ipc": "host"}, {"hostIPC": True}),
        ({"init": True}, {"shareProcessNamespace": True}),
        ({"runtime": "gvisor"}, {"runtimeClassName": "gvisor"}),
        ({"runtime": "runc"}, {}),
        ({"hostname": "shop-1"}, {"hostname": "shop-1"}),
        ({"hostname": "shop.example.com"}, {}),
        (
            {"extra_hosts": {"a": ("10.0.0.1",), "b": ("10.0.0.1", "::1")}},
            {"hostAliases": [{"ip": "10.0.0.1", "hostnames": ["a", "b"]}, {"ip": "::1", "hostnames": ["b"]}]},
        ),
        (
            {"dns": ("1.1.1.1",), "dns_search": ("a.example",), "dns_opt": ("ndots:2", "rotate")},
            {
                "dnsConfig": {
                    "nameservers": ["1.1.1.1"],
                    "searches": ["a.example"],
                    "options": [{"name": "ndots", "value": "2"}, {"name": "rotate"}],
                }
            },
        ),
    ],
)
def test_what_a_pod_has_for_all_its_containers(keys: dict[str, Any], found: dict[str, Any]) -> None:
    bare, changed = spec(service("web")), spec(service("web", **keys))
    assert {key: value for key, value in changed.items() if key not in bare} == found
