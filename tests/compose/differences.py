"""What we do otherwise than the reference, each with its reason: `docs/compose.md` lists the same.

Every entry is a case of `corpus/` and is asserted to be a difference still, so that the lists only shrink.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Value(NamedTuple):
    """A value of a case in `corpus/valid` that is printed otherwise."""

    case: str
    path: str
    ours: Any
    theirs: Any
    reason: str


_WEB_PORT = {"mode": "ingress", "protocol": "tcp", "published": "8080", "target": 80}
_OLD, _BOTH, _NEW = (
    {"subnet": "10.0.0.0/24", "gateway": "10.0.0.1"},
    {"subnet": "10.0.1.0/24", "ip_range": "10.0.1.0/25"},
    {"subnet": "10.0.2.0/24"},
)

VALUES: tuple[Value, ...] = (
    Value(
        "a_date",
        "services.web.environment.DAY",
        "2024-01-02",
        "2024-01-02 00:00:00 +0000 UTC",
        "YAML 1.2 has no dates: what was written is what the container gets",
    ),
    Value(
        "env_file_of_job",
        "jobs.j.environment.A",
        "1",
        "absent",
        "the reference leaves the files of a job's variables unread",
    ),
    Value(
        "jobs_use_a_network",
        "networks.n",
        {"name": "valid_n"},
        "absent",
        "the reference leaves out of its print what only jobs use",
    ),
    Value(
        "merge_ipam_pools",
        "networks.a.ipam.config",
        [_OLD, _BOTH, _NEW],
        [{**_BOTH, "subnet": "10.0.2.0/24"}, _NEW],
        "the reference loses address pools where both files have several, and mixes them",
    ),
    Value(
        "merge_number_and_text",
        "services.web.group_add",
        ["1"],
        ["1", "1"],
        "a number and the same number as text are one item",
    ),
    Value(
        "merge_ports_number_published",
        "services.web.ports",
        [_WEB_PORT],
        [_WEB_PORT, _WEB_PORT],
        "a published port is the same port whether it is written as a number or as text",
    ),
)

PRINTED = {
    "jobs.*.env_file": "the reference leaves the files of a job's variables unread",
    "jobs.*.name": "the reference prints the name of a job inside the job, where its own schema refuses it",
}
"""What only the reference prints, by path, in every case."""

_WORDS = "no shell runs the command, and the reference drops what follows the operator without a word"
_PORT = "there is no such port: the reference leaves it to the Engine to say so"

REFUSED_HERE = {
    "anchors_redefined": "the YAML parser refuses an anchor that is defined twice, as YAML 1.1 has it",
    "include_unknown_key": "a key that the specification does not know is a mistake, in include as elsewhere",
    "job_without_image": "there is nothing to run: the reference says so of services alone",
    "port_0": _PORT,
    "port_beyond": _PORT,
    "shell_operator": _WORDS,
    "shell_redirection": _WORDS,
    "shell_substitution": _WORDS,
}
"""Cases of `corpus/refused_here`: the reference takes them."""

_NEWER = "the specification has the key, and the reference's schema is older"

TAKEN_HERE = {
    "build_ssh_in_two_files": "a list is merged into what an earlier list became, as everywhere else",
    "build_ulimits_text": "a variable is always text, and the schema allows it",
    "device_without_target": "the schema asks for no target: it is the source",
    "empty_document": "a document that says nothing changes nothing",
    "include_config_of_environment": "the reference mistakes what it has read from the environment for a `content:`",
    "service_name_alias": _NEWER,
    "tmpfs_mode_string": "a variable is always text, and the schema allows it",
    "umask": _NEWER,
}
"""Cases of `corpus/taken_here`: the reference refuses them."""


def page(counts: Mapping[str, int]) -> str:
    """The lists as a part of a page, with the number of cases by what is expected of them."""
    return "\n".join(
        (
            f"{counts['valid']} cases are valid, {counts['invalid']} are refused by both. The known differences:",
            "",
            *_table(
                "what is read otherwise",
                {f"`{value.path}` (case `{value.case}`)": value.reason for value in VALUES},
            ),
            *_table("what only the reference prints", {f"`{path}`": reason for path, reason in PRINTED.items()}),
            *_table("what only we refuse", {f"case `{name}`": reason for name, reason in REFUSED_HERE.items()}),
            *_table("what only we take", {f"case `{name}`": reason for name, reason in TAKEN_HERE.items()}),
        )
    )


def _table(title: str, rows: Mapping[str, str]) -> list[str]:
    return [f"| {title} | because |", "|---|---|", *(f"| {what} | {why} |" for what, why in rows.items()), ""]
