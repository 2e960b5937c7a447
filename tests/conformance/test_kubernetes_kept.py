"""A volume that outlives its stack, on a real Kubernetes.

Where the kubernetes plugin is a stand-in of an older version, what is there is taken up by an import. This does not
prove that the official one takes it up by `upsertExistingObjects`.
"""

import pytest

pytestmark = [pytest.mark.engine, pytest.mark.targets("kubernetes")]


def test_a_volume_stays_when_its_stack_goes_and_is_taken_up_again_by_the_next_up(deployment) -> None:
    web = deployment.service(volumes=["data:/data"])
    application = {"services": {"web": web}, "volumes": {"data": {}}}
    assert deployment.up(application)[0] == 0
    deployment.run("web", "sh", "-c", "echo kept > /data/file")
    assert deployment.cli.show("destroy", "--yes", "--skip-preview")[0] == 0
    assert not deployment.exists("web")
    for said_of in ("2 imported", "unchanged"):
        code, said = deployment.up(application)
        assert code == 0
        assert said_of in said
    assert deployment.run("web", "cat", "/data/file") == "kept"


def test_without_a_volume_nothing_outlives_the_stack(deployment) -> None:
    assert deployment.up({"services": {"web": deployment.service()}})[0] == 0
    assert deployment.cli.show("destroy", "--yes", "--skip-preview")[0] == 0
    assert deployment.cluster.kubectl("get", "namespace", deployment.name, "--ignore-not-found") == ""
