"""Security groups as iptables rules in the network namespaces of tasks: what may come in.

What may go out, and what is allowed by prefix list, is not enforced. A task without a group takes everything: only the
tests of the cloud itself have such. A load balancer is this machine, seen from a task.
"""

import logging
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.services import alb, ec2

from .place import Place

_LOG = logging.getLogger("security groups")
_LOOK_SECONDS = 0.2
_ALL = "-1"


@dataclass(frozen=True, slots=True)
class Wearer:
    """A task in the network.

    Attributes:
        process: one in its namespace.
        address: its address.
        groups: IDs of its security groups.
    """

    process: int
    address: str
    groups: tuple[str, ...]


class Guard:
    """Keeps the rules of all tasks as the API has them."""

    def __init__(self, place: Place) -> None:
        """Know no task yet."""
        self._place = place
        self._wearers: dict[str, Wearer] = {}
        self._applied: dict[str, str] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._watch, daemon=True, name="security-groups").start()

    def add(self, task: str, wearer: Wearer) -> None:
        """A task is in the network: no container of it has started yet."""
        with self._lock:
            self._wearers[task] = wearer
        self.apply()

    def remove(self, task: str) -> None:
        """A task is to go."""
        with self._lock:
            self._wearers.pop(task, None)
            self._applied.pop(task, None)

    def apply(self) -> None:
        """Make the rules of every task what they should be."""
        with self._lock:
            for task, wearer in self._wearers.items():
                wanted = rules(wearer, self._members(), _permissions())
                if wanted != self._applied.get(task):
                    self._applied[task] = wanted
                    _restore(wearer.process, wanted)

    def _members(self) -> dict[str, list[str]]:
        """Group -> the addresses of its members."""
        found: dict[str, list[str]] = {}
        for wearer in self._wearers.values():
            for group in wearer.groups:
                found.setdefault(group, []).append(wearer.address)
        for balancer in list(alb._lbs._data.values()):
            for group in balancer["SecurityGroups"]:
                found.setdefault(group, []).append(self._place.gateway)
        return found

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_SECONDS)
            self.apply()


def _permissions() -> dict[str, list[dict[str, Any]]]:
    """Group -> what it lets in."""
    return {each["GroupId"]: each["IpPermissions"] for each in list(ec2._security_groups._data.values())}


def rules(
    wearer: Wearer, members: Mapping[str, list[str]], permissions: Mapping[str, list[dict[str, Any]]]
) -> str:  # fmt: skip
    """What `iptables-restore` reads for a task.

    Args:
        wearer: the task.
        members: group -> the addresses of its members.
        permissions: group -> what it lets in
            (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html).
    """
    policy = "DROP" if wearer.groups else "ACCEPT"
    lines = ["*filter", f":INPUT {policy} [0:0]", ":FORWARD ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"]
    lines += ["-A INPUT -i lo -j ACCEPT", "-A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"]
    allowed = [each for group in wearer.groups for each in permissions.get(group, ())]
    found = [f"-A INPUT -s {source}{what} -j ACCEPT" for each in allowed for what in _what(each)
             for source in _sources(each, members)]  # fmt: skip
    return "\n".join([*lines, *sorted(set(found)), "COMMIT", ""])


def _sources(permission: Mapping[str, Any], members: Mapping[str, list[str]]) -> Iterator[str]:
    yield from (each["CidrIp"] for each in permission.get("IpRanges") or ())
    for pair in permission.get("UserIdGroupPairs") or ():
        yield from members.get(pair["GroupId"], ())


def _what(permission: Mapping[str, Any]) -> Iterable[str]:
    protocol = permission["IpProtocol"]
    if protocol == _ALL:
        return ("",)
    first, last = permission["FromPort"], permission["ToPort"]
    return (f" -p {protocol} --dport {first}:{last}",)


def _restore(process: int, text: str) -> None:
    command = ["nsenter", f"--net=/proc/{process}/ns/net", "iptables-restore", "--wait"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        _LOG.warning("%s", done.stderr)  # the task has just gone
