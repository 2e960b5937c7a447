"""What is said of what failed on Cloud Run. Not proved: that Google says so much."""

from typing import Any

import pytest
from apps import app, service
from cloudrun_scopes import access
from google.auth.exceptions import DefaultCredentialsError
from google_api import Answers, refused

from components.targets.cloudrun import client, failures, reported
from components.testing import record

AT = "run v2/projects/shop-1/locations/europe-west1"
REVISION = "projects/shop-1/locations/europe-west1/services/shop-web/revisions/shop-web-00002-abc"
NOT_READY = {"type": "Ready", "state": "CONDITION_FAILED", "message": "Revision is not ready."}
LINES = {"entries": [{"textPayload": "no such table\n"}, {"jsonPayload": {"message": "starting"}}, {"insertId": "1"}]}
"""As Cloud Logging gives them: the latest first; the third is an audit's."""
FAILED: dict[str, Any] = {
    f"{AT}/services/shop-web": {
        "latestCreatedRevision": REVISION,
        "terminalCondition": NOT_READY,
        "conditions": [
            {"type": "RoutesReady", "state": "CONDITION_SUCCEEDED", "message": "well"},
            NOT_READY,
            {"type": "ConfigurationsReady", "state": "CONDITION_FAILED", "message": "The container has exited."},
        ],
    },
    f"{AT}/workerPools/shop-web": {"latestCreatedRevision": REVISION, "terminalCondition": NOT_READY},
    f"{AT}/jobs/shop-migrate/executions/shop-migrate-0123": {
        "conditions": [{"type": "Completed", "state": "CONDITION_FAILED", "message": "Task 0 failed."}]
    },
    f"{AT}/jobs/shop-migrate/executions/shop-migrate-0123/tasks": {
        "tasks": [{"lastAttemptResult": {}}, {"lastAttemptResult": {"exitCode": 3}}]
    },
    "logging v2/entries:list": LINES,
}


def asked(monkeypatch: pytest.MonkeyPatch, **answers: Any) -> Answers:
    given = Answers({**FAILED, **answers})
    monkeypatch.setattr(client, "Client", lambda _access: given)
    return given


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("Service", ["Revision is not ready.", "The container has exited."]),
        ("WorkerPool", ["Revision is not ready."]),
    ],
)
def test_conditions_and_the_last_lines_of_the_latest_revision_are_told(monkeypatch, kind: str, told: list[str]) -> None:
    asked(monkeypatch)
    assert failures.known(access(), kind, "shop-web", "") == [
        *told,
        "last 2 log lines of shop-web-00002-abc:",
        "  starting",
        "  no such table",
    ]


@pytest.mark.parametrize(
    ("kind", "resource"),
    [
        ("Service", 'resource.type="cloud_run_revision" AND resource.labels.service_name="shop-web"'),
        ("WorkerPool", 'resource.type="cloud_run_worker_pool" AND resource.labels.worker_pool_name="shop-web"'),
    ],
)
def test_the_lines_are_those_of_the_revision(monkeypatch, kind: str, resource: str) -> None:
    given = asked(monkeypatch)
    reported.of_revision(access(), kind, "shop-web")
    assert given.given[-1] == {
        "resourceNames": ["projects/shop-1"],
        "filter": f'{resource} AND resource.labels.revision_name="shop-web-00002-abc"',
        "orderBy": "timestamp desc",
        "pageSize": 20,
    }


def test_of_a_run_the_exit_code_of_the_task_that_failed_is_told(monkeypatch) -> None:
    asked(monkeypatch)
    assert reported.of_execution(access(), "shop-migrate", "0123") == (
        3,
        ["Task 0 failed.", "last 2 log lines of shop-migrate-0123:", "  starting", "  no such table"],
    )


def test_the_lines_are_those_of_the_run(monkeypatch) -> None:
    given = asked(monkeypatch)
    assert failures.known(access(), "Job", "shop-migrate", "0123")[0] == "Task 0 failed."
    assert given.given[-1]["filter"] == (
        'resource.type="cloud_run_job" AND resource.labels.job_name="shop-migrate" AND '
        'labels."run.googleapis.com/execution_name"="shop-migrate-0123"'
    )


def test_of_a_job_that_was_not_to_run_nothing_is_known(monkeypatch) -> None:
    given = asked(monkeypatch)
    assert (failures.known(access(), "Job", "shop-report", ""), given.asked) == ([], [])


def test_what_was_told_before_google_refused_is_told(monkeypatch) -> None:
    asked(monkeypatch, **{"logging v2/entries:list": refused(403, "PERMISSION_DENIED")})
    assert reported.of_revision(access(), "WorkerPool", "shop-web") == ["Revision is not ready."]


def test_where_google_cannot_be_asked_nothing_is_said(monkeypatch) -> None:
    asked(
        monkeypatch,
        **{
            f"{AT}/services/shop-web": DefaultCredentialsError(),
            f"{AT}/jobs/shop-migrate/executions/shop-migrate-0123/tasks": refused(500, "INTERNAL"),
        },
    )
    assert reported.of_revision(access(), "Service", "shop-web") == []
    assert reported.of_execution(access(), "shop-migrate", "0123") == (1, [])


def test_in_a_unit_test_there_is_no_hook() -> None:
    found: list[Any] = []
    record(lambda: found.append(failures.report_failures(app(service("web")), access())))
    assert found == [{}]
