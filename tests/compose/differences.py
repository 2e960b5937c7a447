"""What we do otherwise than the reference, each with its reason: `docs/compose.md` lists the same.

Every entry is a case of `corpus/` and is asserted to be a difference still, so that the lists only shrink.
"""

from typing import Any, NamedTuple


class Value(NamedTuple):
    """A value of a case in `corpus/valid` that is printed otherwise."""

    case: str
    path: str
    ours: Any
    theirs: Any
    reason: str


VALUES: tuple[Value, ...] = ()

_WORDS = "no shell runs the command, and the reference drops what follows the operator without a word"
_PORT = "there is no such port: the reference leaves it to the Engine to say so"

REFUSED_HERE = {
    "port_0": _PORT,
    "port_beyond": _PORT,
    "shell_operator": _WORDS,
    "shell_redirection": _WORDS,
    "shell_substitution": _WORDS,
}
"""Cases of `corpus/refused_here`: the reference takes them."""

TAKEN_HERE = {
    "device_without_target": "the schema asks for no target: it is the source",
    "empty_document": "a document that says nothing changes nothing",
}
"""Cases of `corpus/taken_here`: the reference refuses them."""
