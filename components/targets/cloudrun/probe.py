"""What stands in the way and only Google Cloud can tell: asked read-only, before anything is created."""

import functools
from collections.abc import Iterator

import requests
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError

from ...access import CloudRunAccess, Images
from ...errors import Problem
from ...model import App
from .. import asking
from ..asking import Question
from ..create import this_stack
from . import client, named, places
from .given import Given
from .named import Ours
from .places import WHERE
from .render import render

LOG_IN = "run `gcloud auth application-default login`"
TOLERATED = ("SERVICE_DISABLED",)
"""Reasons of a refusal that are no reason to stop: an API is turned on before it is used."""


def probe(app: App, images: Images, access: CloudRunAccess) -> list[Problem]:
    """What is in the way of an application; empty where the project is not known yet.

    Args:
        app: the application.
        images: what its services run.
        access: the project.
    """
    if not client.can_ask(access):
        return []
    asked = client.Client(access)

    def others() -> Iterator[Question]:
        known, contents = asking.stood_in(app, images)
        rows, ours = render(app, known, Given(access=access, contents=contents)), Ours(app.name, this_stack())
        for check in (*places.CHECKS, *named.CHECKS):
            yield functools.partial(check, asked, access, rows)
        for compare in named.COMPARISONS:
            yield functools.partial(compare, asked, access, rows, ours)

    return asking.answers(functools.partial(_project, asked, access), others, _tolerant)


def _project(asked: client.Client, access: CloudRunAccess) -> Iterator[Problem]:
    """Who asks, and whether he sees the project that the settings mean."""
    try:
        found = asked.get("cloudresourcemanager", f"v1/projects/{access.project}")
    except DefaultCredentialsError:
        yield Problem("there are no Google Cloud credentials", WHERE, LOG_IN)
    except GoogleAuthError as error:
        yield Problem(f"Google refuses the credentials ({_first_line(error)})", WHERE, LOG_IN)
    except requests.RequestException as error:
        yield Problem(f"Google Cloud cannot be reached ({_first_line(error)})", WHERE, "check the network")
    except client.RefusedError as error:
        yield from _refused(error, access)
    else:
        number = str(found.get("projectNumber"))
        if found.get("lifecycleState") != "ACTIVE":
            yield Problem(f'the project "{access.project}" is about to be deleted', WHERE, "name another")
        elif number != access.number:
            what = f'the number of the project "{access.project}" is {number}, not {access.number}'
            yield Problem(what, WHERE, "mend project or number")


def _refused(error: client.RefusedError, access: CloudRunAccess) -> Iterator[Problem]:
    if error.code == client.UNAUTHORIZED:
        yield Problem(f"Google refuses the credentials ({_first_line(error)})", WHERE, LOG_IN)
    elif error.code in (client.FORBIDDEN, client.MISSING) and error.reason not in TOLERATED:
        what = f'there is no project "{access.project}" that the credentials let you see'
        yield Problem(what, WHERE, f"run `gcloud projects list`, or log in as another: {LOG_IN}")


def _first_line(error: Exception) -> str:
    return str(error.args[0] if error.args else error).strip().splitlines()[0].rstrip(".")


def _tolerant(check: Iterator[Problem]) -> list[Problem]:
    """What a check finds; nothing where Google does not let it look."""
    found: list[Problem] = []
    try:
        found.extend(check)
    except client.RefusedError as error:
        # who may not look at a thing may be allowed to use it, and an API that is off is turned on
        if error.code != client.FORBIDDEN:
            found.append(Problem(f"Google says: {_first_line(error)}", WHERE, "check the settings"))
    except (GoogleAuthError, requests.RequestException):
        pass  # it has answered before: what cannot be asked now is no reason to stop
    return found
