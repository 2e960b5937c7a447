"""`.dockerignore`. The answers are those that BuildKit's own matcher gave (patternmatcher 0.6.1, fsutil's walk)."""

import pytest

from components.images.ignore import parse

TREE = ("a", "a/b", "a/b/c", "ab", "b", "b/a.log", "c d", "x.log", "x[1]", ".git", "é")


def kept(text: str) -> str:
    ignore = parse(text)
    results = {"": ()}
    found = []
    for path in TREE:
        out, results[path] = ignore.left_out(path, results[path.rpartition("/")[0]])
        found += [] if out else [path]
    return " ".join(found).replace("c d", "c_d")


ALL = "a a/b a/b/c ab b b/a.log c_d x.log x[1] .git é"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ALL),
        ("# a", ALL),
        (" # a", ALL),  # not a remark, but no such path
        ("\n\n  \r\n", ALL),
        (".", ALL),
        ("/", ALL),
        ("..", ALL),
        ("a", "ab b b/a.log c_d x.log x[1] .git é"),
        ("/a/", "ab b b/a.log c_d x.log x[1] .git é"),
        ("  a\t\r", "ab b b/a.log c_d x.log x[1] .git é"),
        ("./q/../a", "ab b b/a.log c_d x.log x[1] .git é"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}a", "ab b b/a.log c_d x.log x[1] .git é"),
        ("c d", "a a/b a/b/c ab b b/a.log x.log x[1] .git é"),
        ("é", "a a/b a/b/c ab b b/a.log c_d x.log x[1] .git"),
        ("b", "a a/b a/b/c ab c_d x.log x[1] .git é"),
        ("*", ""),
        ("**", ""),
        ("?", "ab c_d x.log x[1] .git"),
        ("*/b", "a ab b b/a.log c_d x.log x[1] .git é"),
        ("**/b", "a ab c_d x.log x[1] .git é"),
        ("a/**", "a ab b b/a.log c_d x.log x[1] .git é"),
        ("**/c", "a a/b ab b b/a.log c_d x.log x[1] .git é"),
        ("*.log", "a a/b a/b/c ab b b/a.log c_d x[1] .git é"),
        ("**/*.log", "a a/b a/b/c ab b c_d x[1] .git é"),
        ("**b", "a c_d x.log x[1] .git é"),
        ("[ab]", "ab c_d x.log x[1] .git é"),
        ("[^a]", "a a/b a/b/c ab c_d x.log x[1] .git"),
        ("x\\[1\\]", "a a/b a/b/c ab b b/a.log c_d x.log .git é"),
        ("x[1]", ALL),
        (".*", "a a/b a/b/c ab b b/a.log c_d x.log x[1] é"),
        ("a\n!a/b", "a/b a/b/c ab b b/a.log c_d x.log x[1] .git é"),
        ("!a\na", "ab b b/a.log c_d x.log x[1] .git é"),
        ("*\n!a/b/c", "a/b/c"),
        ("*\n! /a/", "a a/b a/b/c"),
        ("**\n!**/*.log", "b/a.log x.log"),
        ("a\n!a/b\na/b/c", "a/b ab b b/a.log c_d x.log x[1] .git é"),
    ],
)
def test_a_file_leaves_out_what_buildkit_leaves_out(text: str, expected: str) -> None:
    assert kept(text) == expected
