"""Compose's jobs on Cloud Scheduler. That it starts them is Cloud Scheduler's affair."""

import dataclasses
from typing import Any

from apps import app, service
from cloudrun_scopes import PROJECT, REGION, by_key, scope

from components.model import App, Job, Schedule, Triggers
from components.support import Conflict
from components.targets.cloudrun import schedules
from components.targets.rows import Ref, Row

NIGHTLY, WEEKLY = Schedule(cron="0 3 * * *"), Schedule(cron="0 4 * * 7", timezone="Europe/Paris")


def shop(*given: Schedule, **keys: Any) -> App:
    job = Job(**{"name": "clean", "image": "clean:1", "triggers": Triggers(schedule=given), **keys})
    return app(jobs={"clean": job})


def rows(application: App) -> dict[tuple[str, str], Row]:
    return by_key(schedules.rows(scope(application)))


def test_a_schedule_runs_the_job() -> None:
    found = rows(shop(NIGHTLY))
    assert list(found) == [("Account", "schedules"), ("InvokerAccess", "clean"), ("Schedule", "clean")]
    row = found["Schedule", "clean"]
    assert row.after == (("InvokerAccess", "clean"),)
    assert row.args == {
        "project": PROJECT,
        "region": REGION,
        "name": "shop-clean",
        "schedule": "0 3 * * *",
        "time_zone": "Etc/UTC",
        "retry_config": {"retry_count": 5},
        "http_target": {
            "http_method": "POST",
            "uri": f"https://run.googleapis.com/v2/projects/{PROJECT}/locations/{REGION}/jobs/shop-clean:run",
            "oauth_token": {
                "service_account_email": Ref("Account", "schedules", "email"),
                "scope": "https://www.googleapis.com/auth/cloud-platform",
            },
        },
    }


def test_the_schedules_account_may_run_the_job_and_nothing_else() -> None:
    found = rows(shop(NIGHTLY))
    assert found["InvokerAccess", "clean"].args == {
        "project": PROJECT,
        "location": REGION,
        "name": Ref("Job", "clean", "name"),
        "role": "roles/run.invoker",
        "member": Ref("Account", "schedules", "member"),
    }
    assert found["Account", "schedules"].args == {
        "project": PROJECT,
        "account_id": "shop-schedules",
        "display_name": "starts jobs of shop",
    }


def test_a_schedule_has_its_time_zone_and_its_numbers_written_out() -> None:
    args = rows(shop(WEEKLY))["Schedule", "clean"].args
    assert (args["schedule"], args["time_zone"]) == ("0 4 * * 0", "Europe/Paris")


def test_of_several_schedules_each_has_a_name_that_stays() -> None:
    both = [key for kind, key in rows(shop(NIGHTLY, WEEKLY)) if kind == "Schedule"]
    turned = [key for kind, key in rows(shop(WEEKLY, NIGHTLY)) if kind == "Schedule"]
    assert both == turned[::-1]
    assert [key.rpartition("-")[0] for key in both] == ["clean", "clean"]


def test_a_start_that_was_missed_is_not_made_up_for_where_the_file_says_to_skip_it() -> None:
    row = rows(shop(Schedule(cron="0 3 * * *", missed_fires="skip")))["Schedule", "clean"]
    assert row.args["retry_config"] == {"retry_count": 0}


def test_a_job_without_a_schedule_is_run_by_hand() -> None:
    assert rows(shop()) == {}


def test_what_is_no_expression_is_refused() -> None:
    path = ("jobs", "clean", "triggers", "schedule", 1, "cron")
    assert list(schedules.conflicts(shop(NIGHTLY, Schedule(cron="0 24 * * *")))) == [
        Conflict(path, '"0 24 * * *": "24" is no hour', "write five fields, as in crontab(5)")
    ]


def test_a_service_with_the_name_of_what_starts_jobs_is_refused_where_there_is_one() -> None:
    named = {"services": {"schedules": service("schedules")}}
    what = '"schedules" is the name of the account that starts jobs'
    assert list(schedules.conflicts(dataclasses.replace(shop(NIGHTLY), **named))) == [
        Conflict(("services", "schedules"), what, "rename it")
    ]
    assert list(schedules.conflicts(dataclasses.replace(shop(), **named))) == []
