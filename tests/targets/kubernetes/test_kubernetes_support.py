"""The kubernetes column where a verdict depends on the value. That it is true is tested in test_verdicts.py.

Not proved: that a cluster does what it is asked for.
"""

import time
from pathlib import Path
from typing import Any

import pytest
from samples import load

from components.access import Contents, ImageReference
from components.model import App
from components.support import findings
from components.targets import offline
from components.targets.kubernetes.support import SUPPORT
from components.targets.rows import Row

DIGEST = "web@sha256:" + "a" * 64
HONOURED: list[tuple[str, str, str]] = []
PATH = "services.web."


def application(folder: Path, web: dict[str, Any], data: dict[str, Any] | None = None, **others: Any) -> App:
    services = {"web": {"image": DIGEST, **web}, "db": {"image": DIGEST}}
    return load({"name": "shop", "services": services, "volumes": {"data": data}, **others}, folder)


def told(app: App) -> list[tuple[str, str, str]]:
    """Path, verdict and reason of every finding."""
    return [(each.path, each.verdict.value, each.reason) for each in findings(app, SUPPORT, "kubernetes")]


def rows(app: App) -> tuple[Row, ...]:
    images = {name: ImageReference(name=each.image or "") for name, each in app.services.items()}
    return offline("kubernetes", app, images, Contents())


def approximated(key: str, reason: str) -> list[tuple[str, str, str]]:
    return [(PATH + key, "approximated", reason)]


def rejected(key: str, reason: str) -> list[tuple[str, str, str]]:
    return [(PATH + key, "rejected", reason)]


ALWAYS = "pods are always restarted"
A_NUMBER = "Kubernetes takes a number"
OF_NODE = "the path is that of whichever node runs the pod, where a folder is made of what is missing"
OLD_FIRST = "the old pods go first, all at once: two cannot have the volume, or the host's network"
OWN_VOLUME = "every replica has a volume of its own, and is replaced in its turn"
NO_LABEL = "Kubernetes has no such label of a node"
NO_OPTION = "Kubernetes has no such option"
DATA = {"volumes": ["data:/data"]}
THREE = {"deploy": {"replicas": 3}}


def update(**config: Any) -> dict[str, Any]:
    return {"deploy": {"update_config": config}}


def placed(**placement: Any) -> dict[str, Any]:
    return {"deploy": {"placement": placement}}


CASES = {
    # who
    "user by number": ({"user": "1000:1000"}, HONOURED),
    "user root": ({"user": "root"}, HONOURED),
    "user by name": ({"user": "node"}, rejected("user", A_NUMBER)),
    "group by name": ({"user": "1000:node"}, rejected("user", A_NUMBER)),
    "another group by name": ({"group_add": ["docker"]}, rejected("group_add", A_NUMBER)),
    # rights
    "a safe sysctl": ({"sysctls": {"net.ipv4.tcp_syncookies": "1"}}, HONOURED),
    "an unsafe sysctl": (
        {"sysctls": {"net.core.somaxconn": "1024"}},
        approximated(
            "sysctls.net.core.somaxconn", "nodes refuse it unless their kubelet allows it (allowedUnsafeSysctls)"
        ),
    ),
    "an SELinux label": ({"security_opt": ["label:type:svirt_t"]}, HONOURED),
    "seccomp switched off": ({"security_opt": ["seccomp=unconfined"]}, HONOURED),
    "new privileges": ({"security_opt": ["no-new-privileges:false"]}, HONOURED),
    "no new privileges, which is so": ({"security_opt": ["no-new-privileges"]}, HONOURED),
    "a seccomp profile": ({"security_opt": ["seccomp=./my.json"]}, rejected("security_opt", NO_OPTION)),
    "the network of another service": ({"network_mode": "service:db"}, HONOURED),
    "the network of a container": (
        {"network_mode": "container:x"},
        rejected("network_mode", "Kubernetes knows no other pod's container"),
    ),
    "memory of another service": ({"ipc": "container:db"}, rejected("ipc", "pods share no namespaces")),
    "a link": ({"links": ["db"]}, HONOURED),
    "a link with an alias": ({"links": ["db:store"]}, approximated("links", "every service sees the alias")),
    "a restart with a dependency": (
        {"depends_on": {"db": {"condition": "service_started", "restart": True}}},
        approximated("depends_on.db.restart", "a dependent is not restarted after its dependency was updated"),
    ),
    "memory of one's own": ({"ipc": "shareable"}, HONOURED),
    "a signal that is the default": ({"stop_signal": "SIGTERM"}, HONOURED),
    # devices
    "a GPU": ({"gpus": [{"driver": "nvidia", "count": 1}]}, HONOURED),
    "all GPUs": ({"gpus": "all"}, approximated("gpus[0].count", "it gets one: a pod asks for a number")),
    "another accelerator": (
        {"gpus": [{"driver": "acme", "count": 1}]},
        rejected("gpus[0].driver", "no device plugin is known by that word"),
    ),
    # mounts
    "a path of the node": ({"volumes": [{"type": "bind", "source": "/srv", "target": "/srv"}]}, "type"),
    "a path of the node, in short": ({"volumes": ["/srv:/srv"]}, "bind.create_host_path"),
    "the Docker Engine": (
        {"volumes": [{"type": "bind", "source": "/var/run/docker.sock", "target": "/var/run/docker.sock"}]},
        rejected("volumes[0].type", "a node need not have a Docker Engine"),
    ),
    "the Docker Engine, in short": (
        {"volumes": ["/var/run/docker.sock:/var/run/docker.sock"]},
        rejected("volumes[0].type", "a node need not have a Docker Engine"),
    ),
    "mounts that go both ways": (
        {"volumes": [{"type": "bind", "source": "/srv", "target": "/srv", "bind": {"propagation": "rshared"}}]},
        [
            *approximated("volumes[0].bind.create_host_path", OF_NODE),
            *rejected(
                "volumes[0].bind.propagation", "Kubernetes lets only a privileged container pass mounts on to its node"
            ),
        ],
    ),
    "an anonymous volume": (
        {"volumes": ["/cache"]},
        approximated("volumes[0].type", "an anonymous volume goes with its pod, at every replacement; give it a name"),
    ),
    "memory with a size": ({"tmpfs": ["/run:size=64m"]}, HONOURED),
    "memory with a mode": (
        {"tmpfs": ["/run:size=64m,mode=1777"]},
        approximated("tmpfs", "a volume in memory has a size, and no other options"),
    ),
    "one volume of several replicas": (
        {**DATA, **THREE},
        approximated(
            "volumes[0].source",
            "every replica has a volume of its own; write x-slipway.shared: true for one that all of them have",
        ),
    ),
    "one volume on every node": (
        {**DATA, "deploy": {"mode": "global"}},
        rejected("volumes[0].source", "pods on several nodes cannot have a volume of one writer"),
    ),
    # where
    "a label of nodes": (placed(constraints=["node.labels.disk == ssd"]), HONOURED),
    "a role of nodes": (placed(constraints=["node.role != manager"]), HONOURED),
    "a label of Engines": (
        placed(constraints=["engine.labels.os == debian"]),
        rejected("deploy.placement.constraints", NO_LABEL),
    ),
    "spread over zones": (placed(preferences=[{"spread": "node.labels.zone"}]), HONOURED),
    "spread over what nodes do not have": (
        placed(preferences=[{"spread": "engine.labels.zone"}]),
        approximated(
            "deploy.placement.preferences[0].spread",
            "replicas are spread over zones and nodes: Kubernetes has no such label of a node",
        ),
    ),
    "one on each node": (placed(max_replicas_per_node=1), HONOURED),
    "two on each node": (
        placed(max_replicas_per_node=2),
        approximated("deploy.placement.max_replicas_per_node", "replicas are spread evenly over nodes"),
    ),
    # when
    "new pods first, as it is": (update(order="start-first"), HONOURED),
    "new pods first, with a volume": (
        {**DATA, **update(order="start-first")},
        approximated("deploy.update_config.order", OLD_FIRST),
    ),
    "new pods first, of a StatefulSet": (
        {**DATA, "deploy": {"replicas": 3, "update_config": {"order": "start-first"}}},
        [
            *approximated(
                "volumes[0].source",
                "every replica has a volume of its own; write x-slipway.shared: true for one that all of them have",
            ),
            *approximated("deploy.update_config.order", OWN_VOLUME),
        ],
    ),
    "an update that stops": (update(failure_action="pause"), HONOURED),
    "an update of a run that ends": (
        {"restart": "no", **update(parallelism=2)},
        approximated("deploy.update_config.parallelism", "a run to completion is not updated, but run anew"),
    ),
    "a run that ends": ({"restart": "no"}, HONOURED),
    "a run that is tried again": ({"restart": "on-failure:3"}, HONOURED),
    "a server that may end": (
        {"restart": "on-failure", "expose": ["80"]},
        approximated("restart", ALWAYS),
    ),
    "a server that is kept": ({"restart": "unless-stopped", "expose": ["80"]}, HONOURED),
    "tries of a run": ({"deploy": {"restart_policy": {"condition": "on-failure", "max_attempts": 3}}}, HONOURED),
    "tries of a server": (
        {"expose": ["80"], "deploy": {"restart_policy": {"condition": "any", "max_attempts": 3}}},
        approximated("deploy.restart_policy.max_attempts", ALWAYS),
    ),
    # from outside
    "a port of a node": ({"ports": ["30080:80"]}, HONOURED),
    "a port that no node has": (
        {"ports": ["8080:80"]},
        approximated(
            "ports[0].published",
            "a node port between 30000 and 32767 is taken, unless slipway:kubernetes.publish is LoadBalancer",
        ),
    ),
    "a port of this machine": (
        {"ports": ["127.0.0.1:8080:80"]},
        approximated("ports[0].host_ip", "it is not published: forward it with `kubectl port-forward`"),
    ),
    "a port of one address": (
        {"ports": ["192.0.2.1:30080:80"]},
        rejected("ports[0].host_ip", "a Service is published on every address of the nodes"),
    ),
    "the host's own address": (
        {"extra_hosts": ["host.docker.internal:host-gateway"]},
        rejected("extra_hosts.host.docker.internal", "a pod has no gateway to one host"),
    ),
    # names
    "a hostname": ({"hostname": "web"}, HONOURED),
    "a hostname in capitals": (
        {"hostname": "WEB"},
        approximated("hostname", "it is the pod's name: a hostname is one DNS label"),
    ),
    "a hostname with a domain": (
        {"hostname": "web.example.com"},
        approximated("hostname", "it is the pod's name: a hostname is one DNS label"),
    ),
    "an alias": ({"networks": {"default": {"aliases": ["API"]}}}, HONOURED),
    "an alias with dots": (
        {"networks": {"default": {"aliases": ["api.example.com"]}}},
        rejected("networks.default.aliases", "a Service's name is one DNS label"),
    ),
    "a label": ({"labels": {"traefik.http.routers.web.rule": "x", "example.com/team": "a"}}, HONOURED),
    "a label that no annotation can be": (
        {"labels": {"what is it": "x"}},
        rejected("labels.what is it", "no annotation can have this name"),
    ),
    "a tag": (
        {"image": "web:1"},
        approximated("image", "a tag means what it means when a node pulls it; write the digest"),
    ),
    "a tag of what is built": ({"image": "web:1", "build": {"dockerfile_inline": "FROM scratch"}}, HONOURED),
    "an image that is asked for anew": (
        {"pull_policy": "daily"},
        approximated("pull_policy", "a node pulls an image that it does not have"),
    ),
}
for name, reason in {"a path of the node": "type", "a path of the node, in short": "bind.create_host_path"}.items():
    CASES[name] = (CASES[name][0], approximated(f"volumes[0].{reason}", OF_NODE))


@pytest.mark.parametrize("name", CASES)
def test_a_verdict_depends_on_the_value(name: str, tmp_path: Path) -> None:
    web, expected = CASES[name]
    assert told(application(tmp_path, web)) == expected


AS_IT_IS = {
    "no new privileges, which is so",
    "memory of one's own",
    "a signal that is the default",
    "new pods first, as it is",
    "an update that stops",
    "a server that is kept",
}
"""Cases of `CASES` without a finding in which nothing has to change."""


@pytest.mark.parametrize("name", [name for name, (_, expected) in CASES.items() if expected == HONOURED])
def test_what_brings_no_finding_changes_an_object_or_is_so_anyway(name: str, tmp_path: Path) -> None:
    web, _ = CASES[name]
    bare = {"expose": ["80"]} if "expose" in web else {}
    same = rows(application(tmp_path, web)) == rows(application(tmp_path, bare))
    assert same == (name in AS_IT_IS)


FOLDER = {"type": "nfs", "o": "addr=nfs.example.com,rw", "device": ":/srv"}
CLASSES = "what kind of disk it is, its StorageClass tells"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"driver_opts": FOLDER}, []),
        (
            {"driver_opts": {**FOLDER, "o": "addr=nfs.example.com,nfsvers=4"}},
            [("volumes.data.driver_opts.o", "approximated", "the node's own options of NFS hold")],
        ),
        (
            {"driver_opts": FOLDER, "x-slipway": {"size": "5GiB"}},
            [("volumes.data.x-slipway.size", "approximated", "it is a folder of an NFS server")],
        ),
        ({"driver_opts": {"type": "btrfs"}}, [("volumes.data.driver_opts.type", "rejected", CLASSES)]),
        ({"driver": "local"}, []),
        ({"driver": "rexray"}, [("volumes.data.driver", "rejected", CLASSES)]),
    ],
)
def test_of_drivers_only_nfs_by_the_local_one_is_known(
    data: dict[str, Any], expected: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert told(application(tmp_path, DATA, data)) == expected


def test_a_name_with_an_underscore_is_told_where_the_service_is_described(tmp_path: Path) -> None:
    app = load({"name": "shop", "services": {"my_db": {"image": DIGEST}}}, tmp_path)
    assert told(app) == [
        (
            "services.my_db.image",
            "approximated",
            "others call it with a hyphen for the underscore, which DNS does not have",
        )
    ]


def test_what_is_the_pods_is_told_of_a_container_that_is_in_anothers(tmp_path: Path) -> None:
    web = {"dns_search": ["example.com"], "cpus": 1, "deploy": {"mode": "global", "labels": {"a": "b"}}}
    reason = "its container is in the pods of another service, and has what these have"
    assert told(application(tmp_path, {"network_mode": "service:db", **web})) == [
        *approximated("dns_search", reason),
        *approximated("deploy.mode", reason),
        *approximated("deploy.labels.a", reason),
    ]


@pytest.mark.parametrize(("key", "value"), [("expose", ["80"]), ("ports", ["30080:80"])])
def test_a_container_in_anothers_pods_has_no_ports_of_its_own(key: str, value: list[str], tmp_path: Path) -> None:
    app = application(tmp_path, {"network_mode": "service:db", key: value})
    path = "ports[0].target" if key == "ports" else key
    assert told(app) == rejected(path, "the service has no address of its own")


def test_a_job_is_judged_as_a_service_but_for_what_calls_it(tmp_path: Path) -> None:
    job = {"image": DIGEST, "user": "node", "ports": ["30080:80"], "triggers": {"manual": True}}
    assert [finding[:2] for finding in told(application(tmp_path, {}, jobs={"report": job}))] == [
        ("jobs.report.user", "rejected"),
        ("jobs.report.ports", "approximated"),
    ]


def test_a_message_says_what_happens_and_what_to_do(tmp_path: Path) -> None:
    finding = findings(application(tmp_path, {"user": "node"}), SUPPORT, "kubernetes")[0]
    assert finding.message.endswith("services.web.user: not supported on kubernetes (Kubernetes takes a number)")
    assert finding.fix == (
        "write a number; `docker run --rm --entrypoint id IMAGE NAME` tells it, or accept it with slipway:accept"
    )


def test_a_thousand_services_are_judged_in_seconds(tmp_path: Path) -> None:
    web = {"image": DIGEST, "restart": "no", "deploy": {"update_config": {"order": "start-first", "parallelism": 2}}}
    app = load({"name": "shop", "services": {f"web-{number}": web for number in range(1000)}}, tmp_path)
    started = time.monotonic()
    assert len(told(app)) == 2000
    assert time.monotonic() - started < 5  # a tenth of a second; a minute where each looks at all the others
