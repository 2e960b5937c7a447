"""What a cluster of one node has before any application: names, and volumes by default. Pure texts."""

import json
from typing import Any

from .kubernetes_files import BUSYBOX, DNS_SERVICE, Layout

STORAGE = "kube-system"
"""Namespace of the helper pods that make a volume's folder."""


def local_path(layout: Layout) -> str:
    """https://github.com/rancher/local-path-provisioner#configuration."""
    place = {"node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": [f"{layout.data}/volumes"]}
    return json.dumps({"nodePathMap": [place]})


HELPER_POD = json.dumps(
    {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "helper-pod"},
        "spec": {"containers": [{"name": "helper-pod", "image": BUSYBOX, "imagePullPolicy": "IfNotPresent"}]},
    }
)
"""What makes a volume's folder."""


def objects(layout: Layout) -> str:
    """What every cluster has: names, and a default StorageClass."""
    dns = {"name": "kube-dns", "namespace": "kube-system", "labels": {"k8s-app": "kube-dns"}}
    ports = [{"name": "dns", "port": 53, "protocol": "UDP"}, {"name": "dns-tcp", "port": 53, "protocol": "TCP"}]
    default = {"storageclass.kubernetes.io/is-default-class": "true"}
    scripts = {
        "config.json": local_path(layout),
        "helperPod.yaml": HELPER_POD,
        "setup": '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
        "teardown": '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
    }
    account = {"name": "local-path-provisioner-service-account", "namespace": STORAGE}
    items: list[dict[str, Any]] = [
        {"apiVersion": "v1", "kind": "Service", "metadata": dns, "spec": {"clusterIP": DNS_SERVICE, "ports": ports}},
        {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {**dns, "labels": {"kubernetes.io/service-name": "kube-dns"}},
            "addressType": "IPv4",
            "endpoints": [{"addresses": [layout.address], "conditions": {"ready": True}}],
            "ports": ports,
        },
        {
            "apiVersion": "storage.k8s.io/v1",
            "kind": "StorageClass",
            "metadata": {"name": "local-path", "annotations": default},
            "provisioner": "rancher.io/local-path",
            "volumeBindingMode": "WaitForFirstConsumer",
            "reclaimPolicy": "Delete",
        },
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account},
        {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "local-path-config", "namespace": STORAGE},
            "data": scripts,
        },
    ]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def files(layout: Layout) -> dict[str, str]:
    """Name -> content of each file with objects, and of those that the provisioner reads itself."""
    return {
        "local-path.json": local_path(layout),
        "helper-pod.json": HELPER_POD,
        "objects.json": objects(layout),
    }
