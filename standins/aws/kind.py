"""A kind of AWS resource: mostly a table of what the API calls things; the model does the translation.

A kind that needs more than one call, or has to wait, overrides `settle` (after it was made) or `change` (in place).
"""

import itertools
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import jmespath

from standins.aws import model, tagging
from standins.aws.cloud import Cloud, CloudError
from standins.resource import Call, Resource, StandinError, State
from standins.spelling import member_of
from standins.tables import longest
from standins.traits import DEFAULTS, Trait, same
from standins.values import UNKNOWN, Properties, Value

_POLL_SECONDS: Final = 0.5
_UNIQUE: Final = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Request:
    """One call: the service and the operation by botocore's names, and what goes into it."""

    service: str
    operation: str
    given: Properties


@dataclass(frozen=True, slots=True)
class Look:
    """How one thing is asked for: the call, the member that takes its identity, and where the answer has it."""

    operation: str
    member: str
    path: str


@dataclass(frozen=True, slots=True)
class Act:
    """A call on one thing, and the member that takes its identity."""

    operation: str
    member: str


UNIQUE: Final = 26
"""Characters that are put behind a prefix: the time, and what makes it the only one
(`UniqueIDSuffixLength` in `helper/id` of hashicorp/terraform-plugin-sdk)."""


def prefix(length: int) -> Trait:
    """The trait of a name's begin.

    Args:
        length: the most of a name.
    """
    return Trait(computed=True, rule=longest(length - UNIQUE))


class Kind(Resource):
    """One kind of resource of AWS."""

    service: ClassVar[str]
    """By botocore's name."""
    creates: ClassVar[str]
    spelled: ClassVar[model.Spelled] = {}
    apart: ClassVar[frozenset[str]] = frozenset()
    """Inputs that do not go into the call that makes it."""
    identity: ClassVar[str]
    """Where the answer to that call has the identity."""
    look: ClassVar[Look]
    updates: ClassVar[Act | None] = None
    removes: ClassVar[Act]
    outputs: ClassVar[Mapping[str, str]] = {}
    """Output -> where what was found has it (https://jmespath.org)."""
    mirrored: ClassVar[frozenset[str]] = frozenset()
    """Inputs that are read as they are, for a refresh and an import."""
    tagged_by: ClassVar[str] = "arn"
    """The output that tags go by; `id` where it is the identity."""
    inner: ClassVar[str] = ""
    """The member of the call that takes what the inputs say, where that is not the call itself."""

    # judging

    def check(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """See `Resource`."""
        for name, value in inputs.items():
            if name != DEFAULTS and value is not None and name not in self.traits:
                yield name, "the stand-in lacks it; leave it out or use the official plugin"
        to_come = {"name": UNKNOWN} if inputs.get("namePrefix") and not inputs.get("name") else {}
        for request in self.requests({**inputs, **to_come}):
            yield from model.problems(model.operation(request.service, request.operation), request.given)
        yield from self.rules(inputs)

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:  # noqa: ARG002 - most kinds have none
        """What the model cannot say: (path, what is wrong). Values may be unknown."""
        return ()

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """Every call that the inputs come to; the first makes the resource."""
        yield Request(self.service, self.creates, self.body(self.creates, inputs, skip=self.apart))

    def body(self, operation: str, inputs: Properties, skip: Iterable[str] = ()) -> Properties:
        """What goes into a call."""
        left = {DEFAULTS, "namePrefix", *skip}
        given = {name: value for name, value in inputs.items() if name in self.traits and name not in left}
        wanted: Any = model.operation(self.service, operation)
        if self.inner and self.inner in wanted.members:
            return {self.inner: model.body(wanted.members[self.inner], given, self.spelled)}
        return model.body(wanted, given, self.spelled)

    # acting

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        cloud: Cloud = call.client
        made = self.named(inputs)
        tags = self.tags(cloud, made)
        request = next(iter(self.requests({**made, **({"tags": tags} if tags else {})})))
        answer = self._sent(call, request)
        identity = str(jmespath.search(self.identity, {**answer, "input": made}))
        self.settle(call, identity, made, answer)
        return self.state(call, identity, made)

    def state(self, call: Call, identity: str, known: Properties) -> State:
        """The inputs with what AWS made of them.

        Raises:
            StandinError: it is gone.
        """
        found = self.found(call.client, identity, known)
        if found is None:
            raise StandinError(f"{call.name}: gone as soon as it was made")
        return State(identity, {**known, **self.read_out(found), **self._all_tags(call.client, known)})

    def read(self, call: Call, identity: str, known: Properties) -> State | None:
        """See `Resource`."""
        found = self.found(call.client, identity, known)
        if found is None:
            return None
        return State(identity, {**self.mirror(found), **self.read_out(found), **self._all_tags(call.client, known)})

    def update(self, call: Call, identity: str, old: Properties, inputs: Properties) -> State:
        """See `Resource`."""
        made = {**{name: old[name] for name in ("name",) if name in old}, **inputs}
        changed = {
            name
            for name, trait in self.traits.items()
            if name != "tags" and not same(trait, old.get(name), made.get(name))
        }
        if changed:
            self.change(call, identity, old, made, changed)
        if "tags" in self.traits and (old.get("tagsAll") or {}) != self.tags(call.client, made):
            what = identity if self.tagged_by == "id" else old[self.tagged_by]
            tagging.retag(call.client, self.service, what, old.get("tagsAll") or {}, self.tags(call.client, made))
        return self.state(call, identity, made)

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`. What is asked to stay, stays."""
        if known.get("skipDestroy"):
            return
        request = Request(self.service, self.removes.operation, self.addressed(self.removes, identity, known))
        try:
            self._sent(call, request)
        except CloudError as error:
            if not error.gone:
                raise
        self.leave(call, identity, known)

    # what a kind overrides

    def named(self, inputs: Properties) -> Properties:
        """The inputs with a name made from their prefix, where they have one."""
        if not inputs.get("namePrefix") or inputs.get("name"):
            return inputs
        unique = f"{time.strftime('%Y%m%d%H%M%S', time.gmtime())}{next(_UNIQUE):04d}{uuid.uuid4().hex[:8]}"
        return {**inputs, "name": f"{inputs['namePrefix']}{unique}"}

    def addressed(self, act: Act | Look, identity: str, known: Properties) -> Properties:  # noqa: ARG002
        """What says in a call which thing is meant."""
        return _addressed(self.service, act, identity)

    def found(self, cloud: Cloud, identity: str, known: Properties) -> Properties | None:
        """The thing as AWS describes it; None where it is gone."""
        answer = cloud.find(self.service, self.look.operation, self.addressed(self.look, identity, known))
        found = jmespath.search(self.look.path, answer) if answer else None
        return found if isinstance(found, dict) else None

    def read_out(self, found: Properties) -> Properties:
        """The outputs."""
        return {name: jmespath.search(path, found) for name, path in self.outputs.items()}

    def mirror(self, found: Properties) -> Properties:
        """The inputs as they are."""
        shown = model.seen(found)
        wanted = {name: self.spelled.get(name, name) for name in self.mirrored}
        return {name: shown.get(api[:1].lower() + api[1:]) for name, api in wanted.items()}

    def settle(self, call: Call, identity: str, inputs: Properties, answer: Properties) -> None:
        """What is still to do once it is made."""

    def change(self, call: Call, identity: str, old: Properties, inputs: Properties, changed: set[str]) -> None:
        """Change it in place.

        Raises:
            StandinError: the API takes the change, and this kind knows no call for it.
        """
        if self.updates is None:
            if unsent := changed - self.apart:
                raise StandinError(
                    f"{call.name}: the stand-in cannot change {', '.join(sorted(unsent))}; use the official plugin"
                )
            return
        known: Any = model.operation(self.service, self.updates.operation)
        skip = {name for name in inputs if not self.spelled.get(name) and not self._takes(known, name)}
        given = self.body(self.updates.operation, inputs, skip={*skip, "tags"})
        request = {**given, **self.addressed(self.updates, identity, old)}
        self._sent(call, Request(self.service, self.updates.operation, request))

    def leave(self, call: Call, identity: str, known: Properties) -> None:
        """What is still to do once it is removed."""

    # what they share

    def tags(self, cloud: Cloud, inputs: Properties) -> Mapping[str, str]:
        """The provider's tags and its own; none where the kind has none."""
        return {**cloud.default_tags, **(inputs.get("tags") or {})} if "tags" in self.traits else {}

    def until(self, call: Call, identity: str, known: Properties, path: str, *wanted: Value) -> None:
        """Wait until what is found has one of these values there, or is gone where None is one.

        Raises:
            CancelledError: the engine asks to stop.
        """
        while True:
            found = self.found(call.client, identity, known)
            if (jmespath.search(path, found) if found else None) in wanted:
                return
            call.sleep(_POLL_SECONDS)

    def _takes(self, wanted: Any, name: str) -> bool:
        inside = wanted.members.get(self.inner, wanted)
        return member_of(inside.members, name) is not None

    def _all_tags(self, cloud: Cloud, inputs: Properties) -> Properties:
        return {"tagsAll": dict(self.tags(cloud, inputs))} if "tags" in self.traits else {}

    def _sent(self, call: Call, request: Request) -> Properties:
        cloud: Cloud = call.client
        try:
            return cloud.send(request.service, request.operation, request.given)
        except CloudError as error:
            raise CloudError(f"{call.name}: {error}", error.code) from error


def _addressed(service: str, act: Act | Look, identity: str) -> Properties:
    member = model.operation(service, act.operation).members[act.member]
    return {act.member: [identity] if member.type_name == "list" else identity}
