"""Parts of the plugin protocol's answers that are more than one field. Pure but for a name drawn by chance."""

from collections.abc import Iterable, Mapping
from typing import Final

from pulumi.runtime.proto import provider_pb2

from standins.resource import Resource, StandinError, autoname
from standins.traits import DEFAULTS, Change
from standins.values import Properties

Autonaming = provider_pb2.CheckRequest.AutonamingOptions
_KINDS: Final[Mapping[tuple[str, bool], provider_pb2.PropertyDiff.Kind.ValueType]] = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


def failures(found: Iterable[tuple[str, str]]) -> list[provider_pb2.CheckFailure]:
    """What a check found, each as a failure of its own."""
    return [provider_pb2.CheckFailure(property=name, reason=f"{name}: {wrong}") for name, wrong in found]


def name(request: provider_pb2.CheckRequest, olds: Properties, key: str = "name") -> Properties:
    """The generated name under its key: the one it has, else the engine's proposal, else one of our own."""
    logical = request.urn.rsplit("::", 1)[-1]
    proposal = request.autonaming if request.HasField("autonaming") else None
    if proposal is not None and proposal.mode == Autonaming.DISABLE:
        raise StandinError(f"{logical}: it has no name, and autonaming is disabled; give it a name")
    if key in olds.get(DEFAULTS, []) and olds.get(key) is not None:
        name = olds[key]
    else:
        name = proposal.proposed_name if proposal is not None else autoname(logical, request.randomSeed)
    return {key: name, DEFAULTS: [key]}


def named_by_hand(resource: Resource, news: Properties, found: Mapping[str, Change]) -> bool:
    """Whether a replacement would meet its own name: two resources of one name cannot be there at once."""
    key = resource.name_input
    by_hand = key not in news.get(DEFAULTS, []) and not news.get("namePrefix")
    return resource.autonamed and by_hand and key not in found


def diff(found: Mapping[str, Change], *, delete_first: bool) -> provider_pb2.DiffResponse:
    """The differences, property by property, and how a replacement goes."""
    changes = provider_pb2.DiffResponse.DIFF_SOME if found else provider_pb2.DiffResponse.DIFF_NONE
    return provider_pb2.DiffResponse(
        changes=changes,
        diffs=list(found),
        replaces=[name for name, change in found.items() if change.replaces],
        deleteBeforeReplace=delete_first,
        hasDetailedDiff=True,
        detailedDiff={
            name: provider_pb2.PropertyDiff(kind=_KINDS[change.kind, change.replaces], inputDiff=True)
            for name, change in found.items()
        },
    )
