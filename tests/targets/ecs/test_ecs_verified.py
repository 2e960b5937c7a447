"""What fails every `up` until it is mended, under Pulumi mocks. Not proved: that AWS rolls back."""

import json
from typing import Any

import pulumi
import pytest
from apps import app, service
from ecs_component import deployed, running

from components.model import App, Dependency
from components.targets.ecs import reasons
from components.testing import Outputs

OLD = "arn:aws:ecs:us-east-1:123456789012:task-definition/shop-web:3"
NEW = "arn:aws:ecs:us-east-1:123456789012:task-definition/shop-web:4"
MIGRATED = app(
    service("web", depends_on={"migrate": Dependency(condition="service_completed_successfully")}),
    service("migrate"),
)


class RolledBack(Outputs):
    """AWS has gone back to what ran before, and the provider reads that."""

    def new_resource(self, args: pulumi.runtime.mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        made, outputs = super().new_resource(args)
        if args.typ == "aws:ecs/taskDefinition:TaskDefinition":
            outputs["arn"] = NEW
        if args.typ == "aws:ecs/service:Service":
            outputs["taskDefinition"] = OLD
        return made, outputs

    def call(self, args: pulumi.runtime.mocks.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        return ({"taskDefinition": OLD}, []) if "getService" in args.token else super().call(args)


class Ended(Outputs):
    """A run to completion with a result."""

    def __init__(self, code: int) -> None:
        super().__init__()
        result = {"exitCode": code, "reason": "Essential container in task exited", "logs": ["one", "two"]}
        self.computed = {**Outputs.computed, "aws:lambda/invocation:Invocation": {"result": json.dumps(result)}}  # type: ignore[misc]  # this one's own


def refused(application: App, outputs: Outputs) -> str:
    with pytest.raises(pulumi.RunError) as raised:
        deployed(application, outputs=outputs)
    return str(raised.value)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons.client, "can_ask", lambda _access: False)


def test_a_service_that_was_rolled_back_fails_although_the_provider_calls_it_done() -> None:
    assert refused(app(service("web")), RolledBack()) == (
        "web: its tasks run shop-web:3, not shop-web:4, which did not come up and was rolled back; mend it, or try the "
        "same again with `pulumi up --refresh`"
    )


def test_a_preview_after_a_rollback_stands_in_no_updates_way() -> None:
    recorded = deployed(app(service("web")), outputs=RolledBack(), preview=True)
    assert running(recorded, "app-web").inputs["name"] == "shop-web"


def test_a_run_that_failed_says_how_and_what_runs_it_again() -> None:
    urn = "urn:pulumi:stack::project::slipway:index:EcsTarget$aws:lambda/invocation:Invocation"
    assert refused(MIGRATED, Ended(3)) == (
        f"migrate: exit code 3; mend it, then run it again with `pulumi up --replace '{urn}::app-migrate'`\n"
        "  Essential container in task exited\n  one\n  two"
    )


def test_a_run_that_ended_well_lets_what_waits_for_it_start() -> None:
    recorded = deployed(MIGRATED, outputs=Ended(0))
    run = recorded.one("Invocation", "app-migrate").urn
    assert run in running(recorded, "app-web").dependencies


def test_what_depends_on_a_service_waits_for_it() -> None:
    recorded = deployed(app(service("web", depends_on={"db": Dependency(condition="service_healthy")}), service("db")))
    assert running(recorded, "app-db").urn in running(recorded, "app-web").dependencies
