"""What a Magnum cluster is asked to be: `slipway:cluster.new` of the kind `magnum`. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ...errors import Problem
from .. import blocks

MASTERS = (1, 3, 5)
"""etcd has a majority with an odd number."""
MOST_NODES = 1000
MOST_MINUTES = 1440
NAME = r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?"
"""It begins the names of the cluster's machines."""
GROUP_NAME = r"[a-z]([a-z0-9-]{0,30}[a-z0-9])?"
GIVEN = ("default-master", "default-worker")
"""Names of the groups that every cluster has
(https://docs.openstack.org/magnum/latest/user/#node-groups)."""
FORMS = ("existing", "new")

CHECKS: Mapping[str, blocks.Check] = {
    "allowReplace": blocks.boolean,
    "cloud": blocks.string,
    "flavor": blocks.string,
    "floatingIps": blocks.boolean,
    "groups": blocks.anything,
    "keyPair": blocks.string,
    "labels": blocks.strings,
    "masterFlavor": blocks.string,
    "masters": blocks.one_of(MASTERS),
    "minutes": blocks.whole(1, MOST_MINUTES),
    "nodes": blocks.whole(0, MOST_NODES),
    "region": blocks.string,
    "template": blocks.anything,
}
"""Key -> what its value must be; blocks have checks of their own."""
TEMPLATE: Mapping[str, blocks.Check] = {
    "dns": blocks.string,
    "external": blocks.string,
    "flavor": blocks.string,
    "image": blocks.string,
    "labels": blocks.strings,
    "masterBalancer": blocks.boolean,
    "masterFlavor": blocks.string,
    "network": blocks.string,
    "networkDriver": blocks.word("calico", "cilium", "flannel"),
    "subnet": blocks.string,
}
"""Key of `template.new` -> what its value must be."""
GROUP: Mapping[str, blocks.Check] = {
    "flavor": blocks.string,
    "labels": blocks.strings,
    "max": blocks.whole(1, MOST_NODES),
    "min": blocks.whole(0, MOST_NODES),
    "nodes": blocks.whole(0, MOST_NODES),
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group of nodes beside the first one.

    Attributes:
        flavor: name of their size.
        nodes: how many there are at first.
        least: how many there are at least.
        most: how many there are at most; None: no limit.
        labels: of the driver.
    """

    flavor: str
    nodes: int = 1
    least: int = 0
    most: int | None = None
    labels: Mapping[str, str] = field(default_factory=dict)


def groups(asked: Mapping[str, Any] | None) -> dict[str, Group]:
    """The groups that a `groups` block without problems asks for."""
    return {key: _group(each) for key, each in (asked or {}).items()}


def _group(asked: Mapping[str, Any]) -> Group:
    names = {"min": "least", "max": "most"}
    return Group(**{names.get(key, key): value for key, value in asked.items() if value is not None})


def problems(asked: Mapping[str, Any], where: str, name: str) -> list[Problem]:
    """What is wrong with the settings of a cluster.

    Args:
        asked: as written.
        where: their place.
        name: the cluster's.
    """
    found = blocks.problems(asked, where, CHECKS, ["cloud", "template"], outputs=())
    if asked.get("template") is not None:
        found += _template_problems(asked["template"], f"{where}.template")
    if asked.get("groups") is not None:
        found += _group_problems(asked["groups"], f"{where}.groups")
    wrong = blocks.form(NAME, "a cluster's name", "take one of a-z, 0-9 and -, of at most 40 characters")(
        "the name", name
    )
    return found if wrong is None else [*found, Problem(wrong[0], where, wrong[1])]


def _template_problems(template: Any, where: str) -> list[Problem]:
    found = blocks.one_form(template, where, FORMS)
    if found:
        return found
    ((form, block),) = template.items()
    if form == "new":
        return blocks.problems(block or {}, f"{where}.new", TEMPLATE, ["image", "external"], outputs=())
    wrong = blocks.string(form, block)
    fix = "write the name of a template (`openstack coe cluster template list`)"
    return [] if wrong is None else [Problem(wrong[0], where, fix)]


def _group_problems(asked: Any, where: str) -> list[Problem]:
    if not isinstance(asked, Mapping) or not asked:
        return [Problem("it names no group", where, "write a name, and what it has")]
    found: list[Problem] = []
    for key, group in asked.items():
        there = f"{where}.{key}"
        wrong = blocks.form(GROUP_NAME, "a group's name", "take one of a-z, 0-9 and -, of at most 32 characters")
        if (named := wrong("the name", key)) is not None:
            found.append(Problem(named[0], there, named[1]))
        if key in GIVEN:
            found.append(Problem(f'every cluster has a group "{key}"', there, "take another name, or write nodes"))
        inside = blocks.problems(group, there, GROUP, ["flavor"], outputs=())
        found += inside or _count_problems(_group(group), there)
    return found


def _count_problems(group: Group, where: str) -> list[Problem]:
    most = MOST_NODES if group.most is None else group.most
    if group.least <= group.nodes <= most:
        return []
    what = f"nodes {group.nodes} is not from min {group.least} to max {most}"
    return [Problem(what, where, "write a number between the two")]
