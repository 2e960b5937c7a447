"""A kind of resource of Google Cloud: mostly a table of what the API calls things; the model does the translation.

A kind that needs more than one call overrides `settle` (after it was made) or `change` (in place).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import ClassVar, Final

import jmespath

from standins.gcp import model
from standins.gcp.cloud import Cloud, CloudError, Request
from standins.gcp.identity import filled, parsed
from standins.gcp.nested import got, put
from standins.gcp.shown import shown
from standins.resource import Call, InitFailedError, Resource, StandinError, State
from standins.sdk import Sdk
from standins.spelling import member_of
from standins.traits import DEFAULTS, Trait, same
from standins.values import UNKNOWN, Properties, Value

SDK: Final = Sdk("pulumi_gcp")
_OWN: Final = {"deletionPolicy": Trait(in_place=True), "deletionProtection": Trait(in_place=True)}
"""Inputs of most kinds that the plugin heeds, and no call takes."""
_PROVIDERS: Final = ("project", "region", "zone")
"""Inputs that the provider's settings give where the program does not."""


class Kind(Resource):
    """One kind of resource of Google Cloud."""

    api: ClassVar[str]
    """The discovery document, `run.v2`."""
    collection: ClassVar[str]
    """Where the document has its methods, `projects.locations.services`."""
    identity: ClassVar[str]
    """Its ID, from inputs: `projects/{project}/locations/{location}/services/{name}`."""
    places: ClassVar[Mapping[str, str]] = {}
    """Parameter, or `method.parameter`, -> what it is made from, where that is not the input of its name; `id` is the
    ID."""
    creates: ClassVar[str] = "create"
    gets: ClassVar[str] = "get"
    updates: ClassVar[str] = "patch"
    removes: ClassVar[str] = "delete"
    spelled: ClassVar[model.Spelled] = {}
    inside: ClassVar[Mapping[str, str]] = {}
    """Input -> where the API has it, in an object of its own: `routingConfig.routingMode`."""
    apart: ClassVar[frozenset[str]] = frozenset()
    """Inputs that are in a call's parameters, or in no call at all."""
    masked: ClassVar[bool] = False
    """Whether a change names its fields, and sends only these."""
    stays: ClassVar[bool] = False
    """Whether it is kept, tainted, where it was made and did not come up."""
    labelled: ClassVar[str] = ""
    """The member of the API that takes labels; "": it has none."""
    attributed: ClassVar[bool] = True
    """Whether the official plugin labels it as made by Pulumi."""
    outputs: ClassVar[Mapping[str, str]] = {}
    """Output -> where what was found has it (https://jmespath.org)."""

    @property
    def word(self) -> str:
        """What the official plugin calls it in messages: `Service`."""
        return self.token.rpartition(":")[2]

    # judging

    def check(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        """See `Resource`."""
        for name, value in inputs.items():
            if name != DEFAULTS and value is not None and name not in self.all_traits:
                yield name, "the stand-in lacks it; leave it out or use the official plugin"
        if inputs.get("deletionPolicy") not in (None, UNKNOWN, "DELETE", "ABANDON", "PREVENT"):
            yield "deletionPolicy", f"{inputs['deletionPolicy']!r} is not one of ABANDON, DELETE, PREVENT"
        for request in self.requests(inputs):
            yield from request.problems()
        yield from self.rules(inputs)

    def rules(self, inputs: Properties) -> Iterable[tuple[str, str]]:  # noqa: ARG002 - most kinds have none
        """What the model cannot say: (path, what is wrong). Values may be unknown."""
        return ()

    def requests(self, inputs: Properties) -> Iterator[Request]:
        """Every call that the inputs come to; the first makes the resource."""
        yield self.request(self.creates, inputs, self.content(self.creates, inputs))

    def content(self, method: str, inputs: Properties) -> Properties:
        """What goes into a call."""
        wanted = model.method(self.api, f"{self.collection}.{method}").request
        taken = self.traits.keys() - (self.apart | _OWN.keys() | set(_PROVIDERS))
        given: Properties = {}
        for name, value in inputs.items():
            if name in taken and value is not None:
                put(given, self.inside.get(name, name), value)
        if self.labelled and "effectiveLabels" in inputs:
            given["labels"] = inputs["effectiveLabels"]
        return model.body(self.api, wanted or {}, given, self.spelled)

    def partly(self, method: str, known: Properties, names: Collection[str]) -> Properties:
        """What goes into a call that says some inputs alone; what is no more is sent as null."""
        taken = {*names, "effectiveLabels"} if "labels" in names else names
        given = self.content(method, {name: value for name, value in known.items() if name in taken})
        members = model.method(self.api, f"{self.collection}.{method}").members
        for name in sorted(names):
            path = self.inside.get(name) or self.spelled.get(name) or member_of(members, name) or name
            if got(given, path) is None:
                put(given, path, None)
        return given

    def request(self, method: str, known: Properties, given: Properties | None = None, **more: Value) -> Request:
        """A call of the kind, with the parameters that its method has to have."""
        name = method if method.count(".") else f"{self.collection}.{method}"
        found = model.method(self.api, name)
        asked = [each for each, shape in found.parameters.items() if shape.get("required") or each in self.places]
        made_from = {each: self.places.get(f"{method}.{each}", self.places.get(each, f"{{{each}}}")) for each in asked}
        places = {each: filled(template, self._named(known)) for each, template in made_from.items()}
        return Request(self.api, name, {**places, **more}, given)

    # acting

    def create(self, call: Call, inputs: Properties) -> State:
        """See `Resource`."""
        made = self.completed(call.client, inputs)
        request = next(iter(self.requests(made)))
        try:
            answer = self.sent(call.client, request, made)
        except CloudError as error:
            raise CloudError(f"{call.name}: Error creating {self.word}: {error}", error.code) from error
        known = {**made, **self.told(answer, made)}
        try:
            answer = call.client.wait(call, request, answer, f"Creating {self.word}")
            self.settle(call, known, answer)
        except CloudError as error:
            raise self._not_made(call, known, error) from error
        return self.state(call, known)

    def read(self, call: Call, identity: str, known: Properties) -> State | None:
        """See `Resource`."""
        asked = {**parsed(self.identity, identity), **known, "id": identity}
        found = self.found(call.client, asked)
        if found is None:
            return None
        return State(identity, {**self.mirror(found, asked), **self.read_out(found, asked)})

    def update(self, call: Call, identity: str, old: Properties, inputs: Properties) -> State:
        """See `Resource`."""
        made = {**self.completed(call.client, inputs), "id": identity}
        kept = {name: old[name] for name in self.outputs if name in old}
        changed = {name for name, trait in self.traits.items() if not same(trait, old.get(name), made.get(name))}
        if self.labelled and (old.get("effectiveLabels") or {}) != made["effectiveLabels"]:
            changed.add("labels")
        try:
            self.change(call, {**kept, **made}, changed)
        except CloudError as error:
            if not self.stays:
                raise CloudError(f"{call.name}: {error}", error.code) from error
            found = self.found(call.client, made) or {}
            outputs = {**made, **self.read_out(found, made)}
            raise InitFailedError(f"{call.name}: {error}", identity, outputs) from error
        return self.state(call, {**kept, **made})

    def delete(self, call: Call, identity: str, known: Properties) -> None:
        """See `Resource`."""
        policy = known.get("deletionPolicy") or "DELETE"
        if policy == "PREVENT" or known.get("deletionProtection"):
            word, why = self.word.lower(), "deletionPolicy" if policy == "PREVENT" else "deletionProtection=false"
            raise StandinError(f"{call.name}: cannot destroy {word} without setting {why} and running `pulumi up`")
        if policy == "ABANDON":
            return
        try:
            self.remove(call, {**parsed(self.identity, identity), **known, "id": identity})
        except CloudError as error:
            if not error.gone:
                raise CloudError(f"{call.name}: Error when reading or editing {self.word}: {error}") from error

    # what a kind overrides

    def sent(self, cloud: Cloud, request: Request, known: Properties) -> Properties:  # noqa: ARG002
        """The answer to the call that makes it."""
        return cloud.send(request)

    def told(self, answer: Properties, made: Properties) -> Properties:  # noqa: ARG002 - most kinds name themselves
        """What only the answer to the call that makes it says of its ID."""
        return {}

    def found(self, cloud: Cloud, known: Properties) -> Properties | None:
        """The thing as Google describes it; None where it is gone."""
        return cloud.find(self.request(self.gets, known))

    def settle(self, call: Call, known: Properties, answer: Properties) -> None:
        """What is still to do once it is made."""

    def change(self, call: Call, known: Properties, changed: set[str]) -> None:
        """Change it in place."""
        sent = {name for name in changed if name not in self.apart and name not in _OWN}
        if not sent:
            return
        given = self.partly(self.updates, known, sent) if self.masked else self.content(self.updates, known)
        more = {"updateMask": ",".join(sorted(given))} if self.masked else {}
        request = self.request(self.updates, known, given, **more)
        self.done(call, request, f"Updating {self.word}")

    def remove(self, call: Call, known: Properties) -> None:
        """Remove it."""
        self.done(call, self.request(self.removes, known), f"Deleting {self.word}")

    def read_out(self, found: Properties, known: Properties) -> Properties:
        """The outputs."""
        read = {name: jmespath.search(path, found) for name, path in self.outputs.items()}
        if not self.labelled:
            return read
        own = known.get("effectiveLabels") or {}
        return {**read, "effectiveLabels": found.get(self.labelled) or {}, "pulumiLabels": own}

    # what they share

    @property
    def all_traits(self) -> Mapping[str, Trait]:
        """Those of the kind, and those of every kind."""
        return {**_OWN, **self.traits}

    def done(self, call: Call, request: Request, activity: str) -> Properties:
        """The answer to a call, once it is over."""
        return dict(call.client.wait(call, request, call.client.send(request), activity))

    def completed(self, cloud: Cloud, inputs: Properties) -> Properties:
        """The inputs with what the provider's settings add."""
        taken = {name: getattr(cloud, name) for name in _PROVIDERS if name in self.traits and not inputs.get(name)}
        made = {**inputs, **{name: value for name, value in taken.items() if value}}
        if not self.labelled:
            return made
        attribution = cloud.attribution if self.attributed else {}
        return {**made, "effectiveLabels": {**attribution, **cloud.labels, **(inputs.get("labels") or {})}}

    def state(self, call: Call, known: Properties) -> State:
        """The inputs with what Google made of them.

        Raises:
            StandinError: it is gone.
        """
        found = self.found(call.client, known)
        if found is None:
            raise StandinError(f"{call.name}: gone as soon as it was made")
        return State(str(filled(self.identity, self._named(known))), {**known, **self.read_out(found, known)})

    def mirror(self, found: Properties, known: Properties) -> Properties:
        """The inputs as they are: as asked for where that is what was found, else as the provider shows it."""
        hints = SDK.schema(self.token).inputs
        asked = self.content(self.creates, known)
        members = model.method(self.api, f"{self.collection}.{self.creates}").members
        read: Properties = {}
        for name in self.traits:
            path = self.inside.get(name) or self.spelled.get(name) or member_of(members, name)
            if path is None or name in self.apart or name in _PROVIDERS or name not in hints:
                read[name] = known.get(name)
            elif name == "labels":
                own = known.get("effectiveLabels") or found.get(path)
                read[name] = known.get(name) if found.get(path) == own else found.get(path)
            elif known.get(name) is not None and model.covers(got(found, path), got(asked, path)):
                read[name] = known[name]
            else:
                read[name] = shown(hints[name].type, got(found, path), self.spelled, name)
        return {name: value for name, value in read.items() if value is not None}

    def as_asked(self, known: Properties) -> Properties:
        """The inputs as they were asked for, where the API does not tell them."""
        return {name: known[name] for name in self.traits if known.get(name) is not None}

    def _named(self, known: Properties) -> Properties:
        if "id" in known:
            return known
        return {**known, "id": filled(self.identity, known)}

    def _not_made(self, call: Call, known: Properties, error: CloudError) -> StandinError:
        message = f"{call.name}: Error waiting to create {self.word}: {error}"
        found = self.found(call.client, known) if self.stays else None
        if found is None:
            return CloudError(message, error.code)
        identity = str(filled(self.identity, self._named(known)))
        return InitFailedError(message, identity, {**known, **self.read_out(found, known)})
