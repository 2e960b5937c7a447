"""What an older Docker Engine does not have: it would refuse the key in its own words, or ignore it without any.

Source: the version history of the Engine's API (https://docs.docker.com/reference/api/engine/version-history/), and
which Engine came with which API (https://docs.docker.com/reference/api/engine/#api-version-matrix); of the plugin:
https://github.com/kreuzwerker/terraform-provider-docker, resource_docker_container_funcs.go.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...errors import Problem
from ...model import App, Path, used
from .container import is_cdi


class Since(NamedTuple):
    """The first Engine that has a key, and its API."""

    engine: str
    api: str


ENGINE_25, ENGINE_26, ENGINE_28 = Since("25.0", "1.44"), Since("26.0", "1.45"), Since("28.0", "1.48")
KEYS: Mapping[str, Since] = {
    "services.*.healthcheck.start_interval": ENGINE_25,
    "services.*.mac_address": ENGINE_25,
    "services.*.networks.*.mac_address": ENGINE_25,
    "services.*.networks.*.gw_priority": ENGINE_28,
    "services.*.volumes.volume.subpath": ENGINE_26,
    # the Engine has had these for long, but the docker plugin refuses every option of a volume before subpath came
    "services.*.volumes.volume.labels.*": ENGINE_26,
    "services.*.volumes.volume.nocopy": ENGINE_26,
}
"""Key -> what it needs; `*` is a name, places in lists are left out."""
_PATTERNS = [(tuple(key.split(".")), since) for key, since in KEYS.items()]
CDI = ENGINE_25
"""What a device by its CDI name needs."""


def problems(app: App, engine: str, api: str) -> Iterator[Problem]:
    """What the application asks for and an Engine is too old for.

    Args:
        app: the application.
        engine: the Engine's version, `20.10.24+dfsg1`.
        api: the latest version of the API that it speaks, `1.41`.
    """
    for path, since in _needed(app):
        if _number(api) < _number(since.api):
            yield Problem(
                f"needs Docker Engine {since.engine} (API {since.api}), and this one is {engine} (API {api})",
                app.where(path),
                "upgrade it, or remove the key",
            )


def _needed(app: App) -> Iterator[tuple[Path, Since]]:
    for path, _value in used(app):
        keys = [key for key in path if isinstance(key, str)]
        for pattern, since in _PATTERNS:
            if len(keys) == len(pattern) and all(word in ("*", key) for word, key in zip(pattern, keys, strict=True)):
                yield path, since
    for name, service in app.services.items():
        for index, device in enumerate(service.devices):
            if is_cdi(device):
                yield ("services", name, "devices", index), CDI


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
