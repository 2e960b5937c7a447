"""Images in the Engine: looked up, and pulled where they are not there."""

import json
from typing import Any

from standins.docker.engine import Engine, EngineError
from standins.resource import Call, StandinError


def find(engine: Engine, name: str) -> dict[str, Any] | None:
    """The image of a name, tag, digest or ID as the Engine describes it; None where it is not there."""
    found: dict[str, Any] | None = engine.find(f"/images/{name}/json")
    return found


def ensure(call: Call, name: str, platform: str = "") -> dict[str, Any]:
    """The image, pulled where the Engine does not have it.

    Raises:
        StandinError: it is neither there nor to be pulled.
        CancelledError: the engine asked to stop.
    """
    engine: Engine = call.client
    found = find(engine, name)
    if found is None:
        call.run(lambda: _pull(engine, name, platform))
        found = find(engine, name)
    if found is None:
        raise StandinError(f'image "{name}": pulled, and still not there; check the name and the platform')
    return found


def tagged(name: str) -> str:
    """The name of an image with the tag that a name without tag or digest means."""
    return name if "@" in name or ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"


def _pull(engine: Engine, name: str, platform: str) -> None:
    params = {"fromImage": tagged(name), "platform": platform or None}
    try:
        response = engine.request(
            "POST", "/images/create", params=params, headers=engine.registries.header(name), stream=True
        )
        with response:
            failures = [row["error"] for row in map(json.loads, response.iter_lines()) if "error" in row]
    except EngineError as error:
        failures = [str(error)]
    if failures:
        raise StandinError(
            f'image "{name}": not in the Engine, and cannot be pulled ({failures[0]});'
            f" build it, load it, or correct the name"
        )
