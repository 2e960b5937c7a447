"""What every key of Compose brings to a Kubernetes, held against a real API server: it takes each object.

Each key is set alone in a file that is otherwise the same (tests/samples.py); what it renders is tried by a dry run
with strict validation. Not proved: that the cluster does what it is asked for. HTTPRoutes are not tried, whose
definition is not Kubernetes' own.
"""

import functools
import re
from pathlib import Path

import pytest
from renderings import KEYS, rows
from samples import case

from components.commands import manifests
from components.support import findings
from components.targets import support_table
from toolchain.kubernetes import Cluster

pytestmark = [pytest.mark.engine, pytest.mark.kubernetes]

NAMESPACE = "every-key"
BUILT = ".build."
"""Images are no object of the cluster."""


@functools.cache
def objects(folder: Path) -> dict[str, str]:
    """Manifest -> the first key that brings it, of every key that is not refused."""
    table = support_table("kubernetes")
    found: dict[str, str] = {}
    for key in KEYS:
        app = case(key, folder).changed
        if BUILT in key or any(each.refused for each in findings(app, table, "kubernetes")):
            continue
        for name, text in manifests.render(rows("kubernetes", app), None).items():
            if not name.startswith(("kustomization", "namespace")):
                found.setdefault(re.sub(r"(?m)^  namespace: \w+$", f"  namespace: {NAMESPACE}", text), key)
    return found


def test_an_api_server_takes_every_object_that_any_key_brings(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tried = objects(tmp_path)
    assert len(set(tried.values())) > 200
    cluster.kubectl("create", "namespace", NAMESPACE)
    try:
        said = cluster.kubectl(
            "create", "--filename=-", "--dry-run=server", "--validate=strict", stdin="---\n".join(tried)
        )
        assert len(said.splitlines()) == len(tried)
    finally:
        cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false")
