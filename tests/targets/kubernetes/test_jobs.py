"""Compose's jobs. That a CronJob starts its Jobs is Kubernetes' affair."""

from typing import Any

import pytest
from apps import app, service
from scopes import scope

from components.model import (
    App,
    Dependency,
    FileGrant,
    FileObject,
    Job,
    Mount,
    Opaque,
    Parts,
    Schedule,
    Service,
    Triggers,
    Volume,
)
from components.targets.kubernetes import jobs
from components.targets.rows import Row

NIGHTLY, WEEKLY = Schedule(cron="0 3 * * *"), Schedule(cron="0 4 * * 0", timezone="Europe/Paris")


def job(*schedules: Schedule, **keys: Any) -> Job:
    return Job(**{"name": "clean_up", "image": "clean:1", "triggers": Triggers(schedule=schedules), **keys})


def shop(*given: Job, services: tuple[Service, ...] = (), **keys: Any) -> App:
    return app(*services, jobs={each.name: each for each in given}, **keys)


def rows(application: App) -> dict[tuple[str, str], Row]:
    return {(row.kind, row.key): row for row in jobs.rows(scope(application))}


def spec(*schedules: Schedule, **keys: Any) -> dict[str, Any]:
    [row] = rows(shop(job(*schedules, **keys))).values()
    return dict(row.args["spec"])


def test_a_schedule_is_a_cron_job() -> None:
    [row] = rows(shop(job(NIGHTLY))).values()
    assert (row.kind, row.key, row.service) == ("CronJob", "clean-up", "clean_up")
    found = dict(row.args["spec"])
    run = found.pop("jobTemplate")["spec"]
    assert found == {
        "schedule": "0 3 * * *",
        "concurrencyPolicy": "Forbid",
        "successfulJobsHistoryLimit": 3,
        "failedJobsHistoryLimit": 3,
    }
    pod = run["template"]["spec"]
    assert (run["backoffLimit"], pod["restartPolicy"]) == (0, "Never")
    assert [(each["name"], each["image"]) for each in pod["containers"]] == [("clean-up", "clean:1")]


def test_a_job_without_a_schedule_is_suspended_for_someone_to_run_by_hand() -> None:
    found = spec(triggers=Triggers(manual=True))
    assert (found["schedule"], found["suspend"]) == ("0 0 31 2 *", True)
    assert spec(triggers=None)["suspend"] is True


@pytest.mark.parametrize(
    ("schedule", "more"),
    [
        (WEEKLY, {"timeZone": "Europe/Paris"}),
        (Schedule(cron="* * * * *", missed_fires="skip"), {"startingDeadlineSeconds": 30}),
        (Schedule(cron="* * * * *", missed_fires="one"), {}),
        # a run that is due during another comes after it
        (Schedule(cron="* * * * *", concurrency="queue"), {}),
    ],
)
def test_what_a_schedule_says_beside_the_time(schedule: Schedule, more: dict[str, Any]) -> None:
    bare = spec(Schedule(cron=schedule.cron))
    assert {key: value for key, value in spec(schedule).items() if key not in bare} == more


def test_each_of_several_schedules_has_a_cron_job_whose_name_does_not_tell_its_place() -> None:
    forth, back = rows(shop(job(NIGHTLY, WEEKLY))), rows(shop(job(WEEKLY, NIGHTLY)))
    assert set(forth) == set(back)
    assert {key.rpartition("-")[0] for _, key in forth} == {"clean-up"}
    assert len(forth) == 2


def test_a_job_has_what_a_service_has() -> None:
    nightly = job(
        NIGHTLY,
        environment={"KEY": Parts([Opaque("x")])},
        secrets=(FileGrant(source="key"),),
        volumes=(Mount(type="volume", source="data", target="/data"),),
        depends_on={"db": Dependency()},
        networks={"default": None},
    )
    application = shop(
        nightly,
        services=(service("db"),),
        volumes={"data": Volume()},
        secrets={"key": FileObject(external=True, name="key")},
    )
    found = rows(application)
    assert list(found) == [("Secret", "clean-up-environment"), ("CronJob", "clean-up")]
    row = found["CronJob", "clean-up"]
    assert row.after == (
        ("Namespace", "shop"),
        ("ServiceAccount", "shop"),
        ("Secret", "clean-up-environment"),
        ("PersistentVolumeClaim", "data"),
    )
    pod = row.args["spec"]["jobTemplate"]["spec"]["template"]
    assert pod["metadata"]["labels"]["slipway.dev/network.default"] == "true"
    assert [each["name"] for each in pod["spec"]["initContainers"]] == ["wait-for-db"]
    assert [each["name"] for each in pod["spec"]["volumes"]] == ["data", "files"]


def test_names_that_a_cron_job_cannot_have_are_refused() -> None:
    long = "a" * 53
    application = shop(job(name=long), job(name="db"), services=(service("db"),))
    assert [(found.path, found.what, found.fix) for found in jobs.conflicts(application)] == [
        (("jobs", long), f'"{long}" has 53 characters, and 52 are the most of a CronJob\'s name', "shorten it"),
        (("jobs", "db"), '"db" and "db" are both "db" in the cluster', "rename one of them"),
    ]


def test_jobs_with_one_name_in_the_cluster_are_refused() -> None:
    found = list(jobs.conflicts(shop(job(name="a_b"), job(name="a-b"))))
    assert [(each.path, each.what) for each in found] == [
        (("jobs", "a-b"), '"a-b" and "a_b" are both "a-b" in the cluster')
    ]
