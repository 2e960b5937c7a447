"""What runs on the node of a cluster, and in what surroundings. Pure texts."""

from .kubernetes_files import API_PORT, BUSYBOX, NODE, SERVICES, Layout
from .kubernetes_objects import STORAGE

OWN = ("/run/containerd", "/run/netns", "/var/lib/cni", "/var/log/containers", "/var/log/pods")
"""Folders of the machine that programs write to whatever they are told: the node has others in their place."""


def script(layout: Layout) -> str:
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
umount --recursive --lazy /run/netns # a copy of a mount would keep another cluster's namespace after its end
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
