"""Images that are really pushed: to the registry that set-up started, http on loopback, and to one with a password.

A program of its own pushes, because docker, the target that every machine has, pulls nothing. Not proved: a registry
with TLS, or one that gives tokens.
"""

from collections.abc import Iterator
from pathlib import Path

import docker
import docker.errors
import pytest
from deployments import CHECKOUT, Deployment

pytestmark = pytest.mark.engine

PROGRAM = """\
import pulumi
from components import compose, settings
from components.images import build, image_build, references, sources
from components.targets.outputs import joined
from components.access import ImageReference

chosen = settings.from_mapping(settings.read(), "stack test")
app = compose.load(chosen.compose, {}, ())
root = pulumi.ComponentResource("test:index:Root", "root")
provider = image_build.provider("builder", root, chosen.registry)
for name, each in sources.read(app.services.values(), app, {}).items():
    tags = references.tags(app.services[name], app, chosen.registry, pushes=True)
    arguments = build.arguments(
        app.services[name], app, sources=each, tags=tags, platform=None, secrets={}, check=chosen.check_builds
    )
    options = pulumi.ResourceOptions(parent=root, providers={"docker-build": provider})
    built = image_build.ImageBuild(name, {"build": arguments, "push": True}, options)
    reference = ImageReference(name=references.repository(tags[0]), digest=built.digest)
    pulumi.export(name, joined(reference.text))
"""


@pytest.fixture
def pushing(tmp_path: Path) -> Iterator[Deployment]:
    """The program above in the place of the project's own."""
    deployed = Deployment(tmp_path)
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: slipway\nruntime: python\n")
    (program / "__main__.py").write_text(PROGRAM)
    deployed.cli.project = program
    deployed.cli.env = {**deployed.cli.env, "PYTHONPATH": str(CHECKOUT)}
    yield deployed
    deployed.remove()


@pytest.fixture
def engine() -> Iterator[docker.DockerClient]:
    client = docker.from_env()
    yield client
    client.close()


def output(pushing: Deployment, name: str) -> str:
    return pushing.cli.ask("stack", "output", name).strip()


def context(folder: Path, content: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY file /\n")
    (folder / "file").write_text(content)
    return str(folder)


def test_what_is_pushed_can_be_pulled_by_its_digest_and_outlives_its_stack(
    pushing: Deployment, engine: docker.DockerClient, local_registry: str, tmp_path: Path
) -> None:
    named = f"{local_registry}/named/web:1"
    services = {
        "web": {"build": {"context": context(tmp_path / "web", pushing.name), "tags": ["extra:2"]}},
        "other": {"build": {"context": context(tmp_path / "other", "x")}, "image": named},
    }
    application, registry = {"services": services}, {"prefix": f"{local_registry}/team"}
    code, said = pushing.up(application, registry=registry)
    assert code == 0, said
    reference = output(pushing, "web")
    assert reference.startswith(f"{local_registry}/team/{pushing.name}-web@sha256:")
    assert output(pushing, "other").startswith(f"{local_registry}/named/web@sha256:")
    code, said = pushing.up(application, registry=registry)
    assert code == 0, said
    assert "unchanged" in said
    assert output(pushing, "web") == reference
    pushing.cli.ask("destroy", "--yes", config=True)
    for name in (reference, f"{local_registry}/team/extra:2", named):
        engine.images.pull(name)
        engine.images.remove(name, force=True)


def test_the_registrys_password_opens_it_and_is_kept_secret(
    pushing: Deployment, engine: docker.DockerClient, private_registry: tuple[str, str], tmp_path: Path
) -> None:
    where, password = private_registry
    application = {"services": {"web": {"build": {"context": context(tmp_path / "web", pushing.name)}}}}
    registry = {"prefix": f"{where}/team"}
    code, said = pushing.up(application, registry=registry)
    assert code != 0
    assert (
        f'services.web.build: no permission for "{where}/team/{pushing.name}-web"; '
        f"run `docker login {where}`, or set slipway:registry.username and slipway:registry.password"
    ) in said
    code, said = pushing.up(application, registry={**registry, "username": "ann", "password": password})
    assert code == 0, said
    assert password not in said + pushing.state()
    reference = output(pushing, "web")
    with pytest.raises(docker.errors.APIError):
        engine.images.pull(reference)
    engine.images.pull(reference, auth_config={"username": "ann", "password": password})
    engine.images.remove(reference, force=True)


def test_a_preview_that_builds_pushes_nothing(
    pushing: Deployment, engine: docker.DockerClient, local_registry: str, tmp_path: Path
) -> None:
    """That it builds is seen from a Dockerfile that fails."""
    folder = Path(context(tmp_path / "web", pushing.name))
    application = {"services": {"web": {"build": {"context": str(folder)}}}}
    settings = {"registry": {"prefix": f"{local_registry}/team"}, "checkBuilds": True}
    code, said = pushing.preview(application, **settings)
    assert code == 0, said
    with pytest.raises(docker.errors.NotFound):
        engine.images.pull(f"{local_registry}/team/{pushing.name}-web")
    (folder / "Dockerfile").write_text("FROM scratch\nCOPY missing /\n")
    code, said = pushing.preview(application, **settings)
    assert code != 0
    assert 'services.web.build: Dockerfile:2: "missing" is not in the build context' in said
