"""What starts a Compose job by the clock, and by what name a platform knows it."""

import hashlib

from ..model import Job, Schedule

HASH = 6
"""Characters of the hash that tells the schedules of a job apart."""


def of(job: Job, name: str) -> list[tuple[str, Schedule]]:
    """Name and schedule of each trigger; where there are several, a hash of the schedule is in the name.

    Args:
        job: it.
        name: of the job, as the platform takes it.
    """
    schedules = job.triggers.schedule if job.triggers is not None else ()
    if len(schedules) == 1:
        return [(name, schedules[0])]
    return [(f"{name}-{_hash(each)}", each) for each in schedules]


def _hash(schedule: Schedule) -> str:
    return hashlib.sha256(f"{schedule.cron} {schedule.timezone}".encode()).hexdigest()[:HASH]
