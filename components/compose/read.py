"""Phase 1, read: the text of a file -> documents, trees in which every value has its place.

PyYAML's C parser makes the node graph; what the nodes mean is decided here, because PyYAML reads YAML 1.1 and Compose
is written in YAML 1.2. Anchors and aliases are expanded to copies, `<<` is merged, `!reset` and `!override` are noted.
"""

import codecs
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml
from yaml._yaml import CParser  # the class has no public name

from ..errors import ComposeError, Problem
from ..model import Path, dotted
from . import scalars
from .tree import List, Map, Place

MAX_BYTES = 16 * 2**20
"""How large a file may be: far more than any real file, little enough to be read in seconds."""

MAX_VALUES = 1_000_000
"""How many values a file may hold, and how many its aliases may expand to: far less than a bomb makes."""

MAX_DEPTH = 100
"""How deep values may lie in each other: every phase recurses that deep."""

_PLAIN = "plain"
_QUOTED = "tag:yaml.org,2002:str"
_MERGE = "<<"
_TAGGED: dict[str, Callable[[str], Any]] = {
    "tag:yaml.org,2002:int": scalars.plain,
    "tag:yaml.org,2002:float": scalars.plain,
    "tag:yaml.org,2002:bool": scalars.plain,
    "tag:yaml.org,2002:null": lambda _: None,
}


@dataclass(slots=True)
class Document:
    """One YAML document.

    Attributes:
        file: as the user named it.
        root: its tree.
        cleared: what `!reset` and `!override` take out of the files below this one.
    """

    file: str
    root: Map
    cleared: list[Path] = field(default_factory=list)


class _Limit(yaml.MarkedYAMLError):
    """The file is past a limit; what was not parsed by then never is."""


class _Parser(CParser):
    """The C parser, with tags left as written: resolving PyYAML's YAML 1.1 tags would cost a third of the time."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.count = 0
        self.depth = 0

    def resolve(self, kind: type, _value: str, implicit: Any) -> str:
        """The tag of a node without one."""
        return _PLAIN if kind is yaml.ScalarNode and implicit[0] else _QUOTED

    def descend_resolver(self, parent: Any, _index: Any) -> None:
        """Count: a node begins."""
        self.count += 1
        self.depth += 1
        if self.count > MAX_VALUES:
            raise _Limit(problem=f"holds more than {MAX_VALUES} values", problem_mark=parent.start_mark)
        if self.depth > MAX_DEPTH:
            raise _Limit(problem=f"values lie more than {MAX_DEPTH} deep", problem_mark=parent.start_mark)

    def ascend_resolver(self) -> None:
        """Count: a node has ended."""
        self.depth -= 1


def read_text(file: str) -> str:
    """The text of a file, with its line ends as they are.

    Raises:
        ComposeError: it is missing, is no regular file, may not be read, is too large, or is not UTF-8.
    """
    try:
        return _decoded(file, _content(file))
    except FileNotFoundError:
        problem = Problem("no such file", file, "check the path, relative to the working directory")
    except OSError as error:
        problem = Problem(f"cannot be read ({(error.strerror or str(error)).lower()})", file, "check its permissions")
    except ValueError:
        problem = Problem("is not a path", file.replace("\0", "\\0"), "take the zero byte out")
    raise ComposeError(problem)


def _content(file: str) -> bytes:
    mode = os.stat(file).st_mode  # noqa: PTH116 - strings in, strings out
    if stat.S_ISDIR(mode):
        raise ComposeError(Problem("is a directory", file, "name the file in it"))
    if not stat.S_ISREG(mode) and file != os.devnull:  # reading a pipe or a terminal may never end
        raise ComposeError(Problem("is not a regular file", file, "write to a file first, and name that"))
    with FilePath(file).open("rb") as stream:
        content = stream.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ComposeError(Problem(f"is larger than {MAX_BYTES // 2**20} MiB", file, "split it"))
    return content


def _decoded(file: str, content: bytes) -> str:
    name = "UTF-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "UTF-8"
    try:
        return content.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(f"is not {name} (byte {error.start})", f"{file}:{line}", "save it as UTF-8")
        raise ComposeError(problem) from None


def read(file: str) -> list[Document]:
    """The documents of a file, each a mapping.

    Raises:
        ComposeError: the file cannot be read, is not YAML, or has duplicate or non-string keys; all of the latter.
    """
    text = read_text(file)
    reader = _Reader(file)
    documents = [reader.document(node) for node in _nodes(file, text)]
    if reader.problems:
        raise ComposeError(reader.problems)
    found = [document for document in documents if document is not None]
    if not found:
        raise ComposeError(Problem("is empty", file, "describe at least one service under services:"))
    return found


def _nodes(file: str, text: str) -> Iterator[yaml.Node]:
    parser = _Parser(text)
    try:
        while parser.check_node():
            node = parser.get_node()
            if node is not None:
                yield node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = file if mark is None else f"{file}:{mark.line + 1}:{mark.column + 1}"
        raise ComposeError(_marked(text, error, place, mark)) from None
    except yaml.reader.ReaderError as error:
        line = text.encode().count(b"\n", 0, error.position) + 1
        what = f"holds the control character U+{error.character:04X}"
        raise ComposeError(
            Problem(what, f"{file}:{line}", "take it out, or write it as an escape in double quotes")
        ) from None
    finally:
        parser.dispose()


def _marked(text: str, error: yaml.MarkedYAMLError, place: str, mark: Any) -> Problem:
    what = error.problem or str(error)
    if isinstance(error, _Limit):
        return Problem(what, place, "split the file" if "deep" not in what else "nest less")
    fix = "indent with spaces" if "cannot start any token" in what and _is_tab(text, mark) else "correct the YAML"
    return Problem(f"is not YAML ({what})", place, fix)


def _is_tab(text: str, mark: Any) -> bool:
    lines = text.split("\n")
    return mark is not None and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]


class _Reader:
    """Makes trees of node graphs."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.cleared: list[Path] = []
        self.open: set[int] = set()
        self.left = MAX_VALUES

    def document(self, node: yaml.Node) -> Document | None:
        self.cleared = []
        if isinstance(node, yaml.MappingNode):
            return Document(self.file, self.mapping(node, ()), self.cleared)
        if not (isinstance(node, yaml.ScalarNode) and node.tag == _PLAIN and scalars.plain(node.value) is None):
            self.report(node, (), "is not a mapping", "begin with services:")
        return None

    def place(self, node: yaml.Node) -> Place:
        mark = node.start_mark
        return self.file, mark.line + 1, mark.column + 1

    def report(self, node: yaml.Node, path: Path, what: str, fix: str) -> None:
        file, line, column = self.place(node)
        self.problems.append(Problem(what, f"{file}:{line}:{column} {dotted(path)}".rstrip(), fix))

    def value(self, node: yaml.Node, path: Path) -> Any:
        if isinstance(node, yaml.ScalarNode):
            tag = node.tag
            if tag == _PLAIN:
                return scalars.plain(node.value)
            return node.value if tag == _QUOTED else self.tagged(node, path)
        if node.tag == "!override":
            self.cleared.append(path)
        return self.mapping(node, path) if isinstance(node, yaml.MappingNode) else self.sequence(node, path)

    def tagged(self, node: yaml.ScalarNode, path: Path) -> Any:
        if node.tag == "!override":
            self.cleared.append(path)
            return node.value if node.style else scalars.plain(node.value)
        return _TAGGED.get(node.tag, str)(node.value)

    def mapping(self, node: yaml.MappingNode, path: Path) -> Map:
        result = Map()
        if not self.enter(node, path):
            return result
        marks = result.marks
        merged: list[yaml.Node] = []
        for key_node, value_node in node.value:
            key = self.key(key_node, path)
            if key is None:
                continue
            if key == _MERGE and key_node.tag == _PLAIN:
                merged.append(value_node)
                continue
            if key in marks:
                first = f"duplicate key, first on line {marks[key][1]}"
                self.report(key_node, (*path, key), first, "remove one of them")
                continue
            mark = key_node.start_mark
            marks[key] = (self.file, mark.line + 1, mark.column + 1)
            if value_node.tag == "!reset":
                self.cleared.append((*path, key))
            else:
                result[key] = self.value(value_node, (*path, key))
        for value_node in merged:
            self.merge(result, value_node, path)
        self.open.discard(id(node))
        return result

    def key(self, node: yaml.Node, path: Path) -> str | None:
        if isinstance(node, yaml.ScalarNode) and (
            node.tag == _QUOTED or (node.tag == _PLAIN and isinstance(scalars.plain(node.value), str))
        ):
            return str(node.value)
        written = node.value if isinstance(node, yaml.ScalarNode) else "a collection"
        self.report(node, path, f"the key {written or 'null'} is not a string", "put it in quotes")
        return None

    def merge(self, target: Map, node: yaml.Node, path: Path) -> None:
        """`<<`: keys of the mapping itself win, then those of the first mapping merged."""
        if isinstance(node, yaml.SequenceNode):
            for element in node.value:
                self.merge(target, element, path)
        elif isinstance(node, yaml.MappingNode):
            source = self.mapping(node, path)
            for key, value in source.items():
                if key not in target.marks:
                    target.put(key, value, source.marks.get(key))
        else:
            self.report(node, path, "<< is not a mapping", "name an anchor of a mapping, or a list of such")

    def sequence(self, node: yaml.Node, path: Path) -> List:
        result = List()
        if not self.enter(node, path):
            return result
        for index, element in enumerate(node.value):
            if element.tag != "!reset":
                result.append(self.value(element, (*path, index)))
                result.marks.append(self.place(element))
        self.open.discard(id(node))
        return result

    def enter(self, node: yaml.Node, path: Path) -> bool:
        """Whether a collection may be read: it does not contain itself, and aliases have not multiplied too far."""
        if id(node) in self.open:
            self.report(node, path, "an anchor contains an alias of itself", "break the cycle")
            return False
        self.left -= len(node.value)
        if self.left < 0:
            self.limit(node, path, f"aliases expand to more than {MAX_VALUES} values")
            return False
        if len(path) > MAX_DEPTH:
            self.limit(node, path, f"aliases nest values more than {MAX_DEPTH} deep")
            return False
        self.open.add(id(node))
        return True

    def limit(self, node: yaml.Node, path: Path, what: str) -> None:
        if not any(problem.what == what for problem in self.problems):
            self.report(node, path, what, "write fewer aliases of aliases")
