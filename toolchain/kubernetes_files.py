"""The files of a cluster of one node: pure texts, by the names that `kubernetes.py` writes them under.

Each is what the component's own reference page asks for, and what a machine in a container needs beside it (no swap
check, no out-of-memory scores, cgroups as they are).
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SERVICES = "10.96.0.0/16"
API_SERVICE = "10.96.0.1"
DNS_SERVICE = "10.96.0.10"
PODS = "10.244.0.0/24"
DOMAIN = "cluster.local"
NODE = "node-1"
API_PORT = 6443
PAUSE = "slipway/pause:1"
BUSYBOX = "busybox:1.37"
OWN = ("/run/containerd", "/run/netns", "/var/lib/cni", "/var/log/containers", "/var/log/pods")
"""Folders of the machine that programs write to whatever they are told: the node has others in their place."""
STORAGE = "kube-system"
"""Namespace of the helper pods that make a volume's folder."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Where a cluster is.

    Attributes:
        folder: of its own, for everything that it writes.
        address: of the node.
        registry: `address:port` of the registry that the node pulls from, whatever an image's own is.
        pushed_as: `address:port` under which images were pushed to the same registry from this machine.
        programs: name -> path.
    """

    folder: Path
    address: str
    registry: str
    pushed_as: str
    programs: dict[str, str]

    @property
    def data(self) -> Path:
        """In memory, and gone with the cluster."""
        return self.folder / "data"

    @property
    def api(self) -> str:
        """The API server's URL."""
        return f"https://{self.address}:{API_PORT}"


def kubeconfig(layout: Layout, authority: str, token: str) -> str:
    """A kubeconfig (JSON is YAML).

    Args:
        layout: of the cluster.
        authority: PEM of the authority that signed the API server's certificate, in base64.
        token: of the user.
    """
    name = "slipway"
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": name,
            "clusters": [{"name": name, "cluster": {"server": layout.api, "certificate-authority-data": authority}}],
            "users": [{"name": name, "user": {"token": token}}],
            "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        }
    )


def containerd(layout: Layout) -> str:
    """Configuration version 2 (https://github.com/containerd/containerd/blob/main/docs/cri/config.md)."""
    return f"""\
version = 2
root = "{layout.data}/containerd"
state = "{layout.data}/containerd-state"
[grpc]
  address = "{layout.folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "docker.io/{PAUSE}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{layout.folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "{layout.folder}/hosts"
"""


def hosts(layout: Layout) -> dict[str, str]:
    """Registry -> `hosts.toml`: where the node asks for its images."""
    url = f"http://{layout.registry}"
    text = f'server = "{url}"\n[host."{url}"]\n  capabilities = ["pull", "resolve"]\n'
    return dict.fromkeys(("docker.io", layout.pushed_as, layout.registry), text)


def network() -> str:
    """The pods' network (https://www.cni.dev/plugins/current/main/bridge/)."""
    bridge = {
        "type": "bridge",
        "bridge": "cni0",
        "isGateway": True,
        "ipMasq": True,
        "hairpinMode": True,
        "ipam": {"type": "host-local", "ranges": [[{"subnet": PODS}]], "routes": [{"dst": "0.0.0.0/0"}]},
    }
    ports = {"type": "portmap", "capabilities": {"portMappings": True}}
    return json.dumps({"cniVersion": "0.4.0", "name": "pods", "plugins": [bridge, ports]})


def kubelet(layout: Layout) -> str:
    """https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/."""
    never = {"memory.available": "1Mi", "nodefs.available": "1%", "imagefs.available": "1%", "nodefs.inodesFree": "1%"}
    return json.dumps(
        {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "containerRuntimeEndpoint": f"unix://{layout.folder}/containerd.sock",
            "clusterDNS": [DNS_SERVICE],
            "clusterDomain": DOMAIN,
            "resolvConf": str(layout.folder / "resolv.conf"),
            "authentication": {
                "anonymous": {"enabled": False},
                "webhook": {"enabled": False},
                "x509": {"clientCAFile": str(layout.folder / "ca.crt")},
            },
            "authorization": {"mode": "AlwaysAllow"},
            "failSwapOn": False,
            "failCgroupV1": False,
            "cgroupDriver": "cgroupfs",
            "cgroupsPerQOS": False,
            "cgroupRoot": f"/{layout.folder.name}",
            "enforceNodeAllocatable": [],
            "evictionHard": never,
            "imageGCHighThresholdPercent": 100,
            "imageGCLowThresholdPercent": 99,
            "volumePluginDir": f"{layout.data}/plugins",
            "syncFrequency": "10s",
            "serializeImagePulls": False,
        }
    )


def proxy(layout: Layout) -> str:
    """https://kubernetes.io/docs/reference/config-api/kube-proxy-config.v1alpha1/."""
    as_it_is = {"maxPerCore": 0, "min": None, "tcpEstablishedTimeout": "0s", "tcpCloseWaitTimeout": "0s"}
    return json.dumps(
        {
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "mode": "iptables",
            "clusterCIDR": PODS,
            "hostnameOverride": NODE,
            "clientConnection": {"kubeconfig": str(layout.folder / "admin.kubeconfig")},
            "conntrack": as_it_is,
            "iptables": {"minSyncPeriod": "100ms"},
        }
    )


def corefile(layout: Layout) -> str:
    """The cluster's names, and no others: the cluster reaches nothing outside."""
    return f"""\
.:53 {{
    bind {layout.address}
    errors
    kubernetes {DOMAIN} in-addr.arpa {{
        kubeconfig {layout.folder}/admin.kubeconfig
        ttl 2
    }}
}}
"""


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


def node(layout: Layout) -> str:
    """The first process of the node's namespaces: it starts all others, and starts anew what ends.

    When it goes, the kernel ends everything in its namespaces, and their mounts.
    """
    folder, data = layout.folder, layout.data
    lines = "\n".join(f"keep {name} {command} &" for name, command in commands(layout).items())
    return f"""\
set -u
hostname {NODE}
mount --make-rprivate /
mount -t tmpfs -o mode=0755 none {data}
mkdir -p {data}/kubelet {data}/volumes {data}/plugins
mount --make-rshared {data}
for own in {" ".join(OWN)}; do
    mkdir -p $own
    mount -t tmpfs -o mode=0755 none $own
done
printf '127.0.0.1 localhost\\n{layout.address} {NODE}\\n' > {data}/hosts && mount --bind {data}/hosts /etc/hosts
echo 1 > /proc/sys/net/ipv4/ip_forward
iptables -P FORWARD ACCEPT
keep() {{
    name=$1
    shift
    while :; do
        "$@" >> {folder}/$name.log 2>&1
        echo "--- $name ended with code $?" >> {folder}/$name.log
        sleep 0.3
    done
}}
{lines}
wait
"""


def commands(layout: Layout) -> dict[str, str]:
    """What runs on the node: name -> command line."""
    folder, data, programs = layout.folder, layout.data, layout.programs
    admin = f"--kubeconfig={folder}/admin.kubeconfig"
    etcd = "http://127.0.0.1:2379"
    return {
        "etcd": (
            f"{programs['etcd']} --data-dir={data}/etcd --listen-client-urls={etcd} --advertise-client-urls={etcd}"
            " --listen-peer-urls=http://127.0.0.1:2380 --unsafe-no-fsync --log-level=warn"
        ),
        "containerd": f"{programs['containerd']} --config {folder}/containerd.toml",
        "kube-apiserver": (
            f"{programs['kube-apiserver']} --etcd-servers={etcd} --secure-port={API_PORT}"
            f" --advertise-address={layout.address} --authorization-mode=Node,RBAC --anonymous-auth=false"
            f" --token-auth-file={folder}/tokens.csv --service-cluster-ip-range={SERVICES}"
            f" --tls-cert-file={folder}/api.crt --tls-private-key-file={folder}/api.key"
            f" --client-ca-file={folder}/ca.crt"
            f" --kubelet-client-certificate={folder}/client.crt --kubelet-client-key={folder}/client.key"
            " --kubelet-preferred-address-types=InternalIP --kubelet-certificate-authority="
            f" --service-account-issuer=https://kubernetes.default.svc --service-account-key-file={folder}/api.crt"
            f" --service-account-signing-key-file={folder}/api.key --allow-privileged=true"
            " --enable-admission-plugins=NodeRestriction"
        ),
        "kube-controller-manager": (
            f"{programs['kube-controller-manager']} {admin} --service-account-private-key-file={folder}/api.key"
            f" --root-ca-file={folder}/ca.crt --use-service-account-credentials=true --leader-elect=false"
            f" --cert-dir={data}/controller-manager"
        ),
        "kube-scheduler": (
            f"{programs['kube-scheduler']} {admin} --leader-elect=false --cert-dir={data}/scheduler"
            f" --authentication-kubeconfig={folder}/admin.kubeconfig"
            f" --authorization-kubeconfig={folder}/admin.kubeconfig"
        ),
        "kubelet": (
            f"{programs['kubelet']} --kubeconfig={folder}/node.kubeconfig --config={folder}/kubelet.json"
            f" --root-dir={data}/kubelet --cert-dir={data}/kubelet-pki --hostname-override={NODE}"
            f" --node-ip={layout.address}"
        ),
        "kube-proxy": f"{programs['kube-proxy']} --config={folder}/proxy.json",
        "coredns": f"{programs['coredns']} -conf {folder}/Corefile -quiet",
        "local-path-provisioner": (
            f"{programs['local-path-provisioner']} start {admin} --config {folder}/local-path.json"
            f" --helper-pod-file {folder}/helper-pod.json --helper-image {BUSYBOX} --namespace {STORAGE}"
        ),
    }


def files(layout: Layout) -> dict[str, str]:
    """Name -> content of everything that is known before a certificate is made."""
    return {
        "containerd.toml": containerd(layout),
        "cni/10-pods.conflist": network(),
        "kubelet.json": kubelet(layout),
        "proxy.json": proxy(layout),
        "Corefile": corefile(layout),
        "local-path.json": local_path(layout),
        "helper-pod.json": HELPER_POD,
        "objects.json": objects(layout),
        "resolv.conf": "",
        "node.sh": node(layout),
        **{f"hosts/{name}/hosts.toml": text for name, text in hosts(layout).items()},
    }
