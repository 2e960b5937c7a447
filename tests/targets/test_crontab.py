"""Crontab expressions, read into numbers."""

import pytest

from components.targets import crontab


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("* * * * *", "* * * * *"),
        ("0 3 * * *", "0 3 * * *"),
        ("*/15 * * * *", "0,15,30,45 * * * *"),
        ("7/20 * * * *", "7,27,47 * * * *"),
        ("0 9-17/4 * * *", "0 9,13,17 * * *"),
        ("5 4 1,15 * 1", "5 4 1,15 * 1"),
        ("0 0 1 1-12 *", "0 0 1 * *"),
        ("0 0 1 JAN,dec *", "0 0 1 1,12 *"),
        ("0 4 * * 7", "0 4 * * 0"),
        ("0 4 * * mon-wed", "0 4 * * 1,2,3"),
        ("0 4 * * 5-7", "0 4 * * 0,5,6"),
        ("0 4 * * 0-6", "0 4 * * *"),
        ("@daily", "0 0 * * *"),
        ("@weekly", "0 0 * * 0"),
    ],
)
def test_every_number_of_each_field_is_written_out(written: str, meant: str) -> None:
    assert " ".join(crontab.written_out(written)) == meant


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("* * *", "it has 3 fields instead of 5"),
        ("60 * * * *", '"60" is no minute'),
        ("0 24 * * *", '"24" is no hour'),
        ("0 0 0 * *", '"0" is no day of the month'),
        ("0 0 * FOO *", '"FOO" is no month'),
        ("0 0 * * 8", '"8" is no day of the week'),
        ("5-1 * * * *", '"5-1" is no minute'),
        ("*/0 * * * *", '"*/0" is no minute'),
        ("*/x * * * *", '"*/x" is no minute'),
    ],
)
def test_what_is_wrong_with_an_expression_is_told(written: str, what: str) -> None:
    with pytest.raises(ValueError, match="^" + what.replace("*", r"\*") + "$"):
        crontab.written_out(written)
