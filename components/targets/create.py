"""Rows become resources: the part of a target's component that is the same on every target."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pulumi

from . import identity
from .outputs import resolved
from .rows import Key, Ref, Row

JOB_LOG_LINES = 20
"""How many of a failed run's last log lines are shown."""


def this_stack() -> str:
    """The identity of the stack that runs; see `targets.identity`."""
    backend = os.environ.get("PULUMI_BACKEND_URL")
    return identity.of_stack(pulumi.get_organization(), pulumi.get_project(), pulumi.get_stack(), backend)


def is_mocked() -> bool:
    """Whether the program runs in a unit test, where nothing is asked and no hook is taken."""
    return isinstance(pulumi.runtime.settings.get_monitor(), pulumi.runtime.mocks.MockMonitor)


Gate = Callable[[Key, Any], pulumi.Output[pulumi.Resource]]
"""From a row's key and its resource to the resource once it is what was asked for: what comes after it waits for that.
It raises on every `up` until it is."""


def ended(key: Key, job: Any) -> pulumi.Output[pulumi.Resource]:
    """A container that runs to completion, once it has ended well; a failed one fails every `up` until another run."""

    def check(values: list[Any]) -> pulumi.Resource:
        code, urn, logs = values
        refuse_failed(key, code, urn, str(logs or "").splitlines())
        return job  # type: ignore[no-any-return]  # a resource, read from an untyped mapping

    return pulumi.Output.all(job.exit_code, job.urn, job.container_logs).apply(check)


def refuse_failed(key: Key, code: int, urn: str, lines: Sequence[str]) -> None:
    """Fail where a run to completion did.

    Args:
        key: of its row.
        code: its exit code.
        urn: what has to be replaced for another run.
        lines: that it has printed.

    Raises:
        RunError: its exit code is not 0.
    """
    if code:
        tail = "\n".join(f"  {line}" for line in lines[-JOB_LOG_LINES:])
        raise pulumi.RunError(
            f"{key[1]}: exit code {code}; mend it, then run it again with `pulumi up --replace '{urn}'`\n{tail}"
        )


class Resources:
    """The resources of one component, made row by row.

    Attributes:
        made: by kind and key.
    """

    def __init__(
        self,
        name: str,
        parent: pulumi.Resource,
        classes: Mapping[str, Callable[..., pulumi.CustomResource]],
        *,
        protected: Iterable[str] = (),
        hooks: Mapping[str, pulumi.ResourceHookBinding] | None = None,
        gates: Mapping[str, Gate] | None = None,
        completed: Gate = ended,
    ) -> None:
        """Nothing is made yet.

        Args:
            name: begins every logical name.
            parent: of every resource.
            classes: a row's kind -> what creates it.
            protected: kinds that are protected from deletion.
            hooks: kind -> hooks of its resources.
            gates: kind -> what the rows after one of it wait for, beside the resource.
            completed: what rows wait for that come after a run to completion.
        """
        self.made: dict[Key, pulumi.CustomResource] = {}
        self._name = name
        self._parent = parent
        self._classes = classes
        self._protected = frozenset(protected)
        self._hooks = hooks or {}
        self._gates = gates or {}
        self._completed = completed
        self._gated: dict[Key, pulumi.Output[pulumi.Resource]] = {}

    def create(self, row: Row, **more: Any) -> pulumi.CustomResource:
        """Make the resource of a row; the rows that it refers to have been made.

        Args:
            row: what was rendered.
            more: options of this resource alone, as `pulumi.ResourceOptions` takes them.
        """
        options = pulumi.ResourceOptions(
            parent=self._parent,
            depends_on=[
                *(self.gated(key) for key in row.after),
                *(self.ended(key) for key in row.completed),
            ],
            delete_before_replace=row.stop_first,
            retain_on_delete=row.retain,
            ignore_changes=list(row.unasked),
            replace_on_changes=list(row.replaced_by),
            protect=row.kind in self._protected,
            hooks=self._hooks.get(row.kind),
            **more,
        )
        args = resolved(row.args, self.output)
        resource = self._classes[row.kind](f"{self._name}-{row.key}", **args, opts=options)
        self.made[row.kind, row.key] = resource
        return resource

    def output(self, ref: Ref) -> Any:
        """An output of a row's resource."""
        resource: Any = self.made[ref.row]
        if ref.attribute == "namespace":
            return pulumi.Output.concat("container:", resource.id)
        if ref.attribute == "repo_digest":
            return pulumi.Output.all(resource.name, resource.repo_digest).apply(_in_a_registry)
        return getattr(resource, ref.attribute)

    def gated(self, key: Key) -> Any:
        """What comes after a row waits for this: its resource, or what its kind's gate makes of it."""
        gate = self._gates.get(key[0])
        return self.made[key] if gate is None else self._once(key, gate)

    def ended(self, key: Key) -> Any:
        """What comes after a run to completion waits for this."""
        return self._once(key, self._completed)

    def _once(self, key: Key, gate: Gate) -> pulumi.Output[pulumi.Resource]:
        if key not in self._gated:
            self._gated[key] = gate(key, self.made[key])
        return self._gated[key]


def _in_a_registry(found: list[Any]) -> str:
    name, digest = found
    if not digest:
        raise pulumi.RunError(f'image "{name}" is in no registry; push it to one that every node reaches')
    return str(digest)
