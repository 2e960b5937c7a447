"""The tools that set-up brings: one row each. A new version is a changed row (and its go.mod)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PULUMI = "3.259.0"
DOCKER_PLUGIN = "5.2.0"
DOCKER_BUILD_PLUGIN = "0.0.22"
BUILDKIT = "0.31.0"
KUBERNETES_PLUGIN = "4.34.2"
KUBERNETES = "1.36.3"
ETCD = "3.6.13"
COREDNS = "1.12.4"
LOCAL_PATH = "0.0.30"

GO = "1.27.3"
GO_AT_LEAST = (1, 26)
PIP = "26.3"


@dataclass(frozen=True, slots=True)
class Archive:
    """An official download for one kind of machine.

    Attributes:
        url: a .tar.gz.
        sha256: its checksum, in hexadecimal. Empty: none is known, so it is not downloaded.
        folder: the folder inside the archive that holds the program.
    """

    url: str
    sha256: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """A program built from Go modules.

    Attributes:
        build: the folder under `toolchain/builds` with its go.mod and go.sum.
        package: the import path of the program.
        stamp: the variable that the linker sets to the version, where it has one.
        beside: files that the program needs next to it: (module, path inside it).
        also: import paths of further programs of the same modules, which are put next to it.
    """

    build: str
    package: str
    stamp: str = ""
    beside: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool.

    Attributes:
        name: of the program.
        version: that is wanted, without `v`.
        on_path: the command that prints the version of one that the user has; empty: it is not looked for.
        official: kind of machine (`linux-amd64`) -> download.
        module: how it is built.
        plugin: the name under which Pulumi knows it as a resource plugin; empty: it is none.
    """

    name: str
    version: str
    on_path: tuple[str, ...] = ()
    official: dict[str, Archive] = field(default_factory=dict)
    module: Module | None = None
    plugin: str = ""


_CLI = "https://github.com/pulumi/pulumi/releases/download/v{version}/pulumi-v{version}-linux-{machine}.tar.gz"
_PLUGIN = "https://get.pulumi.com/releases/plugins/pulumi-resource-{name}-v{version}-linux-{machine}.tar.gz"
_SDK = "github.com/pulumi/pulumi/sdk/v3"
_KUBERNETES = "k8s.io/kubernetes/cmd"


def _checksums() -> dict[str, str]:
    """File name -> SHA-256, from `checksums.txt`, which has the lines of `sha256sum` and of a release's own file.

    Those of the CLI are its vendor's, from the formula in https://github.com/pulumi/homebrew-tap. None is invented: an
    archive without a line is not downloaded.
    """
    lines = (Path(__file__).parent / "checksums.txt").read_text().splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


_CHECKSUMS = _checksums()


def _archives(url: str, machines: Mapping[str, str], folder: str = "", **fields: str) -> dict[str, Archive]:
    """Kind of machine -> download; `machines` has the vendor's word for each kind."""
    urls = {kind: url.format(machine=word, **fields) for kind, word in machines.items()}
    return {kind: Archive(at, _CHECKSUMS.get(at.rpartition("/")[2], ""), folder) for kind, at in urls.items()}


_CLI_MACHINES = {"linux-amd64": "x64", "linux-arm64": "arm64"}
_PLUGIN_MACHINES = {"linux-amd64": "amd64", "linux-arm64": "arm64"}

TOOLS: tuple[Tool, ...] = (
    Tool(
        name="pulumi",
        version=PULUMI,
        on_path=("pulumi", "version"),
        official=_archives(_CLI, _CLI_MACHINES, folder="pulumi", version=PULUMI),
        module=Module(
            "pulumi", "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi", stamp=f"{_SDK}/go/common/version.Version"
        ),
    ),
    Tool(
        # The last version of the Python host that is a Go module of its own; it serves every later CLI of major 3.
        name="pulumi-language-python",
        version=PULUMI,
        module=Module(
            "pulumi-language-python",
            f"{_SDK}/python/cmd/pulumi-language-python",
            beside=(
                (f"{_SDK}@v{PULUMI}", "python/cmd/pulumi-language-python-exec"),
                (f"{_SDK}@v{PULUMI}", "python/dist/pulumi-resource-pulumi-python"),
            ),
        ),
    ),
    Tool(
        name="pulumi-resource-docker-build",
        version=DOCKER_BUILD_PLUGIN,
        plugin="docker-build",
        official=_archives(_PLUGIN, _PLUGIN_MACHINES, name="docker-build", version=DOCKER_BUILD_PLUGIN),
        module=Module(
            "pulumi-resource-docker-build",
            "github.com/pulumi/pulumi-docker-build/provider/cmd/pulumi-resource-docker-build",
            stamp="github.com/pulumi/pulumi-docker-build/provider.Version",
        ),
    ),
    Tool(
        # No module way: its upstream module is not served. Where it cannot be downloaded, the stand-in takes its place.
        name="pulumi-resource-docker",
        version=DOCKER_PLUGIN,
        plugin="docker",
        official=_archives(_PLUGIN, _PLUGIN_MACHINES, name="docker", version=DOCKER_PLUGIN),
    ),
    Tool(
        name="buildkitd",
        version=BUILDKIT,
        module=Module(
            "buildkitd", "github.com/moby/buildkit/cmd/buildkitd", stamp="github.com/moby/buildkit/version.Version"
        ),
    ),
    Tool(
        # Built, it is v2.0.0, the only version that is a Go module: a stand-in for the official one of this version,
        # whose resources it takes, but it knows no server-side apply (docs/setup.md).
        name="pulumi-resource-kubernetes",
        version=KUBERNETES_PLUGIN,
        plugin="kubernetes",
        official=_archives(_PLUGIN, _PLUGIN_MACHINES, name="kubernetes", version=KUBERNETES_PLUGIN),
        module=Module(
            "pulumi-resource-kubernetes",
            "github.com/pulumi/pulumi-kubernetes/provider/v2/cmd/pulumi-resource-kubernetes",
            stamp="github.com/pulumi/pulumi-kubernetes/provider/v2/pkg/version.Version",
        ),
    ),
    Tool(
        name="kube-apiserver",
        version=KUBERNETES,
        module=Module(
            "kubernetes",
            f"{_KUBERNETES}/kube-apiserver",
            stamp="k8s.io/component-base/version.gitVersion",
            also=tuple(
                f"{_KUBERNETES}/{name}"
                for name in ("kube-controller-manager", "kube-proxy", "kube-scheduler", "kubelet")
            ),
        ),
    ),
    Tool(name="pause", version="1", module=Module("pause", ".")),
    Tool(name="etcd", version=ETCD, module=Module("etcd", "go.etcd.io/etcd/server/v3")),
    Tool(name="coredns", version=COREDNS, module=Module("coredns", "github.com/coredns/coredns")),
    Tool(
        name="local-path-provisioner",
        version=LOCAL_PATH,
        module=Module("local-path-provisioner", "github.com/rancher/local-path-provisioner"),
    ),
)


def tool(name: str) -> Tool:
    """The row of a tool."""
    return next(row for row in TOOLS if row.name == name)
