"""Checks of a block of a stack's config: a table has what each key takes, and every problem is told at once.

In a program, a value may be an output, which is not looked into.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import pulumi

from ..errors import Problem, suggest
from ..settings import key_of

Found = tuple[str, str] | None
"""What is wrong with a value, and what to do; None: nothing."""
Check = Callable[[str, Any], Found]
"""Judges a value, given its key and itself."""


def problems(
    block: Any,
    where: str,
    checks: Mapping[str, Check],
    required: Iterable[str] = (),
    *,
    outputs: Collection[str] | None = None,
) -> list[Problem]:
    """What is wrong with a block.

    Args:
        block: as written.
        where: its place in the config: `slipway:cluster.new.ingress`.
        checks: key -> what its value must be; a value of None is as good as none.
        required: keys without which it means nothing.
        outputs: keys whose value may be an output, because nothing is decided by it; None: any key.
    """
    if not isinstance(block, Mapping):
        return [Problem(f"it is {block!r}, not a mapping", where, f"write {', '.join(checks)}")]
    found = [
        Problem(f'unknown key "{key}"', where, suggest(str(key), list(checks))) for key in block if key not in checks
    ]
    found += [Problem(f"no value for {key}", where, "write one") for key in required if block.get(key) is None]
    for key, check in checks.items():
        wrong = _wrong(key, block.get(key), check, may_be_output=outputs is None or key in outputs)
        if wrong is not None:
            found.append(Problem(wrong[0], where, wrong[1]))
    return found


def _wrong(key: str, value: Any, check: Check, *, may_be_output: bool) -> Found:
    if not isinstance(value, pulumi.Output):
        return None if value is None else check(key, value)
    return None if may_be_output else (f"{key} is an output, which is not known yet", "give a plain value")


def later() -> pulumi.Output[str]:
    """What stands for a value that only the platform knows, before anything is made. Nothing is decided by it."""
    return pulumi.Output.from_input("")


def attributes(block: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """A block without problems under the names of Python: `logDays` is `log_days`; what is None is left out."""
    names = {key_of(name): name for name in known}
    return {names[key]: value for key, value in block.items() if value is not None}


def chosen(
    block: Mapping[str, Any],
    where: str,
    existing: str,
    place: Collection[str],
    ways: Mapping[str, Check],
    outputs: Collection[str],
) -> list[Problem]:
    """What is wrong with what an application's stack chooses of a cluster's ways.

    Args:
        block: as written.
        where: its place in the config: `slipway:ecs`.
        existing: the place of what says which cluster it is.
        place: keys that say that.
        ways: see `problems`.
        outputs: see `problems`.
    """
    found = [
        Problem(f"{key} says which cluster it is", where, f"write it below {existing}") for key in place if key in block
    ]
    rest = {key: value for key, value in block.items() if key not in place}
    return found + problems(rest, where, ways, outputs=outputs)


def whole_numbers(block: Mapping[str, Any]) -> dict[str, Any]:
    """A block without what is None; a number that came from another stack is a float, and is a whole one again."""
    return {
        key: int(value) if isinstance(value, float) and value.is_integer() else value
        for key, value in block.items()
        if value is not None
    }


def string(key: str, value: Any) -> Found:
    """A string."""
    return None if isinstance(value, str) else (f"{key} is {value!r}, not a string", "write a string")


def boolean(key: str, value: Any) -> Found:
    """True or false."""
    if isinstance(value, bool):
        return None
    return f"{key} is {value!r}, not true or false", "write one of these"


def strings(key: str, value: Any) -> Found:
    """A mapping of names to strings."""
    if isinstance(value, Mapping) and all(isinstance(each, (str, pulumi.Output)) for each in value.values()):
        return None
    return f"{key} is {value!r}, not a mapping of names to strings", "write name: text"


def anything(_key: str, _value: Any) -> Found:
    """What is judged elsewhere."""
    return None


def word(*known: str) -> Check:
    """One word of a few."""

    def check(key: str, value: Any) -> Found:
        return None if value in known else (f'unknown {key} "{value}"', suggest(str(value), known))

    return check


def one_of(numbers: Sequence[int]) -> Check:
    """One number of a few."""

    def check(key: str, value: Any) -> Found:
        if value in numbers and not isinstance(value, bool):
            return None
        return f"{key} is {value!r}", f"write one of {', '.join(map(str, numbers))}"

    return check


def whole(least: int, greatest: int) -> Check:
    """A whole number; programs in other languages give it as a float."""

    def check(key: str, value: Any) -> Found:
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and float(value).is_integer()
        if number and least <= value <= greatest:
            return None
        return f"{key} is {value!r}", f"write a whole number from {least} to {greatest}"

    return check


def form(pattern: str, what: str, fix: str) -> Check:
    """A string of a certain form.

    Args:
        pattern: which all of it matches.
        what: what it then is, with an article, for the message.
        fix: what to write.
    """

    def check(key: str, value: Any) -> Found:
        if isinstance(value, str) and re.fullmatch(pattern, value):
            return None
        return f"{key} is {value!r}, not {what}", fix

    return check


def several(each: Check) -> Check:
    """A list, of which every element is judged alone."""

    def check(key: str, value: Any) -> Found:
        if not isinstance(value, list) or not value:
            return f"{key} is {value!r}, not a list", "write a list"
        return next((found for element in value if (found := each(key, element)) is not None), None)

    return check


def one_form(block: Any, where: str, forms: Sequence[str]) -> list[Problem]:
    """What is wrong with a block that has one key, the form, and beneath it what the form needs."""
    if isinstance(block, Mapping) and len(block) == 1 and next(iter(block)) in forms:
        return []
    return [Problem(f"it is {block!r}", where, f"write one of {', '.join(f'{form}: ...' for form in forms)}")]
