"""A cloud for the whole session, and what a task on it needs."""

from collections.abc import Iterator
from typing import Any

import pytest

from aws import start
from aws.tasks import Ecs


@pytest.fixture(scope="session")
def cloud() -> Iterator[start.Cloud]:
    """An AWS of this machine's own."""
    with start.some_cloud() as made:
        yield made


@pytest.fixture
def ecs(cloud: start.Cloud, request: pytest.FixtureRequest) -> Iterator[Any]:
    """A cluster for one test, and what is done with it."""
    made = Ecs(cloud, request.node.name.replace("_", "-")[:40].strip("-"))
    yield made
    made.remove()
