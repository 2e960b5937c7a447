"""A folder with a Compose file, and a verb run as a user runs it but for the process."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from components.__main__ import main

COMPOSE = """\
name: shop
services:
  web:
    image: web:${TAG:-1}
    deploy:
      placement:
        constraints: [node.role == manager, node.labels.disk == ssd]
  db:
    image: db:1
    profiles: [full]
    pids_limit: 10
"""


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with `compose.yaml` in it; the environment has no variable of Compose's."""
    monkeypatch.chdir(tmp_path)
    for name in ("TAG", "COMPOSE_PROFILES", "COMPOSE_PROJECT_NAME"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """`run("check", "--target", "docker")`, in the folder."""

    def verb(*argv: str) -> Done:
        try:
            code = main(list(argv))
        except SystemExit as end:  # how argparse ends
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return verb
