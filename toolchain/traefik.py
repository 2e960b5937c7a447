"""The image of a Swarm's entry point where no registry answers: Traefik from its Go module, on the base image.

It is no stand-in for Traefik, which it is, but for its official image. The module lacks what its dashboard is made of
(`webui/static`, which the program embeds); the entry point has no dashboard, and an empty page takes its place.
The module's own go.sum pins what it is built from, and Go's checksum database the module.
"""

import json
import shutil
import tempfile
from pathlib import Path

from . import base_image, cache, golang
from .places import Places
from .shell import run, succeeds

VERSION = "3.5.0"
MODULE = "github.com/traefik/traefik/v3"
NAME = "traefik:v3.5"
_DOCKERFILE = f'FROM {base_image.NAME}\nCOPY traefik /usr/local/bin/traefik\nENTRYPOINT ["traefik"]\n'


def ensure(places: Places) -> str:
    """Make the image be in the Engine; the base image is there.

    Returns:
        How it came.

    Raises:
        InputError: it cannot be built.
    """
    if succeeds(["docker", "image", "inspect", NAME]):
        return "reused"
    built = program(places)
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy2(built, folder)
        (Path(folder) / "Dockerfile").write_text(_DOCKERFILE)
        run(["docker", "build", "--quiet", "--tag", NAME, folder], env={"DOCKER_BUILDKIT": "0"})
    return "built from Go modules"


def program(places: Places) -> Path:
    """Traefik in the cache; built where it is missing, which takes minutes."""
    folder = places.cache / f"traefik-{VERSION}"
    cache.install(folder, lambda fresh: _build(places, fresh))
    return folder / "traefik"


def _build(places: Places, folder: Path) -> None:
    go, env = str(golang.find(places)), {"GOTOOLCHAIN": "local", "CGO_ENABLED": "0"}
    fix = "see whether a Go module proxy answers (`go env GOPROXY`)"
    asked = [go, "mod", "download", "-json", f"{MODULE}@v{VERSION}"]
    told = json.loads(run(asked, cwd=folder, env=env, fix=fix))
    with tempfile.TemporaryDirectory() as copy:
        source = Path(copy) / "source"
        shutil.copytree(told["Dir"], source, copy_function=shutil.copyfile)
        for path in (source, *source.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        (source / "webui" / "static").mkdir()
        (source / "webui" / "static" / "index.html").write_text("")
        flags = ["-trimpath", "-buildvcs=false", "-ldflags", f"-s -w -X {MODULE}/pkg/version.Version={VERSION}"]
        run([go, "build", *flags, "-o", str(folder / "traefik"), "./cmd/traefik"], cwd=source, env=env, fix=fix)
