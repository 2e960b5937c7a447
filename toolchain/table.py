"""The tools that set-up brings: one row each. A new version is a changed row (and its go.mod)."""

from dataclasses import dataclass, field

PULUMI = "3.259.0"
DOCKER_PLUGIN = "5.2.0"
DOCKER_BUILD_PLUGIN = "0.0.22"
BUILDKIT = "0.31.0"

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
    """

    build: str
    package: str
    stamp: str = ""
    beside: tuple[tuple[str, str], ...] = ()


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


# Pulumi publishes the sums of a release in its checksums file. None for these versions could be had and checked where
# this table was written, and none is invented: write it into `sha256`, and the download is used from then on.
_CLI = "https://get.pulumi.com/releases/sdk/pulumi-v{version}-linux-{machine}.tar.gz"
_PLUGIN = "https://get.pulumi.com/releases/plugins/pulumi-resource-{name}-v{version}-linux-{machine}.tar.gz"
_SDK = "github.com/pulumi/pulumi/sdk/v3"

TOOLS: tuple[Tool, ...] = (
    Tool(
        name="pulumi",
        version=PULUMI,
        on_path=("pulumi", "version"),
        official={
            "linux-amd64": Archive(_CLI.format(version=PULUMI, machine="x64"), folder="pulumi"),
            "linux-arm64": Archive(_CLI.format(version=PULUMI, machine="arm64"), folder="pulumi"),
        },
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
        official={
            "linux-amd64": Archive(_PLUGIN.format(name="docker-build", version=DOCKER_BUILD_PLUGIN, machine="amd64")),
            "linux-arm64": Archive(_PLUGIN.format(name="docker-build", version=DOCKER_BUILD_PLUGIN, machine="arm64")),
        },
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
        official={
            "linux-amd64": Archive(_PLUGIN.format(name="docker", version=DOCKER_PLUGIN, machine="amd64")),
            "linux-arm64": Archive(_PLUGIN.format(name="docker", version=DOCKER_PLUGIN, machine="arm64")),
        },
    ),
    Tool(
        name="buildkitd",
        version=BUILDKIT,
        module=Module(
            "buildkitd", "github.com/moby/buildkit/cmd/buildkitd", stamp="github.com/moby/buildkit/version.Version"
        ),
    ),
)


def tool(name: str) -> Tool:
    """The row of a tool."""
    return next(row for row in TOOLS if row.name == name)
