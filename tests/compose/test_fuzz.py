"""Files that nobody would write: the loader takes them or refuses them in its own words, in bounded time and memory.

The files of `corpus/` are changed, as bytes or as trees, and loaded. `bounds.py` says how to try more of them.
"""

import contextlib
import copy
import functools
import json
import re
import resource
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from bounds import bounded
from hypothesis import given
from hypothesis import strategies as st
from mutations import HOW, changed

from components import compose
from components.compose import canonical
from components.errors import ComposeError

CORPUS = Path(__file__).parent / "corpus"
SECONDS = 20
MEMORY = 4 * 2**30
PLACELESS = re.compile(r'"[^"]*" makes no project name|at least \d+ more problems')


@pytest.fixture(scope="module")
def corpus() -> Iterator[Path]:
    """A copy of the corpus, in which files may be changed."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copytree(CORPUS, f"{folder}/corpus"))


@functools.cache
def files(kind: str) -> list[str]:
    paths = sorted(path for folder in ("valid", "invalid") for path in (CORPUS / folder).rglob("*") if path.is_file())
    chosen = [path for path in paths if (path.suffix in (".yaml", ".yml")) == (kind == "compose")]
    return [str(path.relative_to(CORPUS)) for path in chosen if path.name != "case.yaml"]


@contextlib.contextmanager
def limits() -> Iterator[None]:
    """Fail what takes too long, or too much memory."""

    def hang(*_: Any) -> None:
        raise TimeoutError(f"more than {SECONDS} s")

    before = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, before[1]))
    signal.signal(signal.SIGALRM, hang)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        resource.setrlimit(resource.RLIMIT_AS, before)


def survive(corpus: Path, name: str, content: bytes, loaded: str | None = None) -> None:
    """Load a file while one has another content; anything but an application or a readable refusal fails."""
    path = corpus / name
    original = path.read_bytes()
    main = corpus / (loaded or name)
    path.write_bytes(content)
    try:
        with contextlib.chdir(main.parent), limits():
            refusal = refused(main.name)
    finally:
        path.write_bytes(original)
    for problem in refusal.problems if refusal else ():
        assert str(problem).isprintable()
        assert len(str(problem)) < 2000
        assert problem.where or PLACELESS.match(problem.what), problem


def refused(name: str) -> ComposeError | None:
    try:
        app = compose.load([name], {"A": "1", "FROM_ENV": "env"}, ["*"])
        json.dumps(canonical.plain(compose.resolve([name], {"A": "1", "FROM_ENV": "env"})))
    except ComposeError as error:
        return error
    repr(app)
    return None


# --- bytes -----------------------------------------------------------------------------------------------------------

TOKENS = st.one_of(
    st.sampled_from(
        [
            *(
                "[",
                "]",
                "{",
                "}",
                ":",
                ": ",
                "- ",
                "? ",
                ",",
                "\n",
                "\n  ",
                "\t",
                "|\n",
                ">\n",
                "#",
                "'",
                '"',
                "\\",
                "~",
            ),
            *(
                "&a ",
                "*a",
                "<<: *a",
                "!reset ",
                "!override ",
                "!!binary ",
                "!!set ",
                "!x ",
                "---\n",
                "...\n",
                "%YAML 1.1\n",
            ),
            *("$", "${", "${A", "${A:-", "${A:?", "$$", "$A", "=", "export ", " #", "x-a: ", "<<", "\r", "\r\n"),
            *("null", "true", "yes", "0", "-1", "1e999", "0x", ".inf", ".nan", "1_000", "9" * 30, "9" * 5000),
            *("\x00", "\x07", "\x1b", "\x85", "\u2028", "\ufeff", "é", "😀", "a" * 70000, "*" * 50),
            *("1-65535:1-65535", "65536", "::", "/", "../", "@", "a.env", "compose.yaml", ".", "/dev/null", "\\0"),
        ]
    ).map(str.encode),
    st.binary(min_size=1, max_size=3),
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 20), st.integers(0, 20), TOKENS | st.just(b"")), min_size=1, max_size=4
)


def edited(content: bytes, edits: list[tuple[float, int, int, bytes]]) -> bytes:
    """Bytes of which some are cut out, some written several times, some put in."""
    for place, cut, times, token in edits:
        start = int(place * len(content))
        kept = content[start : start + cut] * min(times, 3) if times % 2 else b""
        content = content[:start] + kept + token + content[start + cut :]
    return content


@given(name=st.sampled_from(files("compose")), edits=EDITS)
@bounded(400)
def test_a_compose_file_with_other_bytes(corpus: Path, name: str, edits: Any) -> None:
    survive(corpus, name, edited((corpus / name).read_bytes(), edits))


@given(text=st.binary(max_size=60), edits=EDITS)
@bounded(200)
def test_a_file_of_variables_with_any_bytes(corpus: Path, text: bytes, edits: Any) -> None:
    content = edited(b"export A=1\nB='x y' # c\nC=\"$A\n${B:-d}\"\nD: e\nFROM_ENV\n" + text, edits)
    survive(corpus, "valid/a.env", content, "valid/env_file.yaml")


# --- trees -----------------------------------------------------------------------------------------------------------

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["$A", "${A:?x}", "all", "a=b", "/a", "..", "~", "1s", "-5", "0x10", "9" * 5000, "1-65535:1-65535"]
    ),
    st.sampled_from(
        ["service:web", "a:b:c:d:e", "[::1]:80:80", "x" * 3000, "\x00", "\u0661", "1e400", "8\u00b2", "nan"]
    ),
    st.recursive(
        st.none() | st.just("a"), lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just("a"), inner)
    ),
)
NAMES = st.one_of(
    st.sampled_from(
        ["services", "image", "x-a", "", "~", "1", "true", "$A", "<<", "file", "path", "extends", "include"]
    ),
    st.sampled_from(
        ["x-slipway", "\x00", "a.b", "*", "build", "deploy", "ports", "volumes", "networks", "name", "a b"]
    ),
)
CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from(HOW), VALUES, NAMES),
    min_size=1,
    max_size=3,
)


class Plain(yaml.SafeLoader):
    """Reads any tag as the value that it stands before."""


def any_tag(loader: Plain, _suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    return loader.construct_sequence(node, deep=True) if isinstance(node, yaml.SequenceNode) else node.value


Plain.add_multi_constructor("!", any_tag)


@functools.cache
def trees() -> dict[str, Any]:
    """The files of the corpus that are one tree, which JSON can hold."""
    found = {}
    for name in files("compose"):
        with contextlib.suppress(yaml.YAMLError, ValueError, TypeError):
            found[name] = json.loads(json.dumps(yaml.load((CORPUS / name).read_bytes(), Plain), default=str))
    return found


@given(name=st.sampled_from(sorted(trees())), changes=CHANGES)
@bounded(800)
def test_a_compose_file_with_other_values(corpus: Path, name: str, changes: Any) -> None:
    tree = changed(copy.deepcopy(trees()[name]), changes)
    survive(corpus, name, json.dumps(tree).encode())
