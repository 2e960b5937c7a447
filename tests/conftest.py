"""What every test folder shares: the option that rewrites golden files, and what follows a program that fails."""

import gc
import logging
from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="write what the code gives into the golden files of tests/cases instead of comparing; read the diff after",
    )


@pytest.fixture
def quiet() -> Iterator[None]:
    """Pulumi leaves the futures of a failed program unread: collected here, not in the middle of a later test."""
    logging.getLogger("asyncio").disabled = True  # also for those that the interpreter's end collects
    yield
    gc.collect()
