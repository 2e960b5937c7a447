"""What the verbs that judge an application have in common: on which target, in which mode, and what is accepted."""

import argparse
from dataclasses import dataclass

from .. import support, targets
from ..errors import InputError, Problem, suggest
from . import stacks


@dataclass(frozen=True, kw_only=True)
class Judging:
    """How an application is judged.

    Attributes:
        target: its name.
        table: of the target.
        mode: a key of `support.REFUSED`.
        accept: paths whose loss is accepted.
    """

    target: str
    table: support.Table
    mode: str
    accept: tuple[str, ...]


def add(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    built = ", ".join(targets.TARGETS)
    parser.add_argument("--target", help=f"one of {built}; default: that of --stack")
    parser.add_argument(
        "--mode", choices=list(support.REFUSED), help="what is refused; default: that of --stack, else warn"
    )
    parser.add_argument(
        "--accept",
        action="append",
        default=[],
        metavar="PATH",
        help="a path whose loss is accepted, beside those of --stack; repeatable",
    )


def read(arguments: argparse.Namespace) -> Judging:
    """What the arguments say, and where they say nothing, the stack.

    Raises:
        InputError: there is no such stack, target or mode, or no target is named.
    """
    stack = None if arguments.stack is None else stacks.read(arguments.stack)
    target = arguments.target or (stack.target if stack else None)
    if target is None:
        where = "" if stack is None else f"stack {arguments.stack}"
        raise InputError(Problem("no target", where, f"write --target, with one of {', '.join(targets.TARGETS)}"))
    mode = arguments.mode or (stack.mode if stack else None) or "warn"
    if mode not in support.REFUSED:
        raise InputError(
            Problem(f'unknown slipway:mode "{mode}"', f"stack {arguments.stack}", suggest(mode, support.REFUSED))
        )
    accept = (*arguments.accept, *(stack.accept if stack else ()))
    return Judging(target=target, table=targets.support_table(target), mode=mode, accept=accept)
