"""What stands in the way and only AWS can tell: asked read-only, before anything is created."""

import functools
from collections.abc import Iterator

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
    SSOError,
    TokenRetrievalError,
)

from ...access import EcsAccess, Images
from ...errors import Problem
from ...model import App
from .. import asking
from ..asking import Question
from ..create import this_stack
from . import client, conflicting, named, places
from .conflicting import Ours
from .given import Given
from .render import render

WHERE = "slipway:cluster"
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
    asked = client.Clients(access)

    def others() -> Iterator[Question]:
        known, contents = asking.stood_in(app, images)
        rows, ours = render(app, known, Given(access=access, contents=contents)), Ours(app.name, this_stack())
        for check in (*places.CHECKS, *named.CHECKS):
            yield functools.partial(check, asked, access, rows)
        for compare in conflicting.CHECKS:
            yield functools.partial(compare, asked, access, rows, ours)

    return asking.answers(functools.partial(_identity, asked, access), others, _tolerant)


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
