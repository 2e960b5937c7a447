"""Certificate Manager: what is asked for is kept, and counts as issued at once."""

import uuid
from typing import Any

from . import rest
from .calls import Call
from .rest import Cloud, Methods


def _authorize(cloud: Cloud, call: Call) -> dict[str, Any]:
    """An authorization has the record by which Google would find that the domain is the caller's."""
    data = f"{uuid.uuid4()}.authorize.certificatemanager.goog."
    record = {"type": "CNAME", "name": f"_acme-challenge.{call.body.get('domain')}.", "data": data}
    return rest.create(cloud, call.with_body({**call.body, "dnsResourceRecord": record}))


def _certificate(cloud: Cloud, call: Call) -> dict[str, Any]:
    managed = {**call.body.get("managed", {}), "state": "ACTIVE"}
    return rest.create(cloud, call.with_body({**call.body, "managed": managed}))


_METHODS = "certificatemanager.projects.locations"
METHODS: Methods = {
    f"{_METHODS}.dnsAuthorizations.create": _authorize,
    f"{_METHODS}.certificates.create": _certificate,
}
