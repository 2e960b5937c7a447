"""What every test folder shares: the option that rewrites golden files."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-goldens",
        action="store_true",
        help="write what the code gives into the golden files of tests/cases instead of comparing; read the diff after",
    )
