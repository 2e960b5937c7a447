"""What stands in the way and only AWS can tell: asked read-only, before anything is created."""

import time
from collections.abc import Iterator, Sequence

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from ...access import Contents, EcsAccess, ImageReference, Images
from ...errors import Problem
from ...model import App
from ..create import this_stack
from ..rows import Row
from . import client, conflicting, named, places
from .conflicting import Ours
from .given import Given
from .render import render

WHERE = "slipway:cluster"
SECONDS = 5.0
"""How long is asked, in all; what has not been asked by then, the deployment tells."""
EXPIRED = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "RequestExpired",
    "UnrecognizedClientException",
)
LOG_IN = "log in again, such as by `aws sso login`"
DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
"""Who may not look at a thing may be allowed to use it: no reason to stop."""


def probe(app: App, images: Images, access: EcsAccess) -> list[Problem]:
    """What is in the way of an application; empty where the cluster is not known yet.

    Args:
        app: the application.
        images: what its services run.
        access: the cluster.
    """
    if not client.can_ask(access):
        return []
    asked, until = client.Clients(access), time.monotonic() + SECONDS
    found = list(_identity(asked, access))
    if found:
        return found
    rows = _rows(app, images, access)
    for check in (*places.CHECKS, *named.CHECKS):
        if time.monotonic() < until:
            found += _tolerant(check(asked, access, rows))
    ours = Ours(app.name, this_stack())
    for compare in conflicting.CHECKS:
        if time.monotonic() < until:
            found += _tolerant(compare(asked, access, rows, ours))
    return found


def _rows(app: App, images: Images, access: EcsAccess) -> Sequence[Row]:
    """What would be created, with something in place of what is read or built later."""
    contents = Contents(secrets=dict.fromkeys(app.secrets, "-"), configs=dict.fromkeys(app.configs, "-"))
    known = {name: images.get(name) or ImageReference(name=name) for name in app.services}
    return render(app, known, Given(access=access, contents=contents))


def _identity(asked: client.Clients, access: EcsAccess) -> Iterator[Problem]:
    try:
        account = str(asked["sts"].get_caller_identity()["Account"])
    except ProfileNotFound as error:
        yield Problem(str(error), WHERE, "run `aws configure list-profiles`")
    except (NoCredentialsError, PartialCredentialsError):
        yield Problem("there are no AWS credentials", WHERE, "run `aws sso login`, or set AWS_PROFILE")
    except (SSOError, TokenRetrievalError) as error:
        yield Problem(f"AWS refuses the credentials ({error})", WHERE, LOG_IN)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        fix = LOG_IN if code in EXPIRED else "check who you are at AWS"
        yield Problem(f"AWS refuses the credentials ({code})", WHERE, fix)
    except BotoCoreError as error:
        yield Problem(f"AWS cannot be reached ({error})", WHERE, "check the region and the network")
    else:
        if account != access.account:
            what = f"the credentials are those of account {account}, and the cluster is in {access.account}"
            yield Problem(what, WHERE, "take others, such as by AWS_PROFILE or slipway:ecs.profile")


def _tolerant(check: Iterator[Problem]) -> list[Problem]:
    """What a check finds; nothing where AWS does not let it look."""
    found: list[Problem] = []
    try:
        found.extend(check)
    except ClientError as error:
        said = error.response["Error"]
        if said["Code"] not in DENIED:
            found.append(Problem(f"AWS says: {said.get('Message', error)}", WHERE, "check the settings"))
    except BotoCoreError:
        pass  # it has answered before: what cannot be asked now is no reason to stop
    return found
