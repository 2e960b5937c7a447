"""From a Compose `build` to the arguments of docker-build's `Image`. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from ..model import App, Build, Service, concat
from .sources import Sources


def arguments(
    service: Service,
    app: App,
    *,
    sources: Sources,
    tags: Sequence[str],
    platform: str | None,
    secrets: Mapping[str, Any],
    check: bool,
) -> dict[str, Any]:
    """Arguments of `docker_build.Image`, in the SDK's snake_case; what is not set is left out.

    Args:
        service: whose image it is.
        app: the application.
        sources: what the build reads, with the images of other services.
        tags: what the image is called.
        platform: what it is built for where the service does not say; None: what the builder runs on.
        secrets: content of the application's secrets.
        check: whether preview builds too.
    """
    build = service.build or Build()
    required: dict[str, Any] = {
        "context": {"location": sources.location},
        "tags": list(tags),
        "build_on_preview": check,
        "labels": {"com.docker.compose.project": app.name, "com.docker.compose.service": service.name, **build.labels},
    }
    if sources.named:
        required["context"]["named"] = {name: {"location": place} for name, place in sources.named.items()}
    wanted = service.platform or platform
    optional = {
        "dockerfile": _dockerfile_argument(build, sources),
        "build_args": {name: value for name, value in build.args.items() if value is not None},
        "target": build.target,
        "no_cache": build.no_cache,
        "pull": build.pull,
        "network": build.network,
        "platforms": list(build.platforms or ((wanted,) if wanted else ())),
        "add_hosts": [f"{host}:{ip}" for host, ips in build.extra_hosts.items() for ip in ips],
        "cache_from": [{"raw": _cache(entry)} for entry in build.cache_from],
        "cache_to": [{"raw": _cache(entry)} for entry in build.cache_to],
        "ssh": [{"id": name, **({"paths": [path]} if path else {})} for name, path in build.ssh.items()],
        "secrets": {grant.target or grant.source: concat(secrets[grant.source]) for grant in build.secrets},
    }
    return required | {key: value for key, value in optional.items() if value not in (None, {}, [])}


def _dockerfile_argument(build: Build, sources: Sources) -> dict[str, Any] | None:
    if build.dockerfile_inline is not None:
        return {"inline": build.dockerfile_inline}
    return None if sources.dockerfile is None else {"location": sources.dockerfile}


def _cache(entry: str) -> str:
    """`type=...` as it is; a bare reference is a registry's, as docker compose reads it."""
    return entry if "=" in entry else f"type=registry,ref={entry}"
