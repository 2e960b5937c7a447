"""The tree that the phases hand on: mappings and lists that know where each of their entries was written.

Scalars are plain Python values. A phase owns the tree that it is given and may change it in place: a file of a thousand
services has a hundred thousand values, and a copy per phase would cost more than the phases do.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from ..errors import Problem
from ..model import Mark, Path, dotted

Place = tuple[str, int, int]
"""File, line and column, from 1. A plain tuple: every value of a file has one; `model.Mark` is its public form."""

T = TypeVar("T")


class Map(dict[str, Any]):
    """A mapping; `marks` has the place of each key that was written in a file."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: dict[str, Place] = {}

    def put(self, key: str, value: Any, mark: Place | None) -> None:
        """Set a key with its place."""
        self[key] = value
        if mark is not None:
            self.marks[key] = mark

    @classmethod
    def of(cls, values: Mapping[str, Any], mark: Place | None = None) -> "Map":
        """A mapping all of whose keys have one place: what a short form stood for."""
        new = cls()
        new.update(values)
        if mark is not None:
            new.marks = dict.fromkeys(values, mark)
        return new


class List(list[Any]):
    """A list; `marks` has the place of each item, None where it was not written in a file."""

    __slots__ = ("marks",)

    def __init__(self) -> None:
        super().__init__()
        self.marks: list[Place | None] = []

    def add(self, value: Any, mark: Place | None) -> None:
        """Append an item with its place."""
        self.append(value)
        self.marks.append(mark)

    def pairs(self) -> Iterator[tuple[Any, Place | None]]:
        """Each item with its place."""
        return zip(self, self.marks, strict=True)

    @classmethod
    def of(cls, values: list[Any], mark: Place | None = None) -> "List":
        """A list all of whose items have one place."""
        new = cls()
        new.extend(values)
        new.marks = [mark] * len(values)
        return new


def copy(value: Any) -> Any:
    """A copy that shares no mapping and no list with the original."""
    if isinstance(value, Map):
        new = Map()
        for key, element in value.items():
            new[key] = copy(element) if isinstance(element, (Map, List)) else element
        new.marks = value.marks.copy()
        return new
    if isinstance(value, List):
        items = List()
        items.extend(copy(element) for element in value)
        items.marks = value.marks.copy()
        return items
    return value


# --- places ----------------------------------------------------------------------------------------------------------


def mark_of(root: Any, path: Path) -> Place | None:
    """The place of `path`, or of the nearest key above it that has one; None where nothing was written in a file."""
    value, found = root, None
    for element in path:
        if isinstance(value, Map) and isinstance(element, str) and element in value:
            found = value.marks.get(element, found)
            value = value[element]
        elif isinstance(value, List) and isinstance(element, int) and element < len(value):
            found = value.marks[element] or found
            value = value[element]
        else:
            break
    return found


def where(root: Any, path: Path) -> str:
    """`compose.yaml:14:9 services.web.ports[0]`, as far as it is known."""
    mark = mark_of(root, path)
    return dotted(path) if mark is None else f"{Mark(*mark)} {dotted(path)}".rstrip()


class Marks(Mapping[Path, Mark]):
    """The place of every value of a tree, looked up when asked for: most loads ask for none."""

    def __init__(self, root: Map) -> None:
        self._root = root

    def __getitem__(self, path: Path) -> Mark:
        value: Any = self._root
        for element in path[:-1]:
            value = value[element]
        mark = value.marks[path[-1]] if path else None
        if mark is None:
            raise KeyError(path)
        return Mark(*mark)

    def get(self, path: Path, default: Any = None) -> Any:
        """The place of a path; the default where it has none."""
        try:
            return self[path]
        except (KeyError, IndexError, TypeError, AttributeError):
            return default

    def __iter__(self) -> Iterator[Path]:
        return _paths(self._root, ())

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _paths(value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, Map):
        for key, element in value.items():
            if key in value.marks:
                yield (*path, key)
            yield from _paths(element, (*path, key))
    elif isinstance(value, List):
        for index, (element, mark) in enumerate(value.pairs()):
            if mark is not None:
                yield (*path, index)
            yield from _paths(element, (*path, index))


# --- tables of paths -------------------------------------------------------------------------------------------------


class Invalid(Exception):  # noqa: N818 - it is a verdict that a row gives; the walk makes it a Problem with a place
    """A row's verdict on its value.

    Attributes:
        what: what is wrong, with the value.
        fix: what to do.
        below: where below the value.
        others: more that is wrong with the same value.
    """

    def __init__(self, what: str, fix: str = "", below: Path = (), others: "Sequence[Invalid]" = ()) -> None:
        super().__init__(what)
        self.others = others
        self.what = what
        self.fix = fix
        self.below = below


@dataclass(slots=True)
class Branch:
    """A node of a table: `row` is what the table has for this path, the rest is what it has below."""

    row: Any = None
    named: "dict[str, Branch]" = field(default_factory=dict)
    any: "Branch | None" = None

    def step(self, key: str) -> "Branch | None":
        """The branch of a key."""
        return self.named.get(key) or self.any


def table(rows: Mapping[str, Any]) -> Branch:
    """A table of rows by path; `*` is any key or any item (`services.*.ports.*`)."""
    root = Branch()
    for path, row in rows.items():
        branch = root
        for key in path.split("."):
            if key == "*":
                branch.any = branch.any or Branch()
                branch = branch.any
            else:
                branch = branch.named.setdefault(key, Branch())
        branch.row = row
    return root


class Several(list[Any]):
    """What a row returns for an item of a list that stands for several items."""


MAX_ITEMS = 200_000
"""How many items the short forms of one document may stand for: every port of a container, in every protocol."""

Row = Callable[[Any], Any]


def every(items: List, parse: Row) -> list[Any]:
    """What a function makes of each item of a list.

    Raises:
        Invalid: for the first item that is wrong, with those of the other ones.
    """
    results: list[Any] = []
    wrong: list[Invalid] = []
    for index, item in enumerate(items):
        try:
            results.append(parse(item))
        except Invalid as invalid:
            wrong.append(Invalid(invalid.what, invalid.fix, (index, *invalid.below)))
    if wrong:
        raise Invalid(wrong[0].what, wrong[0].fix, wrong[0].below, wrong[1:])
    return results


def rewrite(root: Map, rows: Branch, problems: list[Problem]) -> None:
    """Replace every value that has a row by what the row, a function, makes of it; from the top down, in one pass."""
    _Rewriter(root, problems).children(root, rows, ())


class _Rewriter:
    def __init__(self, root: Map, problems: list[Problem]) -> None:
        self.root = root
        self.problems = problems
        self.left = MAX_ITEMS

    def children(self, value: Any, branch: Branch, path: Path) -> None:
        if isinstance(value, Map):
            for key in value:
                below = branch.named.get(key) or branch.any
                if below is not None:
                    self.entry(value, key, below, (*path, key))
        elif isinstance(value, List) and branch.any is not None:
            self.items(value, branch.any, path)

    def entry(self, value: Map, key: str, branch: Branch, path: Path) -> None:
        element = value[key]
        if branch.row is not None:
            element = value[key] = self.change(element, branch.row, path, value.marks.get(key))
        if isinstance(element, (Map, List)) and (branch.named or branch.any is not None):
            self.children(element, branch, path)

    def items(self, value: List, branch: Branch, path: Path) -> None:
        row, deep = branch.row, bool(branch.named) or branch.any is not None
        several = False
        for index, element in enumerate(value):
            if row is not None:
                element = value[index] = self.change(element, row, (*path, index), value.marks[index])  # noqa: PLW2901
                several = several or isinstance(element, Several)
            if deep:
                self.children(element, branch, (*path, index))
        if several:
            flat = List()
            for element, mark in value.pairs():
                for one in element if isinstance(element, Several) else (element,):
                    flat.add(one, mark)
            value[:] = flat
            value.marks = flat.marks

    def change(self, value: Any, row: Row, path: Path, mark: Place | None) -> Any:
        if self.left < 0:  # past the limit, which is reported: nothing more is made
            return value
        try:
            changed = row(value)
        except Invalid as invalid:
            for one in (invalid, *invalid.others):
                self.problems.append(Problem(one.what, where(self.root, (*path, *one.below)), one.fix))
            return value
        if isinstance(changed, Several):
            self.left -= len(changed)
            if self.left < 0:
                what = f"ranges come to more than {MAX_ITEMS} items"
                self.problems.append(Problem(what, where(self.root, path), "write smaller ranges"))
                return value
        if changed is not value and mark is not None:
            for one in changed if isinstance(changed, Several) else (changed,):
                if isinstance(one, Map) and not one.marks:
                    one.marks = dict.fromkeys(one, mark)
                elif isinstance(one, List) and len(one.marks) != len(one):
                    one.marks = [mark] * len(one)
        return changed
