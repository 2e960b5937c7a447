"""Compose's crontab expressions as EventBridge Scheduler writes them.

There, one of the two kinds of days is always `?`, and a year follows. Days of the week are written by name, since both
count them otherwise, and what has steps is written out.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
"""

from .. import crontab
from ..crontab import ANY, DAYS

NONE = "?"


def expression(text: str) -> str:
    """`cron(0 3 * * ? *)` for `0 3 * * *`.

    Args:
        text: five fields, or one of `crontab.MACROS`.

    Raises:
        ValueError: what is wrong with it.
    """
    minute, hour, day, month, week = crontab.written_out(text)
    if ANY not in (day, week):
        raise ValueError("it names days of the month and days of the week, of which EventBridge takes one kind")
    days = (day, NONE) if week == ANY else (NONE, ",".join(DAYS[int(number)] for number in week.split(",")))
    return f"cron({minute} {hour} {days[0]} {month} {days[1]} *)"
