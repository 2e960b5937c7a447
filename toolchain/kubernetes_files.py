"""The configuration of what a cluster of one node is made of: pure texts.

Each is what the component's own reference page asks for, and what a machine in a container needs beside it (no swap
check, no out-of-memory scores, cgroups as they are).
"""

import json
from dataclasses import dataclass
from pathlib import Path

SERVICES = "10.96.0.0/16"
API_SERVICE = "10.96.0.1"
DNS_SERVICE = "10.96.0.10"
PODS = "10.244.0.0/24"
DOMAIN = "cluster.local"
NODE = "node-1"
API_PORT = 6443
PAUSE = "slipway/pause:1"
BUSYBOX = "busybox:1.37"


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


def files(layout: Layout) -> dict[str, str]:
    """Name -> content of each."""
    return {
        "containerd.toml": containerd(layout),
        "cni/10-pods.conflist": network(),
        "kubelet.json": kubelet(layout),
        "proxy.json": proxy(layout),
        "Corefile": corefile(layout),
        "resolv.conf": "",
        **{f"hosts/{name}/hosts.toml": text for name, text in hosts(layout).items()},
    }
