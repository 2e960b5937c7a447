"""What the API has in objects of their own, and the provider has not: `routingConfig.routingMode`. Pure."""

from collections.abc import Mapping

from standins.values import Properties, Value


def put(made: Properties, path: str, value: Value) -> None:
    """Put a value into an object, at a path of members with dots between."""
    *folders, last = path.split(".")
    place = made
    for folder in folders:
        place = place.setdefault(folder, {})
    place[last] = value


def got(found: Value, path: str) -> Value:
    """What an object has at a path; None where there is none."""
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found
