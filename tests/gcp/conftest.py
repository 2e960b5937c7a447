"""A cloud for the whole session, and a project's APIs for one test."""

from collections.abc import Iterator

import pytest

from tests.gcp import start
from tests.gcp.scratch import Scratch


@pytest.fixture(scope="session")
def google_cloud() -> Iterator[start.Cloud]:
    """A Google Cloud of this machine's own."""
    with start.some_cloud() as made:
        yield made


@pytest.fixture
def scratch(google_cloud: start.Cloud, request: pytest.FixtureRequest) -> Iterator[Scratch]:
    """What one test makes in it."""
    made = Scratch(google_cloud)
    yield made
    made.remove()
