"""Images that are really built, by `pulumi up` with the docker-build plugin and the builder that set-up brought.

Where images are loaded into the Engine, the docker plugin runs them; where that is the stand-in, this does not prove
that the official one behaves alike. `SCRATCH` images hold files and nothing that runs: they are looked into.
"""

import io
import json
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
from deployments import Deployment

pytestmark = pytest.mark.engine

BASE = "debian:bookworm-slim"


def files(deployment: Deployment, image: str) -> dict[str, bytes]:
    """Path -> content of everything that is no folder in the layers of an image; a link's content is its target."""
    archive = io.BytesIO(b"".join(deployment.engine.images.get(image).save()))
    found: dict[str, bytes] = {}
    with tarfile.open(fileobj=archive) as outer:
        manifest = json.load(outer.extractfile("manifest.json"))
        for layer in manifest[0]["Layers"]:
            with tarfile.open(fileobj=io.BytesIO(outer.extractfile(layer).read())) as inner:
                for entry in inner:
                    if not entry.isdir():
                        file = inner.extractfile(entry) if entry.isfile() else None
                        found[entry.name] = file.read() if file else entry.linkname.encode()
    return found


def digests(deployment: Deployment) -> dict[str, str]:
    return {each["urn"].rpartition("::")[2]: each["outputs"]["digest"] for each in images(deployment)}


def images(deployment: Deployment) -> list[dict[str, Any]]:
    return [each for each in deployment.resources() if each["type"] == "docker-build:index:Image"]


def write(folder: Path, **contents: str) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_text(content)
    return str(folder)


def sleeping(**build: Any) -> dict[str, Any]:
    return {"build": build, "command": ["sleep", "infinity"], "stop_grace_period": "0s"}


def test_an_unchanged_context_is_no_change_and_a_changed_file_rebuilds_that_image_alone(deployment, tmp_path) -> None:
    a = write(tmp_path / "a", Dockerfile=f"FROM {BASE}\nCOPY file /\n", file="1")
    b = write(tmp_path / "b", Dockerfile=f"FROM {BASE}\nCOPY file /\n", file="1")
    application = {"services": {"a": sleeping(context=a), "b": sleeping(context=b)}}
    code, said = deployment.up(application)
    assert code == 0, said
    before, ids = digests(deployment), {key: deployment.container(f"{key}-1").id for key in ("a", "b")}
    assert deployment.run("a-1", "cat", "/file") == "1"
    (tmp_path / "a" / "file").chmod(0o664)
    code, said = deployment.up(application)
    assert code == 0
    assert "unchanged" in said
    assert digests(deployment) == before
    (tmp_path / "a" / "file").write_text("2")
    code, _ = deployment.up(application)
    assert code == 0
    changed = {name for name, digest in digests(deployment).items() if digest != before[name]}
    assert changed == {f"{deployment.name}-a"}
    assert deployment.run("a-1", "cat", "/file") == "2"
    assert {key for key in ids if deployment.container(f"{key}-1").id != ids[key]} == {"a"}


def test_a_build_sees_what_docker_would_send(deployment, tmp_path) -> None:
    """Links of every kind, odd names, an ignore file, an empty folder, and a Dockerfile that is ignored."""
    context = tmp_path / "context"
    write(context / "src", **{"main.py": "", "a b": "", "é": "", "x.log": ""})
    write(context, **{".dockerignore": "**/*.log\n!keep.log\nDockerfile\n", "keep.log": "", "drop.log": ""})
    write(context, Dockerfile=f"FROM {BASE}\nCOPY . /x\n")
    (context / "empty").mkdir()
    for name, to in {"inside": "src/main.py", "dangling": "missing", "out": "../../out", "self": "."}.items():
        (context / name).symlink_to(to)
    code, said = deployment.up({"services": {"web": sleeping(context=str(context))}})
    assert code == 0, said
    found = deployment.run("web-1", "find", "/x", "-mindepth", "1", "-printf", "%P %l\n").splitlines()
    assert sorted(line.rstrip() for line in found) == sorted(
        [
            ".dockerignore", "dangling missing", "empty", "inside src/main.py", "keep.log", "out ../../out", "self .",
            "src", "src/a b", "src/main.py", "src/é",
        ]
    )  # fmt: skip


def test_dockerfiles_elsewhere_inline_and_named_contexts(deployment, tmp_path) -> None:
    context = write(tmp_path / "context", file="context")
    write(tmp_path / "docker", **{"web.Dockerfile": f"FROM {BASE}\nCOPY file /\nCOPY --from=more file /more\n"})
    more = write(tmp_path / "more", file="more", ignored="")
    write(tmp_path / "more", **{".dockerignore": "ignored\n"})
    inline = f"FROM {BASE}\nCOPY --from=image /etc/os-release /image\nCOPY --from=other / /other/\n"
    application = {
        "services": {
            "web": sleeping(context=context, dockerfile="../docker/web.Dockerfile", additional_contexts={"more": more}),
            "job": sleeping(
                context=context,
                dockerfile_inline=inline,
                additional_contexts={"image": f"docker-image://{BASE}", "other": more},
            ),
        }
    }
    code, said = deployment.up(application)
    assert code == 0, said
    assert deployment.run("web-1", "cat", "/file", "/more") == "contextmore"
    assert deployment.run("job-1", "ls", "-A", "/other") == ".dockerignore\nfile"
    assert deployment.run("job-1", "test", "-s", "/image") == ""


def test_an_image_starts_from_another_services_image_and_follows_it(deployment, tmp_path) -> None:
    base = write(tmp_path / "base", Dockerfile=f"FROM {BASE}\nENV COLOUR=blue\nCOPY file /\n", file="1")
    web = write(tmp_path / "web", Dockerfile="FROM base\nRUN cp /file /copy\n")
    application = {
        "services": {
            "web": sleeping(context=web, additional_contexts={"base": "service:zero"}),
            "zero": sleeping(context=base),
        }
    }
    code, said = deployment.up(application)
    assert code == 0, said
    assert deployment.run("web-1", "sh", "-c", "cat /copy; echo $COLOUR") == "1blue"
    code, said = deployment.up(application)
    assert "unchanged" in said
    (tmp_path / "base" / "file").write_text("2")
    code, said = deployment.up(application)
    assert code == 0, said
    assert deployment.run("web-1", "cat", "/copy") == "2"


def test_a_builds_secret_reaches_it_and_nothing_else(deployment, tmp_path) -> None:
    marker = "geheim-4711"
    run = "RUN --mount=type=secret,id=token --mount=type=secret,id=own sha256sum /run/secrets/* > /sums"
    context = write(tmp_path / "context", Dockerfile=f"FROM {BASE}\n{run}\n")
    (tmp_path / "own").write_text(f"{marker}-file")
    deployment.secrets["TOKEN"] = marker
    application = {
        "services": {"web": sleeping(context=context, secrets=["token", {"source": "file", "target": "own"}])},
        "secrets": {"token": {"environment": "TOKEN"}, "file": {"file": str(tmp_path / "own")}},
    }
    code, said = deployment.up(application, "--logtostderr", "-v=3")
    assert code == 0, said
    sums = deployment.run("web-1", "cat", "/sums")
    for text in (marker, f"{marker}-file"):
        digest = subprocess.run(["sha256sum"], input=text, capture_output=True, text=True, check=True).stdout.split()[0]
        assert digest in sums
    image = deployment.engine.images.get(f"{deployment.name}-web")
    everything = b"".join(files(deployment, image.id).values())
    assert marker.encode() not in everything
    assert marker not in json.dumps([image.history(), image.attrs])
    assert marker not in said
    assert marker not in deployment.state()
    staged = Path(".slipway", "contexts", deployment.name)
    assert [path for path in staged.rglob("*") if path.is_file() and marker in path.read_text()] == []


def test_preview_builds_nothing_unless_it_is_asked_to(deployment, tmp_path) -> None:
    context = write(tmp_path / "context", Dockerfile=f"FROM {BASE}\nRUN exit 3\n")
    application = {"services": {"web": sleeping(context=context)}}
    code, said = deployment.preview(application)
    assert code == 0, said
    code, said = deployment.preview(application, checkBuilds=True)
    assert code != 0
    assert "services.web.build: Dockerfile:2: RUN exit 3: exit code: 3" in said


@pytest.mark.parametrize(
    ("dockerfile", "reason"),
    [
        (
            f"# remark\nFROM {BASE}\n\nRUN echo one; \\\n    echo two; \\\n    exit 3\n",
            "services.web.build: Dockerfile:4: RUN echo one;     echo two;     exit 3: exit code: 3\n"
            "      one\n      two",
        ),
        (
            f"FROM {BASE}\nCOPY missing /\n",
            'services.web.build: Dockerfile:2: "missing" is not in the build context; '
            "check its name, and that .dockerignore does not leave it out",
        ),
        (
            "FROM slipway.invalid/none:1\n",
            'services.web.build: Dockerfile:1: image "slipway.invalid/none:1" cannot be had; '
            "check its name, or log in to its registry",
        ),
    ],
)
def test_a_failed_build_names_its_service_and_the_line(deployment, tmp_path, dockerfile: str, reason: str) -> None:
    context = write(tmp_path / "context", Dockerfile=dockerfile)
    code, said = deployment.up({"services": {"web": sleeping(context=context)}})
    assert code != 0
    assert reason in said


def test_every_option_that_the_plugin_has_reaches_the_build(deployment, tmp_path) -> None:
    """Platform, target, args, hosts, network, caches, labels, tags, ssh: as far as the image shows it."""
    key = tmp_path / "id"
    subprocess.run(["ssh-keygen", "-q", "-N", "", "-t", "ed25519", "-f", str(key)], check=True)
    lines = [
        f"FROM {BASE} AS one",
        "ARG COLOUR",
        "RUN --mount=type=ssh,id=own echo $COLOUR > /made; test -S $SSH_AUTH_SOCK && echo agent >> /made",
        "RUN grep build.example /etc/hosts >> /made; ls /sys/class/net >> /made",
        "FROM one AS two",
        "RUN echo two >> /made",
    ]
    context = write(tmp_path / "context", Dockerfile="\n".join(lines))
    build = {
        "context": context,
        "target": "one",
        "args": {"COLOUR": "blue"},
        "ssh": [f"own={key}"],
        "extra_hosts": ["build.example=192.0.2.7"],
        "network": "none",
        "cache_to": [f"type=local,dest={tmp_path}/cache"],
        "cache_from": [f"type=local,src={tmp_path}/cache"],
        "labels": {"colour": "blue"},
        "tags": [f"{deployment.name}-more:1"],
        "platforms": ["linux/amd64"],
    }
    code, said = deployment.up({"services": {"web": sleeping(**build)}})
    assert code == 0, said
    assert deployment.run("web-1", "cat", "/made").split() == ["blue", "agent", "192.0.2.7", "build.example", "lo"]
    image = deployment.engine.images.get(f"{deployment.name}-more:1")
    assert image.id == deployment.container("web-1").image.id
    assert (image.labels["colour"], image.attrs["Architecture"]) == ("blue", "amd64")
    assert (tmp_path / "cache" / "index.json").exists()


def test_an_image_carries_no_attestation(deployment, tmp_path) -> None:
    """They would make another digest of every build: https://docs.docker.com/build/metadata/attestations/."""
    context = write(tmp_path / "context", Dockerfile=f"FROM {BASE}\n")
    application = {
        "services": {
            "web": sleeping(context=context, additional_contexts={"base": "service:base"}),
            "base": sleeping(context=context),
        }
    }
    code, said = deployment.up(application)
    assert code == 0, said
    (index,) = Path(".slipway", "layouts", deployment.name, "base").glob("*/index.json")
    (manifest,) = json.loads(index.read_text())["manifests"]
    assert manifest["mediaType"] == "application/vnd.oci.image.manifest.v1+json"


def test_what_was_built_elsewhere_runs_with_no_builder_present(
    deployment, tmp_path, local_registry, monkeypatch
) -> None:
    monkeypatch.setenv("BUILDX_CONFIG", str(tmp_path / "no-builder"))
    engine = deployment.engine
    repository = f"{local_registry}/{deployment.name}"
    engine.images.get(BASE).tag(repository) if engine.images.list(BASE) else engine.images.pull(BASE).tag(repository)
    engine.images.push(repository)
    (reference,) = [each for each in engine.images.get(repository).attrs["RepoDigests"] if each.startswith(repository)]
    code, said = deployment.up({"services": {"web": sleeping(context="nowhere")}}, images={"web": reference})
    engine.images.remove(repository)
    assert code == 0, said
    assert images(deployment) == []
    assert deployment.run("web-1", "echo", "up") == "up"
