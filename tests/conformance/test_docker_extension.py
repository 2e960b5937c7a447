"""What docker makes of a patch, of links with an alias, and of what a container lends to another, for real.

Where the docker plugin is the stand-in, this does not prove that the official one behaves alike.
"""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.targets("docker")]


def test_a_patch_is_part_of_what_runs_and_its_change_replaces_the_container(deployment) -> None:
    def patched(value: str) -> dict:
        patch = {"docker": {"Container": {"labels": [{"label": "mine", "value": value}], "hostname": "patched"}}}
        return {"services": {"web": deployment.service(**{"x-slipway": {"patch": patch}})}}

    assert deployment.up(patched("1"))[0] == 0
    (first,) = deployment.running("web")
    labels = deployment.engine.containers.get(first).labels
    assert (labels["mine"], labels["com.docker.compose.service"]) == ("1", "web")
    assert deployment.run("web", "hostname").strip() == "patched"
    assert deployment.up(patched("1"))[0] == 0
    assert list(deployment.running("web")) == [first]
    assert deployment.up(patched("2"))[0] == 0
    assert list(deployment.running("web")) != [first]


def test_a_misspelt_patch_is_refused_before_anything_is_created(deployment) -> None:
    patch = {"docker": {"Container": {"hostnam": "x"}}}
    code, said = deployment.up({"services": {"web": deployment.service(**{"x-slipway": {"patch": patch}})}})
    assert code != 0
    assert 'x-slipway.patch.docker.Container.hostnam: there is no "hostnam"; did you mean "hostname"?' in said
    assert not [each for each in deployment.resources() if each["type"].startswith("docker:")]


def test_a_link_is_answered_by_its_alias_and_namespaces_and_volumes_are_lent(deployment) -> None:
    db = deployment.service(volumes=["/lent"], hostname="lender")
    web = deployment.service(links=["db:database"], volumes_from=["db"])
    beside = deployment.service(network_mode="service:db")
    code, said = deployment.up({"services": {"db": db, "web": web, "beside": beside}})
    assert code == 0, said
    assert deployment.run("web", "getent", "hosts", "database").split()[-1] == "database"
    deployment.run("db", "touch", "/lent/file")
    assert deployment.run("web", "ls", "/lent").strip() == "file"
    assert deployment.run("beside", "hostname").strip() == "lender"


def test_what_the_engine_is_too_old_for_is_named_before_anything_is_created(deployment) -> None:
    major = int(deployment.engine.version()["Version"].split(".")[0])
    if major >= 28:
        pytest.skip("this Engine has all that is asked for")
    networks = {"default": {"gw_priority": 1}}
    code, said = deployment.up({"services": {"web": deployment.service(networks=networks)}})
    assert code != 0
    assert "gw_priority: needs Docker Engine 28.0 (API 1.48), and this one is " in said
    assert not [each for each in deployment.resources() if each["type"].startswith("docker:")]
