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
        ("0 0 1 * 1", "it names days of the month and days of the week, of which EventBridge takes one kind"),
    ],
)
def test_what_is_wrong_with_an_expression_is_told(written: str, what: str) -> None:
    with pytest.raises(ValueError, match="^" + what.replace("*", r"\*") + "$"):
        cron.expression(written)
