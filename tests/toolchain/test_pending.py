"""What becomes of what a killed update had under way. The CLI is a stand-in, that gives and takes a state."""

import json
from typing import Any

import pytest

from toolchain import pending
from toolchain.pulumi import Cli

SERVICE = {
    "urn": "urn:service",
    "type": "kubernetes:core/v1:Service",
    "inputs": {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "app", "name": "web"}},
}


class Told:
    """The CLI, and what it was told."""

    def __init__(self, folder, state: dict[str, Any], target: str) -> None:
        self.folder = folder
        (folder / "state").write_text(json.dumps(state))
        program = folder / "pulumi"
        program.write_text(
            f'#!/bin/sh\necho "$@" >> {folder}/words\n'
            f'case "$2" in export) cat {folder}/state ;; import) cat > {folder}/imported ;; esac\n'
        )
        program.chmod(0o755)
        self.cli = Cli(folder, "local", folder / "config.yaml", {"PATH": f"{folder}:/bin"}, target)

    @property
    def imported(self) -> Any:
        return json.loads((self.folder / "imported").read_text())["deployment"]

    @property
    def refreshed(self) -> list[str]:
        return [line for line in (self.folder / "words").read_text().splitlines() if line.startswith("refresh")]


@pytest.fixture
def told(tmp_path):
    def make(target: str, *operations: dict[str, Any], resources: tuple[dict[str, Any], ...] = ()) -> Told:
        deployment = {"resources": list(resources), "pending_operations": list(operations)}
        return Told(tmp_path, {"version": 3, "deployment": deployment}, target)

    return make


def test_on_an_engine_operations_that_were_under_way_are_forgotten(told):
    found = told("docker", {"type": "creating", "resource": {"urn": "urn:c", "type": "docker:index/container:C"}})
    assert pending.clear(found.cli) == 1
    assert found.imported == {"resources": []}
    assert found.refreshed == []


def test_an_object_that_was_being_made_is_in_the_state_by_its_name_and_is_asked_for(told):
    found = told("kubernetes", {"type": "creating", "resource": SERVICE}, resources=({"urn": "urn:other"},))
    assert pending.clear(found.cli) == 1
    made = {**SERVICE, "id": "app/web", "outputs": SERVICE["inputs"]}
    assert found.imported == {"resources": [{"urn": "urn:other"}, made]}
    (line,) = found.refreshed
    assert line.startswith("refresh --yes --skip-preview --target urn:service --stack local")


def test_an_object_that_was_being_replaced_is_in_the_state_once(told):
    there = {**SERVICE, "id": "app/web"}
    found = told("kubernetes", {"type": "creating", "resource": SERVICE}, resources=(there,))
    pending.clear(found.cli)
    assert found.imported == {"resources": [there]}


def test_an_object_that_was_being_updated_is_asked_for(told):
    there = {**SERVICE, "id": "app/web"}
    found = told("kubernetes", {"type": "updating", "resource": there}, resources=(there,))
    pending.clear(found.cli)
    assert found.imported == {"resources": [there]}
    assert "--target urn:service" in found.refreshed[0]


def test_a_state_with_nothing_under_way_is_left_as_it_is(told):
    found = told("kubernetes")
    assert pending.clear(found.cli) == 0
    assert not (found.folder / "imported").exists()


def test_an_object_in_no_namespace_is_known_by_its_name():
    assert pending.object_id({"metadata": {"name": "app"}}) == "app"


ECS_SERVICE = {
    "urn": "urn:service",
    "type": "aws:ecs/service:Service",
    "inputs": {"cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/main", "name": "shop-web"},
}


@pytest.mark.parametrize("outputs", [{"arn": "a"}, {"arn": "a", "__standin": "aws"}, {"__standin": "aws tainted"}])
def test_a_service_of_ecs_is_known_by_its_arn_with_what_was_asked_for_and_by_the_plugin_that_made_it(outputs) -> None:
    """Known by nothing else, it would be imported, and the official plugin takes no ARN then."""
    task = {"urn": "urn:task", "type": "aws:ecs/taskDefinition:TaskDefinition", "outputs": outputs}
    (made,) = pending.created([{"type": "creating", "resource": ECS_SERVICE}], [task])
    arn = "arn:aws:ecs:eu-central-1:123456789012:service/main/shop-web"
    mark = {"__standin": "aws"} if "__standin" in outputs else {}
    assert made == {**ECS_SERVICE, "id": arn, "outputs": {**ECS_SERVICE["inputs"], **mark}}


def test_the_first_resource_of_aws_is_read_by_its_id_alone() -> None:
    begun = {"urn": "urn:role", "type": "aws:iam/role:Role", "inputs": {"name": "web"}}
    (made,) = pending.created([{"type": "creating", "resource": begun}], [{"urn": "urn:stack", "type": "pulumi:Stack"}])
    assert made == {**begun, "id": "web", "outputs": {}}


@pytest.mark.parametrize(
    ("kind", "inputs", "identity"),
    [
        ("cloudwatch/logGroup:LogGroup", {"name": "/shop"}, "/shop"),
        ("ecr/repository:Repository", {"name": "shop/web"}, "shop/web"),
        ("elasticache/subnetGroup:SubnetGroup", {"name": "Shop-1"}, "shop-1"),
        ("iam/role:Role", {"name": "web-1"}, "web-1"),
        ("lambda/function:Function", {"name": "web-1"}, "web-1"),
        ("rds/subnetGroup:SubnetGroup", {"name": "shop-1"}, "shop-1"),
        ("scheduler/schedule:Schedule", {"name": "web"}, "default/web"),
        ("scheduler/schedule:Schedule", {"name": "web", "groupName": "shop"}, "shop/web"),
    ],
)
def test_what_has_its_id_by_its_name_on_aws_is_known_by_it(kind: str, inputs: dict[str, Any], identity: str) -> None:
    begun = {"urn": "urn:x", "type": f"aws:{kind}", "inputs": inputs}
    assert [each["id"] for each in pending.created([{"type": "creating", "resource": begun}], [])] == [identity]


@pytest.mark.parametrize(
    ("kind", "collection"),
    [("job:Job", "jobs"), ("service:Service", "services"), ("workerPool:WorkerPool", "workerPools")],
)
def test_what_was_being_made_on_cloud_run_is_known_by_its_name(kind: str, collection: str) -> None:
    inputs = {"project": "shop", "location": "europe-west1", "name": "shop-web"}
    begun = {"urn": "urn:web", "type": f"gcp:cloudrunv2/{kind}", "inputs": inputs}
    found = pending.created([{"type": "creating", "resource": begun}], [])
    name = f"projects/shop/locations/europe-west1/{collection}/shop-web"
    assert found == [{**begun, "id": name, "outputs": {}}]


@pytest.mark.parametrize(
    ("kind", "inputs"),
    [
        ("iam/role:Role", {"namePrefix": "x"}),
        ("ec2/securityGroup:SecurityGroup", {"name": "x"}),
        ("elasticache/replicationGroup:ReplicationGroup", {"replicationGroupId": "x"}),
    ],
)
def test_what_aws_names_itself_or_has_no_address_yet_is_not_taken_up(kind: str, inputs: dict[str, Any]) -> None:
    begun = {"urn": "urn:x", "type": f"aws:{kind}", "inputs": inputs}
    assert pending.created([{"type": "creating", "resource": begun}], []) == []
