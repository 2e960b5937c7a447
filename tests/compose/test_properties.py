"""The loader against the reference implementation of Compose, on files that nobody wrote.

Hypothesis makes samples, many go into one file, and both read each file once: a sample costs a hundredth of a process.
What we refuse is asked for one by one. In CI the samples are always the same ones; `bounds.py` says how to try others.
"""

import contextlib
import copy
import io
import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

import fragments
import mutations
from bounds import bounded
from hypothesis import given
from hypothesis import strategies as st
from test_differential import REFERENCE

from components import __main__, compose
from components.compose import read, schema
from components.errors import ComposeError

Files = Mapping[str, str]


def quoted(text: str) -> str:
    """A YAML scalar that means exactly this text to every reader."""
    plain = "".join(c if " " <= c <= "~" and c not in '"\\' else f"\\U{ord(c):08x}" for c in text)
    return f'"{plain}"'


@contextlib.contextmanager
def folder(files: Files, env: Mapping[str, str]) -> Iterator[list[str]]:
    """Work in a folder with these files, in an environment of these variables; gives the names of those to be read."""
    environ = {"PATH": os.environ["PATH"], "HOME": "/home/user", "COMPOSE_PROJECT_NAME": "p", **env}
    with (
        tempfile.TemporaryDirectory() as name,
        contextlib.chdir(name),
        mock.patch.dict(os.environ, environ, clear=True),
    ):
        for file, text in files.items():
            Path(file).write_bytes(text.encode())
        yield [file for file in files if file.endswith(".yaml")]


def printed(files: Files, env: Mapping[str, str], form: str) -> tuple[Any, Any]:
    """What we print for files, and what the reference prints; None for who refuses."""
    with folder(files, env) as names:
        arguments = ["config", "--format", form]
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = __main__.main([*arguments, *names])
        named = [part for name in names for part in ("-f", name)]
        done = subprocess.run([REFERENCE, *named, *arguments], capture_output=True, text=True, check=False)
        return (
            parsed(out.getvalue()) if code == 0 else None,
            parsed(done.stdout) if done.returncode == 0 else None,
        )


def parsed(text: str) -> Any:
    """A print as plain values, by the YAML of Compose."""
    Path("printed").write_text(text, encoding="utf-8")
    return read.read("printed")[0].root


def taken(files: Files, env: Mapping[str, str]) -> bool:
    """Whether we take files."""
    with folder(files, env) as names:
        try:
            compose.load(names, {"COMPOSE_PROJECT_NAME": "p", **env})
        except ComposeError:
            return False
        return True


def agree(
    samples: Sequence[Any],
    files: Callable[[Sequence[Any]], Files],
    part: Callable[[Any], Any] = lambda service: service,
    form: str = "yaml",
) -> None:
    """Both make the same of each sample.

    Args:
        samples: what becomes a service each.
        files: the files with a service for each of some samples: s0, s1, ...
        part: what is compared of a service that is printed.
        form: the form of the print; the reference's JSON has texts as they are, its YAML has the structure.
    """
    ours = [one for one in samples if taken(files([one]), VARIABLES)]
    if ours:
        mine, theirs = printed(files(ours), VARIABLES, form)
        assert theirs is not None, f"the reference refuses one of {ours}"
        for number, sample in enumerate(ours):
            one, other = (
                json.dumps(part(root["services"].get(f"s{number}")), sort_keys=True) for root in (mine, theirs)
            )
            assert (sample, one) == (sample, other)
    for sample in samples:
        if sample not in ours:
            _, theirs = printed(files([sample]), VARIABLES, form)
            assert theirs is None or is_known(theirs), f"the reference takes {sample!r}"


def is_known(theirs: Any) -> bool:
    """Whether we refuse a file for a reason of `differences.py`: the reference reads variables without a name."""
    return "" in theirs["services"]["s0"].get("environment", {})


def services(parts: Sequence[str]) -> str:
    """A file with a service for each part of a flow mapping."""
    return "services:\n" + "".join(f"  s{number}: {{image: x, {part}}}\n" for number, part in enumerate(parts))


# --- interpolation ---------------------------------------------------------------------------------------------------

VARIABLES = {
    "SET": "value",
    "EMPTY": "",
    "_a1": "x y",
    "DOLLAR": "$SET ${UNSET:?}",
    "BRACE": "}{",
    "ODD": "é😀\u2028\t",
}
NAMES = st.sampled_from([*VARIABLES, "UNSET", "A", "Set", "_", "a-b", "1", "", "é"])
LITERAL = st.text(st.sampled_from("ab1_ .:-?+{}$'\"\\\n\té😀#"), max_size=4)
FORMS = st.sampled_from([":-", "-", ":?", "?", ":+", "+", ":", "!", " "])


def form(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("${{{}{}{}}}".format, NAMES, FORMS, inner),
        st.lists(inner, max_size=3).map("".join),
    )


TEMPLATES = st.recursive(
    st.one_of(LITERAL, NAMES.map("${}".format), NAMES.map("${{{}}}".format), st.just("$$")), form, max_leaves=6
)


def labels(service: Any) -> Any:
    return service["labels"]


@given(st.lists(TEMPLATES, min_size=1, max_size=60))
@bounded(25)
def test_variables_stand_for_what_the_reference_says(templates: list[str]) -> None:
    agree(
        templates,
        lambda some: {"compose.yaml": services([f"labels: {{l: {quoted(one)}}}" for one in some])},
        labels,
        "json",
    )


# --- files of variables ----------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["A", "B", "SET", "UNSET", "EMPTY", "a.b-c", "x[0]", "é", "_1", "A B", "A\tB", "1", "A!", "A#"])
BEFORE = st.sampled_from(["", "", "export ", "export\t", " ", "\t", "\n", "# c='\n", "export", "\xa0"])
EQUALS = st.sampled_from(["=", "=", " = ", ":", ": ", "=\t", "\u2003="])
PIECES = st.one_of(
    st.sampled_from(["a", "b c", "#", " #", "$SET", "${SET}", "${UNSET:-d}", "$$", "\\$A", "\\", "$A", "=", ":", "\t"]),
    st.sampled_from(
        ["\\n", "\\t", "\\0123", "\\012", "\\0777", "\\08", "\\c", "\\x41", "\\\\", "\\'", '\\"', "é", "\r"]
    ),
)
BARE = st.lists(PIECES, max_size=3).map("".join)
SINGLE = st.lists(st.one_of(PIECES, st.just("\n"), st.just('"')), max_size=4).map(lambda some: f"'{''.join(some)}'")
DOUBLE = st.lists(st.one_of(PIECES, st.just("\n"), st.just("'")), max_size=4).map(lambda some: f'"{"".join(some)}"')
AFTER = st.sampled_from(["\n", "\n", "\r\n", " # c\n", "#c\n", " \n", " Z=1\n", "\n\n"])
ASSIGNMENTS = st.builds("{}{}{}{}{}".format, BEFORE, KEYS, EQUALS, st.one_of(BARE, SINGLE, DOUBLE), AFTER)
LINES = st.one_of(ASSIGNMENTS, ASSIGNMENTS, st.builds("{}{}\n".format, BEFORE, KEYS))
DOTENVS = st.one_of(
    st.lists(LINES, min_size=1, max_size=5).map("".join),
    st.text(st.sampled_from("aAB=:'\"\\#$ \n\t.{}-"), max_size=20).map("{}\n".format),
)


def with_files(texts: Sequence[str], form: str) -> Files:
    entries = [f"env_file: [{{path: s{number}.env, format: {form}}}]" for number in range(len(texts))]
    return {"compose.yaml": services(entries), **{f"s{number}.env": text for number, text in enumerate(texts)}}


def environment(service: Any) -> Any:
    return service.get("environment") or {}


@given(st.lists(DOTENVS, min_size=1, max_size=60))
@bounded(25)
def test_files_of_variables_hold_what_the_reference_reads(texts: list[str]) -> None:
    agree(texts, lambda some: with_files(some, ".env"), environment, "json")


RAW_LINES = st.builds(
    "{}{}{}{}\n".format,
    st.sampled_from(["", "", " ", "\t", "#", " #", "\n", "\x0b", "\u2003"]),
    st.sampled_from(["A", "B", "SET", "UNSET", "a b", "a\tb", "é", "1", "A!", ""]),
    st.sampled_from(["=", "=", "", " =", "= ", "\r"]),
    st.sampled_from(["", "a", "'b'", '"$SET"', " c ", "# d", "=", "\\n", "e\r", "é\u2028f"]),
)


@given(st.lists(st.lists(RAW_LINES, max_size=3).map("".join), min_size=1, max_size=60))
@bounded(8)
def test_raw_files_of_variables_hold_what_the_reference_reads(texts: list[str]) -> None:
    agree(texts, lambda some: with_files(some, "raw"), environment, "json")


# --- merge -----------------------------------------------------------------------------------------------------------


def pair(key: str) -> st.SearchStrategy[tuple[str, Any, Any]]:
    return st.tuples(st.just(key), fragments.SERVICE[key], fragments.SERVICE[key])


def merged(pairs: Sequence[tuple[str, Any, Any]]) -> Files:
    base = {f"s{number}": {"image": "x", key: value} for number, (key, value, _) in enumerate(pairs)}
    over = {f"s{number}": {key: value} for number, (key, _, value) in enumerate(pairs)}
    return {
        "compose.yaml": json.dumps({**fragments.AROUND, "services": {**fragments.OTHERS, **base}}),
        "over.yaml": json.dumps({"services": over}),
        **fragments.FILES,
    }


@given(st.lists(st.sampled_from(sorted(fragments.SERVICE)).flatmap(pair), min_size=1, max_size=60))
@bounded(25)
def test_two_fragments_of_a_service_merge_as_in_the_reference(pairs: list[tuple[str, Any, Any]]) -> None:
    agree(pairs, merged)


def test_every_key_of_a_service_is_generated() -> None:
    parts = [schema.official()["$defs"][name]["properties"] for name in ("container_spec", "workload_spec", "service")]
    assert sorted({*fragments.SERVICE, *fragments.OTHERWISE}) == sorted(key for part in parts for key in part)


# --- schema ----------------------------------------------------------------------------------------------------------

JUNK = st.sampled_from([None, True, 7, -1, "7", "word", [], {}, ["word"], [7], {"word": "word"}, {"word": 7}, [None]])
CHANGES = st.tuples(
    st.floats(0, 1), st.sampled_from(mutations.HOW), JUNK, st.sampled_from(["word", "source", "target"])
)


def broken(key: str) -> st.SearchStrategy[Any]:
    """A service with one key, and one change in it."""
    values = fragments.SERVICE[key].map(lambda value: {key: copy.deepcopy(value)})
    return st.builds(lambda value, change: mutations.changed(value, [change]), values, CHANGES)


def described(samples: Sequence[Any]) -> Files:
    parts = {f"s{number}": {"image": "x", **sample} for number, sample in enumerate(samples)}
    whole = {**fragments.AROUND, "services": {**fragments.OTHERS, **parts}}
    return {"compose.yaml": json.dumps(whole), **fragments.FILES}


def verdict(samples: Sequence[Any]) -> str:
    """What the reference does with services: takes them, refuses them, or crashes."""
    with folder(described(samples), VARIABLES):
        done = subprocess.run([REFERENCE, "config", "--quiet"], capture_output=True, text=True, check=False)
    return "crashes" if "goroutine" in done.stderr else "refuses" if done.returncode else "takes"


@given(st.lists(st.sampled_from(sorted(fragments.SERVICE)).flatmap(broken), min_size=1, max_size=30))
@bounded(12)
def test_a_service_with_a_mistake_is_taken_or_refused_as_by_the_reference(samples: list[Any]) -> None:
    ours = [sample for sample in samples if taken(described([sample]), VARIABLES)]
    if ours and verdict(ours) != "takes":
        for sample in ours:
            assert (sample, verdict([sample])) != (sample, "refuses")
    for sample in samples:
        if sample not in ours:
            assert (sample, verdict([sample])) != (sample, "takes")
