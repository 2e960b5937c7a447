"""The short form of `ports`: `[[host_ip:]published:]target[/protocol]`, each a port or a range.

Source: https://github.com/compose-spec/compose-spec/blob/main/05-services.md#short-syntax-3, and Docker's
`go-connections/nat`, which the reference uses: two ranges of one length are expanded, a range of published ports for
one target stays a range.
"""

import ipaddress
from typing import Any

from .opaque import decided
from .scalars import text
from .tree import Invalid, Map, Several

_FIX = "write target, published:target or a mapping"
_PROTOCOLS = ("tcp", "udp", "sctp")


def port(value: Any) -> Any:
    """An entry of `ports` in the long form; a range stands for several entries.

    Raises:
        Invalid: it is not a port.
    """
    if isinstance(value, Map):
        return value
    written = decided(text(value), "a port")
    try:
        ports = _parse(written)
    except ValueError as error:
        raise Invalid(f'"{written}" is not a port{error}', _FIX) from None
    return ports[0] if len(ports) == 1 else Several(ports)


def _parse(written: str) -> list[Map]:
    address, _, protocol = written.partition("/")
    protocol = (protocol or "tcp").lower()
    if protocol not in _PROTOCOLS:
        raise ValueError(f' (protocol "{protocol}")')
    ip, published, target = _split(address)
    first, last = _range(target)
    rows = []
    if not published:
        rows = [(number, "") for number in range(first, last + 1)]
    else:
        low, high = _range(published)
        if first == last:
            rows = [(first, str(low) if low == high else f"{low}-{high}")]
        elif high - low == last - first:
            rows = [(first + index, str(low + index)) for index in range(last - first + 1)]
        else:
            raise ValueError(" (its ranges differ in length)")
    # The reference sorts the ports of a range as strings.
    return [_entry(ip, host, number, protocol) for number, host in sorted(rows, key=lambda row: str(row[0]))]


def _entry(ip: str, published: str, target: int, protocol: str) -> Map:
    values: dict[str, Any] = {"mode": "ingress", "target": target, "protocol": protocol}
    if published:
        values["published"] = published
    if ip:
        values["host_ip"] = ip
    return Map.of(values)


def _split(address: str) -> tuple[str, str, str]:
    parts = address.rsplit(":", 2)
    ip, published, target = ("", "", *parts)[-3:]
    if ip:
        ip = ip[1:-1] if ip[0] == "[" and ip[-1] == "]" else ip
        _check_address(ip)
    return ip, published, target


def _check_address(ip: str) -> None:
    try:
        ipaddress.ip_address(ip)
    except ValueError:
        raise ValueError from None  # without ipaddress's own words


def _range(ports: str) -> tuple[int, int]:
    low, dash, high = ports.partition("-")
    first, last = _number(low), _number(high if dash else low)
    if last < first:
        raise ValueError(" (its range ends before it begins)")
    return first, last


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()) or int(digits) > 65535:
        raise ValueError
    return int(digits)
