"""What the tests of every target share."""

import gc
import logging
from collections.abc import Iterator

import pytest


@pytest.fixture
def quiet() -> Iterator[None]:
    """Pulumi leaves the futures of a failed program unread: collected here, not in the middle of a later test."""
    logging.getLogger("asyncio").disabled = True  # also for those that the interpreter's end collects
    yield
    gc.collect()
