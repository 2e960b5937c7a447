"""What every cloud is asked before anything is created: question after question, for a few seconds in all."""

import time
from collections.abc import Callable, Iterable, Iterator

from ..access import Contents, ImageReference, Images
from ..errors import Problem
from ..model import App

SECONDS = 5.0
"""How long is asked, in all; what has not been asked by then, the deployment tells."""
Question = Callable[[], Iterator[Problem]]
"""Asks the platform for one thing, and tells what is in the way."""


def answers(
    who: Question, others: Callable[[], Iterable[Question]], tolerated: Callable[[Iterator[Problem]], list[Problem]]
) -> list[Problem]:
    """What is in the way; nothing else is asked where the platform does not know who asks.

    Args:
        who: asks whether the credentials are those of the place.
        others: all else that is asked.
        tolerated: what an answer tells, though the platform may not let it be looked at.
    """
    until = time.monotonic() + SECONDS
    found = list(who())
    if found:
        return found
    for question in others():
        if time.monotonic() < until:
            found += tolerated(question())
    return found


def stood_in(app: App, images: Images) -> tuple[Images, Contents]:
    """Images and contents with something in place of what is read or built later.

    Args:
        app: the application.
        images: what its services run, as far as it is known.
    """
    contents = Contents(secrets=dict.fromkeys(app.secrets, "-"), configs=dict.fromkeys(app.configs, "-"))
    return {name: images.get(name) or ImageReference(name=name) for name in app.services}, contents
