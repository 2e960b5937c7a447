"""Phase 1, read: the text of a file -> documents, trees in which every value has its place.

PyYAML's C parser makes the node graph; what the nodes mean is decided here, because PyYAML reads YAML 1.1 and Compose
is written in YAML 1.2. Anchors and aliases are expanded to copies, `<<` is merged, `!reset` and `!override` are noted.
"""

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

MAX_COPIES = 1_000_000
"""How many values the aliases of one file may expand to: far more than any real file, far less than a bomb makes."""

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


class _Parser(CParser):
    """The C parser, with tags left as written: resolving PyYAML's YAML 1.1 tags would cost a third of the time."""

    def resolve(self, kind: type, _value: str, implicit: Any) -> str:
        """The tag of a node without one."""
        return _PLAIN if kind is yaml.ScalarNode and implicit[0] else _QUOTED

    def descend_resolver(self, _node: Any, _index: Any) -> None:
        """Nothing to do: tags do not depend on the path."""

    def ascend_resolver(self) -> None:
        """Nothing to do either."""


def read_text(file: str) -> str:
    """The text of a file.

    Raises:
        ComposeError: it is missing, is a directory, may not be read, or is not UTF-8.
    """
    try:
        return FilePath(file).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        problem = Problem("no such file", file, "check the path, relative to the working directory")
    except IsADirectoryError:
        problem = Problem("is a directory", file, "name the file in it")
    except UnicodeDecodeError as error:
        problem = Problem(f"is not UTF-8 (byte {error.start})", file, "save it as UTF-8")
    except OSError as error:
        problem = Problem(f"cannot be read ({(error.strerror or str(error)).lower()})", file, "check its permissions")
    raise ComposeError(problem)


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
        what = error.problem or str(error)
        fix = "indent with spaces" if "cannot start any token" in what and _is_tab(text, mark) else "correct the YAML"
        raise ComposeError(Problem(f"is not YAML ({what})", place, fix)) from None
    except yaml.YAMLError as error:
        what = " ".join(str(error).split("\n")[0].split())
        raise ComposeError(Problem(f"is not YAML ({what})", file, "correct the YAML")) from None
    finally:
        parser.dispose()


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
        self.left = MAX_COPIES

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
            return scalars.plain(node.value)
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
            if not any(problem.what.startswith("aliases expand") for problem in self.problems):
                self.report(
                    node, path, f"aliases expand to more than {MAX_COPIES} values", "write fewer aliases of aliases"
                )
            return False
        self.open.add(id(node))
        return True
