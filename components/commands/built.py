"""What services run where nothing is built: `--images FILE`, and `slipway:images` of the stack."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from ..access import ImageReference
from ..errors import InputError, Problem, suggest
from ..model import App

BY_DIGEST = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")
FIX = "write --images FILE, made by `pulumi stack output images --json`"


def read(file: str | None) -> dict[str, str]:
    """A file of images: a JSON object of service to reference, as `pulumi stack output images --json` prints it.

    Raises:
        InputError: it cannot be read, or is something else.
    """
    if file is None:
        return {}
    try:
        found = json.loads(Path(file).read_bytes())
    except OSError as error:
        raise InputError(Problem(f'cannot read "{file}" ({error.strerror})', "--images", "check the path")) from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        what = "it is not a JSON object of service to image"
        raise InputError(Problem(what, file, "make it by `pulumi stack output images --json`"))
    return found


def references(app: App, given: Mapping[str, str], where: str) -> dict[str, ImageReference]:
    """What each service runs, as far as it is told: what is given by digest, else the service's own `image`.

    Args:
        app: the application.
        given: service -> reference.
        where: what messages begin with: the file, or the stack.

    Returns:
        Without the services that have a `build` and are not given by digest.

    Raises:
        InputError: something is given for what is no service.
    """
    odd = [
        Problem(f'"{name}" is no service', where, suggest(name, app.services)) for name in given.keys() - app.services
    ]
    if odd:
        raise InputError(sorted(odd, key=str))
    found: dict[str, ImageReference] = {}
    for name, service in app.services.items():
        reference = given.get(name, "")
        if BY_DIGEST.fullmatch(reference):
            repository, _, digest = reference.partition("@")
            found[name] = ImageReference(name=repository, digest=digest)
        elif service.build is None:
            found[name] = ImageReference(name=service.image or "")
    return found


def missing(app: App, found: Mapping[str, ImageReference], where: str) -> list[Problem]:
    """One problem for all services that are built here and whose digest is not told."""
    names = [name for name in app.services if name not in found]
    return [Problem(f"no digest of what is built here ({', '.join(names)})", where, FIX)] if names else []
