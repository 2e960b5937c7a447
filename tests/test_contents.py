"""Which secrets and configs are read. What each contains: tests/targets."""

import pytest
from apps import app, service

from components import contents
from components.model import FileGrant, FileObject, Job, PreStart

OBJECTS = {name: FileObject(content=name) for name in ("of-service", "of-step", "of-job", "unused")}
WEB = service(
    "web",
    configs=(FileGrant(source="of-service"),),
    pre_start=(PreStart(configs=(FileGrant(source="of-step"),)),),
)
SHOP = app(WEB, configs=OBJECTS, jobs={"report": Job(name="report", configs=(FileGrant(source="of-job"),))})


@pytest.mark.parametrize(("jobs", "read"), [(False, ["of-service"]), (True, ["of-service", "of-step", "of-job"])])
def test_what_jobs_and_steps_use_is_read_where_they_run(jobs: bool, read: list[str]) -> None:
    assert [*contents.read(SHOP, jobs=jobs).configs] == read
