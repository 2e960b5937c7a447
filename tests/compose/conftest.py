"""What the tests of the loader share."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from components import compose
from components.errors import ComposeError
from components.model import App


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project directory, which is the working directory too."""
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    return project


@pytest.fixture
def write(folder: Path) -> Callable[[Mapping[str, str]], None]:
    """Write files below the project directory."""

    def writer(files: Mapping[str, str]) -> None:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    return writer


@pytest.fixture
def load(write: Any) -> Callable[..., App]:
    """Load a text as compose.yaml; `files` are written beside it."""

    def loader(text: str, env: Any = None, *, files: Mapping[str, str] | None = None, **options: Any) -> App:
        write({"compose.yaml": text, **(files or {})})
        return compose.load(["compose.yaml"], env or {}, **options)

    return loader


@pytest.fixture
def refused(load: Any) -> Callable[..., str]:
    """The report on a text that is refused."""

    def report(text: str, env: Any = None, **options: Any) -> str:
        with pytest.raises(ComposeError) as raised:
            load(text, env, **options)
        return str(raised.value)

    return report
