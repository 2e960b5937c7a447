"""From a Compose `build` to the arguments of docker-build's `Image`. Pure but for `stage`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError, Problem
from ..model import App, Build, Service, Text, concat
from . import context

DEFAULT_DOCKERFILE = "Dockerfile"


def arguments(
    service: Service,
    app: App,
    *,
    location: str,
    tags: Sequence[str],
    platform: str | None,
    secrets: Mapping[str, Any],
    check: bool,
) -> dict[str, Any]:
    """Arguments of `docker_build.Image`, in the SDK's snake_case; what is not set is left out.

    Args:
        service: whose image it is.
        app: the application.
        location: the staged context, or a URL.
        tags: what the image is called.
        platform: what it is built for where the service does not say; None: what the builder runs on.
        secrets: content of the application's secrets.
        check: whether preview builds too.
    """
    build = service.build or Build()
    args: dict[str, Any] = {
        "context": {"location": location},
        "dockerfile": _dockerfile(build, location),
        "tags": list(tags),
        "build_on_preview": check,
        "labels": {"com.docker.compose.project": app.name, "com.docker.compose.service": service.name, **build.labels},
    }
    if build.additional_contexts:
        args["context"]["named"] = {name: {"location": place} for name, place in build.additional_contexts.items()}
    optional = _optional(service, build, secrets, platform)
    return args | {key: value for key, value in optional.items() if value not in (None, {}, [])}


def stage(service: Service, app: App) -> str:
    """The staged context of a service's build, as the plugin takes it.

    Raises:
        InputError: the context or the Dockerfile is missing.
    """
    build = service.build or Build()
    place = build.context or "."
    if context.is_remote(place):
        return place
    folder = Path(place)
    where = app.where(("services", service.name, "build"))
    if not folder.is_dir():
        raise InputError(Problem(f'build context "{place}" is not a folder', where, "check the path"))
    dockerfile = build.dockerfile or DEFAULT_DOCKERFILE
    if build.dockerfile_inline is None and not (folder / dockerfile).is_file():
        raise InputError(Problem(f'there is no "{dockerfile}" in {place}', where, "write build.dockerfile"))
    return str(context.stage(folder, dockerfile, f"{app.name}-{service.name}"))


def _dockerfile(build: Build, location: str) -> dict[str, Any]:
    if build.dockerfile_inline is not None:
        return {"inline": build.dockerfile_inline}
    return {"location": f"{location}/{build.dockerfile or DEFAULT_DOCKERFILE}"}


def _optional(service: Service, build: Build, secrets: Mapping[str, Any], platform: str | None) -> dict[str, Any]:
    wanted = service.platform or platform
    platforms = build.platforms or ((wanted,) if wanted else ())
    return {
        "build_args": {name: value for name, value in build.args.items() if value is not None},
        "target": build.target,
        "no_cache": build.no_cache,
        "pull": build.pull,
        "network": build.network,
        "platforms": list(platforms),
        "add_hosts": [f"{host}:{ip}" for host, ips in build.extra_hosts.items() for ip in ips],
        "cache_from": [{"raw": _cache(entry)} for entry in build.cache_from],
        "cache_to": [{"raw": _cache(entry)} for entry in build.cache_to],
        "ssh": [{"id": name, **({"paths": [path]} if path else {})} for name, path in build.ssh.items()],
        "secrets": {grant.target or grant.source: _text(secrets[grant.source]) for grant in build.secrets},
    }


def _cache(entry: str) -> str:
    """`type=...` as it is; a bare reference is a registry's, as docker compose reads it."""
    return entry if "=" in entry else f"type=registry,ref={entry}"


def _text(content: Text | bytes) -> Text:
    return content.decode() if isinstance(content, bytes) else concat(content)
