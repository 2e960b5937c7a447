"""Crontab expressions as EventBridge writes them. That it fires then is EventBridge's affair."""

import pytest

from components.targets.ecs import cron


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("* * * * *", "cron(* * * * ? *)"),
        ("0 3 * * *", "cron(0 3 * * ? *)"),
        ("*/15 * * * *", "cron(0,15,30,45 * * * ? *)"),
        ("7/20 * * * *", "cron(7,27,47 * * * ? *)"),
        ("0 9-17/4 * * *", "cron(0 9,13,17 * * ? *)"),
        ("5 4 1,15 * *", "cron(5 4 1,15 * ? *)"),
        ("0 0 1 1-12 *", "cron(0 0 1 * ? *)"),
        ("0 0 1 JAN,dec *", "cron(0 0 1 1,12 ? *)"),
        ("0 4 * * 0", "cron(0 4 ? * SUN *)"),
        ("0 4 * * 7", "cron(0 4 ? * SUN *)"),
        ("0 4 * * 1-5", "cron(0 4 ? * MON,TUE,WED,THU,FRI *)"),
        ("0 4 * * mon-wed", "cron(0 4 ? * MON,TUE,WED *)"),
        ("0 4 * * 5-7", "cron(0 4 ? * SUN,FRI,SAT *)"),
        ("0 4 * * 0-6", "cron(0 4 * * ? *)"),
        ("@daily", "cron(0 0 * * ? *)"),
        ("@weekly", "cron(0 0 ? * SUN *)"),
    ],
)
def test_an_expression_means_the_same(written: str, meant: str) -> None:
    assert cron.expression(written) == meant


def test_days_of_both_kinds_are_refused() -> None:
    what = "it names days of the month and days of the week, of which EventBridge takes one kind"
    with pytest.raises(ValueError, match=f"^{what}$"):
        cron.expression("0 0 1 * 1")


def test_what_is_no_expression_is_refused() -> None:
    with pytest.raises(ValueError, match=r'^"60" is no minute$'):
        cron.expression("60 * * * *")
