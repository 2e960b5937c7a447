"""Every folder of `tests/cases` that has Compose files: these, and beside them what the loader makes of them.

`canonical.json` is the resolved application, `messages.txt` the report where the files are wrong. Both are written by
`pytest --update-goldens`; whoever does so reads the difference.
"""

import json
from pathlib import Path

import pytest

from components import compose
from components.errors import ComposeError

CASES = Path(__file__).parents[1] / "cases"
NAMES = sorted(file.parent.name for file in CASES.glob("*/compose.yaml"))
ENV = {"HOST_VARIABLE": "from the caller"}


@pytest.mark.parametrize("name", NAMES)
def test_a_case_gives_what_its_golden_file_says(
    name: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = CASES / name
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", "/home/user")
    try:
        root = compose.resolve(compose.find("."), ENV, name=name)
    except ComposeError as error:
        golden, text = "messages.txt", f"{error}\n"
    else:
        # Paths are absolute: the folder is written as /case.
        text = json.dumps(root, indent=2, ensure_ascii=False).replace(str(folder), "/case") + "\n"
        golden = "canonical.json"
    if request.config.getoption("--update-goldens"):
        (folder / golden).write_text(text, encoding="utf-8")
    assert sorted(path.name for path in folder.glob("*") if path.name in ("canonical.json", "messages.txt")) == [golden]
    assert text == (folder / golden).read_text(encoding="utf-8")
