"""What an application does on a Swarm of several Engines beyond what every target must do.

Where the docker plugin is the stand-in, this does not prove that the official one behaves alike. Where the kernel has
no IP_VS, the load goes to the addresses of the tasks, not to a virtual one. All nodes are on one machine and share its
cores: how long things take is not measured here.
"""

from typing import Any

import pytest
from rolling import answers, application, web

pytestmark = [pytest.mark.engine, pytest.mark.targets("swarm")]


def test_a_failed_update_is_rolled_back_and_the_next_up_is_no_no_op(deployment) -> None:
    unhealthy = {"test": ["CMD-SHELL", "exit 1"], "interval": "0.3s", "retries": 1}
    broken = [
        ({"image": deployment.nodes.push_without_layers()}, "No such image"),
        ({"healthcheck": unhealthy}, "serving two"),
        ({"command": ["sh", "-c", "echo cannot open the database; exit 3"]}, "cannot open the database"),
        ({"command": ["sh", "-c", "echo cannot open the database; exit 3"]}, "cannot open the database"),
    ]
    client = deployment.service()
    assert deployment.up({"services": {"web": web(deployment, "one"), "client": client}})[0] == 0
    for keys, reason in broken:
        code, said = deployment.up({"services": {"web": web(deployment, "two", **keys), "client": client}})
        assert code != 0
        assert f'service "{deployment.name}_web": service rollback completed' in said
        assert reason in said
        assert "Traceback" not in said
        assert set(answers(deployment)) == {"one"}
    assert deployment.up({"services": {"web": web(deployment, "three"), "client": client}})[0] == 0
    # an update is complete when the new tasks run; an old one answers until its stop has gone through
    deployment.until(lambda: set(answers(deployment)) == {"three"})


def test_a_rotated_secret_is_a_new_object_and_the_old_one_goes_when_nothing_uses_it(deployment) -> None:
    def with_secret(version: str, **keys: Any) -> dict[str, Any]:
        services = {"web": web(deployment, version, secrets=["pw"], **keys)}
        return {"services": services, "secrets": {"pw": {"environment": "PW"}}}

    def there() -> set[str]:
        return {secret.id for secret in deployment.manager.secrets.list(filters=deployment.label)}

    def seen() -> str:
        return deployment.run("web", "cat", "/run/secrets/pw")

    deployment.secrets = {"PW": "first"}
    assert deployment.up(with_secret("one"))[0] == 0
    first = there()
    deployment.secrets = {"PW": "second"}
    assert deployment.up(with_secret("one"))[0] == 0
    second = there()
    assert (len(first), len(second), first & second) == (1, 1, set())
    assert seen() == "second"
    deployment.secrets = {"PW": "third"}
    assert deployment.up(with_secret("two", command=["false"]))[0] != 0
    assert seen() == "second"
    assert second < there()
    assert deployment.up(with_secret("three"))[0] == 0
    assert seen() == "third"
    assert len(there()) == 1


def test_a_service_that_never_gets_healthy_is_not_left_behind_and_says_why(deployment) -> None:
    check = {"test": ["CMD-SHELL", "exit 1"], "interval": "0.3s", "retries": 1}
    patch = {"swarm": {"Service": {"converge_config": {"timeout": "10s"}}}}
    broken = deployment.service(
        command=["sh", "-c", "echo starting up; sleep infinity"], healthcheck=check, **{"x-slipway": {"patch": patch}}
    )
    code, said = deployment.up({"services": {"web": broken}})
    assert code != 0
    assert "did not converge after 10s" in said
    assert "unhealthy" in said
    assert not deployment.manager.services.list(filters=deployment.label)


def test_a_drained_node_gives_its_tasks_to_the_others_and_answers_go_on(deployment) -> None:
    services = {"web": web(deployment, "one"), "client": deployment.service(deploy=on("node-1"))}
    assert deployment.up({"services": services})[0] == 0
    manager, worker = deployment.manager, deployment.nodes.nodes[-1]
    node = next(each for each in manager.nodes.list() if each.attrs["Description"]["Hostname"] == worker.name)
    spec = node.attrs["Spec"]
    try:
        node.update({**spec, "Availability": "drain"})
        deployment.until(lambda: node.id not in deployment.places("web") and len(deployment.running("web")) == 2)
        assert set(answers(deployment)) == {"one"}
        assert deployment.up({"services": services})[0] == 0
    finally:
        node.reload()
        node.update({**spec, "Availability": "active"})


def on(node: str) -> dict[str, Any]:
    return {"placement": {"constraints": [f"node.hostname == {node}"]}}


def test_a_killed_task_comes_back_by_itself(deployment) -> None:
    restart = {"restart_policy": {"condition": "any", "delay": "0.5s"}}
    services = {"web": web(deployment, "one", deploy=restart), "client": deployment.service()}
    assert deployment.up({"services": services})[0] == 0
    before = deployment.running("web")
    deployment.container(deployment.tasks("web")[0]).kill()
    deployment.until(lambda: deployment.running("web") != before and len(deployment.running("web")) == 2)
    assert set(answers(deployment)) == {"one"}


def test_a_kill_of_the_program_in_a_rolling_update_converges_by_the_next_up(deployment) -> None:
    assert deployment.up(application(deployment, "one"))[0] == 0
    before = deployment.running("web")
    deployment.kill_during_up(application(deployment, "two"), lambda: deployment.running("web") != before)
    assert set(answers(deployment)) <= {"one", "two"}
    assert deployment.up(application(deployment, "two"))[0] == 0
    assert set(answers(deployment)) == {"two"}


def test_a_global_service_runs_on_every_node(deployment) -> None:
    assert deployment.up({"services": {"agent": deployment.service(deploy={"mode": "global"})}})[0] == 0
    deployment.until(lambda: len(deployment.places("agent")) == len(deployment.nodes.nodes))


def test_a_second_up_with_a_refresh_changes_nothing_that_the_swarm_has_filled_in(deployment) -> None:
    """Swarm adds the image's platforms to a placement, and an overlay network's number to its options."""
    services = {"web": web(deployment, "one", deploy=on("node-2"), networks=["back"])}
    application = {"services": services, "networks": {"back": {"driver_opts": {"encrypted": ""}}}}
    assert deployment.up(application)[0] == 0
    before = deployment.running("web")
    code, said = deployment.up(application, "--refresh")
    assert code == 0
    assert not [word for word in ("updated", "created", "replaced") if word in said]
    assert deployment.running("web") == before
