"""An application as one Compose file, which docker compose takes: merged, interpolated, in the long form.

What is secret is no part of it: a variable of `slipway:secrets` stands there as `${NAME:?}`, which docker compose asks
its environment for. Paths of the project and of the working directory are relative to the folder that the file is
written to, so that every checkout gives the same bytes.
"""

import os
from collections.abc import Mapping
from typing import Any

from .. import compose
from ..access import ImageReference
from ..compose import canonical, paths
from ..model import Opaque, Parts, Text
from . import as_yaml, config
from .files import Named

FILE = "compose.yaml"
REQUIRED = "has to be set: it is secret, and no part of this file"


def render(at: Named, images: Mapping[str, ImageReference], folder: str) -> dict[str, str]:
    """The file.

    Args:
        at: what is read.
        images: what services run; a service that has a `build` and is not here is built by docker compose.
        folder: where it will be.

    Returns:
        File name -> content.
    """
    tree = compose.resolve(
        at.files, at.env, at.profiles, directory=at.directory, name=at.name, dotenv=at.dotenv, variables=True
    )
    # strings in, strings out
    for within in (".", at.directory or os.path.dirname(at.files[0])):  # noqa: PTH120
        paths.relocate(tree, os.path.abspath(within), os.path.abspath(folder))  # noqa: PTH100
    for name, service in tree["services"].items():
        if service.get("build") and name in images:
            del service["build"]
            service["image"] = images[name].text
    return {FILE: HEAD + as_yaml.dump(config.ordered(canonical.plain(written(tree))))}


HEAD = "# Written by `render`, which writes it anew; `docker compose up` takes it.\n"


def interpolated(value: Text) -> str:
    """A text as a Compose file has it: a dollar is `$$`, what is secret is a variable that has to be set."""
    return "".join(
        part.replace("$", "$$") if isinstance(part, str) else _variable(part)
        for part in ((value,) if isinstance(value, str) else value)
    )


def _variable(part: Opaque) -> str:
    if part.secret:
        return f"${{{part.name}:?{REQUIRED}}}"
    return str(part.value).replace("$", "$$")


def written(value: Any) -> Any:
    """A tree whose texts are as a Compose file has them."""
    if isinstance(value, (str, Parts)):
        return interpolated(value)
    if isinstance(value, Mapping):
        return {key: written(element) for key, element in value.items()}
    return [written(element) for element in value] if isinstance(value, (list, tuple)) else value
