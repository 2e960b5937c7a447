"""IDs, made of inputs and read back: `projects/{project}/global/networks/{name}`. Pure."""

import re

from standins.values import UNKNOWN, Properties, Value


def filled(template: str, known: Properties) -> Value:
    """A text with what is known in the place of its names; UNKNOWN where one of them is not known yet."""
    values = {name: known.get(name) for name in re.findall(r"{(\w+)}", template)}
    if any(value is None or value is UNKNOWN for value in values.values()):
        return UNKNOWN
    return template.format_map(values)


def parsed(template: str, identity: str) -> Properties:
    """What an ID says, by the names in its template; nothing where it is of another form."""
    names: list[str] = []

    def group(found: re.Match[str]) -> str:
        names.append(found[1])
        return f"(?P={found[1]})" if found[1] in names[:-1] else f"(?P<{found[1]}>.+?)"

    found = re.fullmatch(re.sub(r"\\{(\w+)\\}", group, re.escape(template)), identity)
    return dict(found.groupdict()) if found else {}
