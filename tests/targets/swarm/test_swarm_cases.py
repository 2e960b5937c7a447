"""Cases that have a `swarm.json`: what Swarm is asked for, whole. Written by `pytest --update-goldens`, and read after.

Not proved: that pulumi-docker takes it (test_swarm_component), or that Swarm runs it (tests/conformance).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from components import compose, contents, support
from components.access import ImageReference, SwarmAccess
from components.model import Parts
from components.targets import project_files
from components.targets.rows import Base64, Ref
from components.targets.swarm.render import Given, render
from components.targets.swarm.support import SUPPORT

CASES = Path(__file__).parents[2] / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/swarm.json"))
VARIABLES = {"PASSWORD": "hidden", "REDIS_PASSWORD": "hidden"}


def plain(value: Any) -> Any:
    """Arguments as JSON has them; `${secret.password.id}` is an output of another row."""
    if isinstance(value, Ref):
        return f"${{{value.kind}.{value.key}.{value.attribute}}}"
    if isinstance(value, Base64):
        return f"base64 of {value.content.decode() if isinstance(value.content, bytes) else value.content}"
    if isinstance(value, Parts):
        return str(value)
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, (list, tuple)) else value


def rendered(file: Path, access: SwarmAccess) -> list[dict[str, Any]]:
    app = compose.load((str(file),), VARIABLES, ())
    support.check(app, SUPPORT, "swarm")
    images = {
        key: ImageReference(
            name=service.image or f"registry.example/{key}", digest="sha256:1" if service.build else None
        )
        for key, service in app.services.items()
    }
    given = Given(
        access=access, contents=contents.read(app), project=project_files.read(app), stack="organization/slipway/swarm"
    )
    return [
        {
            "kind": row.kind,
            "key": row.key,
            "args": plain(dict(row.args)),
            "after": [".".join(key) for key in row.after],
            "completed": [".".join(key) for key in row.completed],
        }
        for row in render(app, images, given)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_case_becomes_what_its_golden_file_says(name: str, request: pytest.FixtureRequest) -> None:
    golden = CASES / name / "swarm.json"
    rows = rendered(CASES / name / "compose.yaml", SwarmAccess(volume_node="node-1"))
    text = json.dumps(rows, indent=1, ensure_ascii=False).replace(str(CASES / name), "/case") + "\n"
    if request.config.getoption("--update-goldens"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_the_sample_application_becomes_services_unchanged() -> None:
    rows = rendered(Path("examples/guestbook/compose.yaml"), SwarmAccess())
    assert [f"{row['kind']} {row['key']}" for row in rows] == [
        "network default",
        "secret redis_password",
        "config page",
        "service redis",
        "service web",
        "service worker",
    ]
