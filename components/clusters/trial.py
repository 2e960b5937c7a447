"""A cluster in the stack of the one application that runs on it: for trials, because it goes when the application does.

The application is judged before anything is made, by what its cluster will be: that follows from the settings. Then the
cluster is made, and all that the application has on it comes after all of the cluster.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from ..support import Finding, Verdict

WHERE = "slipway:cluster.new"
FINDING = Finding(
    path=WHERE,
    where=WHERE,
    verdict=Verdict.APPROXIMATED,
    reason="the cluster is the application's own",
    what="this is a trial: the stack has the application's cluster too, and destroying the application destroys the "
    "cluster; for more than that, give it a stack of its own",
)
"""What is said of every trial."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """A cluster that is still to be made.

    Attributes:
        module: makes clusters of its kind: `create` and `expected`.
        name: of the cluster; begins the logical name of every resource.
        new: what it is to be, but for its kind.
        protect: whether what holds state is protected from deletion.
    """

    module: Any
    name: str
    new: Mapping[str, Any]
    protect: bool = False

    def expected(self) -> dict[str, Any]:
        """What the application has to know of the cluster, with outputs for what is known later.

        Raises:
            SettingsError: a setting is wrong, or the application would have to know what does not follow from them.
        """
        return _without_kind(self.module.expected(self.name, self.new))

    def create(self, parent: pulumi.Resource) -> dict[str, Any]:
        """Make the cluster.

        Args:
            parent: the application, whose child it is.

        Returns:
            The same as `expected`, with outputs that are known once the whole cluster is there.
        """
        made = self.module.create(self.name, self.new, protect=self.protect, parent=parent)
        whole: dict[str, Any] = _after(_without_kind(made.access), made)
        return whole


def _without_kind(access: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in access.items() if key != "kind"}


def _after(value: Any, made: pulumi.Resource) -> Any:
    """A value whose outputs depend on a component, and so on all that it is made of."""
    if isinstance(value, pulumi.Output):
        return pulumi.Output.all(value, made.urn).apply(_first)
    if isinstance(value, Mapping):
        return {key: _after(each, made) for key, each in value.items()}
    return value


def _first(known: list[Any]) -> Any:
    return known[0]
