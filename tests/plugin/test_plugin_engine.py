"""The plugin under the real engine, started by its executable, from a program that knows only the schema's names.

The program is in Python, but uses no class of the library: a component that is `remote` is asked for as a program in
any language asks for it. Not proved: the SDKs that `pulumi package add` generates for those languages, and the plugin
under the official docker plugin where set-up had to take the stand-in.
"""

import json
import os
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
import yaml

pytestmark = pytest.mark.engine

PLUGIN = Path("plugin").resolve()
PROGRAM = """\
import pulumi

class Application(pulumi.ComponentResource):
    urls: pulumi.Output[dict]
    findings: pulumi.Output[list]

    def __init__(self, name, args):
        options = pulumi.ResourceOptions(version="0.1.0")
        known = {**args, "urls": None, "findings": None}
        super().__init__("slipway:index:Application", name, known, options, remote=True)

config = pulumi.Config()
password = config.require_secret("password")
args = {"target": config.require("target"), "secrets": {"PASSWORD": password}}
document = config.get_object("document")
if document:
    document["services"]["web"]["environment"] = {"PASSWORD": password}
    args["app"] = document
else:
    args["compose"] = ["compose.yaml"]
pulumi.export("urls", Application("shop", args).urls)
"""


class Program:
    """A Pulumi project of a user's, that names the plugin's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, f"p{uuid.uuid4().hex[:8]}"
        self.engine = docker.from_env()
        plugins = {"providers": [{"name": "slipway", "path": str(PLUGIN), "version": "0.1.0"}]}
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": "user", "runtime": "python", "plugins": plugins}))
        (folder / "__main__.py").write_text(PROGRAM)
        service = {
            "image": "debian:bookworm-slim",
            "command": ["sleep", "infinity"],
            "stop_grace_period": "1s",
            "secrets": ["password"],
            "ports": ["127.0.0.1::80"],
        }
        self.application = {
            "name": self.name,
            "services": {"web": service},
            "secrets": {"password": {"environment": "PASSWORD"}},
        }
        (folder / "compose.yaml").write_text(yaml.safe_dump(self.application))
        (folder / "state").mkdir()
        own = {"PULUMI_BACKEND_URL": f"file://{folder}/state", "PULUMI_CONFIG_PASSPHRASE": "test"}
        self.env = {**os.environ, **own}
        self.pulumi("stack", "init", "dev")
        self.pulumi("config", "set", "target", "docker")
        self.pulumi("config", "set", "--secret", "password", "marker")

    def deployed(self) -> list:
        """The containers and networks of the application that are on the Engine."""
        label = {"label": f"com.docker.compose.project={self.name}"}
        return [*self.engine.containers.list(all=True, filters=label), *self.engine.networks.list(filters=label)]

    def pulumi(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = ["pulumi", *words, "--non-interactive"]
        return subprocess.run(command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=False)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    made = Program(tmp_path)
    yield made
    made.pulumi("destroy", "--yes", "--skip-preview")
    made.engine.close()


def test_the_cli_reads_the_schema_from_the_executable() -> None:
    command = ["pulumi", "package", "get-schema", str(PLUGIN / "pulumi-resource-slipway")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    golden = json.loads((Path(__file__).parent / "schema.json").read_text())
    assert json.loads(done.stdout)["resources"].keys() == golden["resources"].keys()


def test_a_program_deploys_through_the_plugin_and_its_secret_is_seen_by_nobody_else(program) -> None:
    done = program.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout
    container = program.engine.containers.get(f"{program.name}-web-1")
    assert container.exec_run(["cat", "/run/secrets/password"]).output == b"marker"
    assert "marker" not in json.dumps(container.attrs)
    assert "marker" not in done.stdout + program.pulumi("stack", "export").stdout
    urls = json.loads(program.pulumi("stack", "output", "urls").stdout)
    assert urls["web"].startswith("http://127.0.0.1:")

    again = program.pulumi("up", "--yes", "--skip-preview")
    assert "unchanged" in again.stdout
    assert "updated" not in again.stdout
    assert "replaced" not in again.stdout

    assert len(program.deployed()) == 2
    assert program.pulumi("destroy", "--yes", "--skip-preview").returncode == 0
    assert program.deployed() == []


def test_a_document_in_the_program_is_deployed_and_an_output_in_it_arrives(program) -> None:
    program.pulumi("config", "set", "document", json.dumps(program.application))
    done = program.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode == 0, done.stdout
    container = program.engine.containers.get(f"{program.name}-web-1")
    assert "PASSWORD=marker" in container.attrs["Config"]["Env"]
    # the Engine shows an environment, but neither the state nor what was said does
    assert "marker" not in done.stdout + program.pulumi("stack", "export").stdout


def test_a_mistake_is_said_as_the_library_says_it_and_shows_no_secret(program) -> None:
    program.pulumi("config", "set", "target", "dokker")
    done = program.pulumi("up", "--yes", "--skip-preview")
    assert done.returncode != 0
    message = 'unknown target "dokker": did you mean "docker"? (known: '
    assert f"slipway:index:Application resource 'shop' has a problem: {message}" in done.stdout
    assert "components/" not in done.stdout  # no traceback of the plugin's
    assert "marker" not in done.stdout
