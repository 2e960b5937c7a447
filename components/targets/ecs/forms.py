"""How the API's optional keys are written."""

from typing import Any


def listed(key: str, values: Any) -> dict[str, Any]:
    """A key with its values; nothing where there are none."""
    return {key: values} if values else {}
