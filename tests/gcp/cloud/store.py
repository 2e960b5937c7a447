"""What the APIs keep: resources by name, and who may do what with them."""

import copy
import hashlib
import json
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from .calls import PROJECT, RefusedError

_OWNER = "owner@example.com"


def now() -> str:
    """The time, as Google writes it."""
    seconds = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds % 1 * 1e6):06d}Z"


class Store:
    """All resources, by API and name.

    Attributes:
        lock: held while a call is answered; what takes long runs without it, as an operation.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._kept: dict[tuple[str, str], dict[str, Any]] = {}
        self._policies: dict[tuple[str, str], dict[str, Any]] = {}

    def find(self, api: str, name: str) -> dict[str, Any] | None:
        """A resource; None: there is none."""
        return self._kept.get((api, name))

    def get(self, api: str, name: str) -> dict[str, Any]:
        """A resource.

        Raises:
            RefusedError: there is none.
        """
        found = self.find(api, name)
        if found is None:
            raise RefusedError("NOT_FOUND", f"Resource '{name}' was not found")
        return found

    def add(self, api: str, name: str, resource: dict[str, Any]) -> dict[str, Any]:
        """Keep a new resource.

        Raises:
            RefusedError: there is one of this name.
        """
        with self.lock:
            if (api, name) in self._kept:
                raise RefusedError("ALREADY_EXISTS", f"Resource '{name}' already exists.")
            self._kept[api, name] = resource
            return resource

    def remove(self, api: str, name: str) -> dict[str, Any]:
        """Forget a resource, what is in it, and its policy.

        Raises:
            RefusedError: there is none.
        """
        with self.lock:
            gone = self.get(api, name)
            for kept in (self._kept, self._policies):
                for key in [key for key in kept if key[0] == api and f"{key[1]}/".startswith(f"{name}/")]:
                    del kept[key]
            return gone

    def under(self, api: str, parent: str) -> list[dict[str, Any]]:
        """The resources right below a path."""
        with self.lock:
            start = f"{parent}/"
            return [each for (whose, name), each in self._kept.items()
                    if whose == api and name.startswith(start) and "/" not in name[len(start):]]  # fmt: skip

    def all(self, api: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Name and resource, of everything of an API."""
        with self.lock:
            yield from [(name, each) for (whose, name), each in self._kept.items() if whose == api]

    # --- who may do what ---

    def policy(self, api: str, name: str) -> dict[str, Any]:
        """The policy of a resource."""
        return self._policies.get((api, name), {"version": 1, "etag": "ACAB"})

    def set_policy(self, api: str, name: str, policy: Mapping[str, Any]) -> dict[str, Any]:
        """Change one.

        Raises:
            RefusedError: it was changed since it was read, or names an account that is not there.
        """
        with self.lock:
            if policy.get("etag") not in {None, self.policy(api, name)["etag"]}:
                raise RefusedError("ABORTED", "There were concurrent policy changes. Please retry the whole "
                                   "read-modify-write with exponential backoff.")  # fmt: skip
            bindings = [each for each in policy.get("bindings", ()) if each.get("members")]
            for member in [member for each in bindings for member in each["members"]]:
                self._check(member)
            fresh = hashlib.sha256(json.dumps([time.time(), bindings]).encode()).hexdigest()[:12]
            self._policies[api, name] = {
                "version": 1,
                **copy.deepcopy(dict(policy)),
                "bindings": bindings,
                "etag": fresh,
            }
            return self._policies[api, name]

    def _check(self, member: str) -> None:
        kind, _, who = member.partition(":")
        if kind == "serviceAccount" and who.endswith(f"@{PROJECT}.iam.gserviceaccount.com"):
            if self.find("iam", f"projects/{PROJECT}/serviceAccounts/{who}") is None:
                raise RefusedError("INVALID_ARGUMENT", f"Service account {who} does not exist.")
        elif member not in {"allUsers", "allAuthenticatedUsers"} and not who:
            raise RefusedError("INVALID_ARGUMENT", f"The member {member} is of an unknown type.")

    def may(self, account: str, roles: frozenset[str], api: str, name: str) -> bool:
        """Whether an account has one of the roles on a resource, or on the project."""
        policies = (self.policy(api, name), self.policy("cloudresourcemanager", f"projects/{PROJECT}"))
        member = f"serviceAccount:{account}"
        return any(
            each["role"] in roles and {member, "allUsers"} & set(each["members"])
            for policy in policies
            for each in policy.get("bindings", ())
        )


def stamped(resource: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """A new resource with what most APIs add."""
    moment = now()
    return {**resource, "uid": str(uuid.uuid4()), "createTime": moment, "updateTime": moment, "etag": etag(), **more}


def etag() -> str:
    """A new one."""
    return f'"{uuid.uuid4().hex[:12]}"'


def check_etag(given: str | None, resource: Mapping[str, Any]) -> None:
    """Refuse a change of what has been changed since it was read.

    Raises:
        RefusedError: it has been.
    """
    if given and given != resource.get("etag"):
        raise RefusedError(
            "ABORTED",
            f"Conflict for resource '{resource.get('name')}': version '{given}' was specified but current version is "
            f"'{resource.get('etag')}'.",
        )


def owner() -> str:
    """Who calls: the one user that there is."""
    return _OWNER
