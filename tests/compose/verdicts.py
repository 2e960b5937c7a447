"""What kind of mistake a message is about, and where: the reference's words and ours, side by side.

A row is a kind, a pattern of the reference's message, and a pattern of ours. The groups `path`, `service`, `job` and
`name` of the former say where; ours has to name the same place, or one below it.
"""

import re
from typing import NamedTuple


class Kind(NamedTuple):
    name: str
    theirs: str
    ours: str


_SERVICE = r'service "?(?P<service>[^" ]+)"?'
KINDS = (
    # reading
    Kind("encoding", r"invalid leading UTF-8", r"is not UTF-8"),
    Kind("merge key", r"map merge requires map", r"<< is not a mapping"),
    Kind("not YAML", r"go-yaml load error|did not find expected|unknown escape|found unknown", r"is not YAML"),
    Kind("duplicate key", r"mapping key .* already defined", r"duplicate key"),
    Kind("not a mapping", r"cannot construct !!\w+.* into cli\.named|top-level object must be", r"is not a mapping"),
    Kind("wrong type", r"cannot construct !!\w+.* into string", r"is not a string"),
    Kind("key", r"non-string key in (?P<path>\S+):", r"the key .* is not a string"),
    Kind("empty", r"empty compose file", r"is empty|has no services"),
    Kind("bomb", r"exceeds maximum node visit|document contains excessive aliasing", r"aliases expand to more"),
    Kind(
        "alias cycle", r"cycle detected: node at path|anchor .* value contains itself", r"contains an alias of itself"
    ),
    # interpolation and casts
    Kind("template", r"invalid interpolation format for (?P<path>\S+)\.\n", r"has an invalid \$\{"),
    Kind("required", r"interpolating (?P<path>\S+): required variable", r"required variable"),
    Kind("boolean", r"interpolating (?P<path>\S+): failed to cast.*boolean", r"is not a boolean"),
    Kind("number", r"interpolating (?P<path>\S+): failed to cast.*strconv", r"is not a (whole )?number"),
    # schema
    Kind("one of", r"(?P<path>\S+) value must be one of", r"is none of its values"),
    Kind("missing", r"(?P<path>\S+) missing propert", r"is missing"),
    Kind("missing", r"service (device|volume|ports) (?P<path>\S+) is missing a", r"is missing"),
    Kind("missing", r"path attribute (?P<path>\S+) is missing", r"is missing"),
    Kind("unknown", r"(?P<path>\S*) additional properties", r"unknown key"),
    Kind("unknown", r"(?P<path>\S+) false schema", r"unknown key"),
    Kind("twice", r"(?P<path>\S+) items at \d+ and \d+ are equal|items must be unique", r"has an item twice"),
    Kind("pattern", r"(?P<path>\S+) ('.*' )?does not match pattern", r"is not well formed"),
    Kind(
        "bound",
        r"(?P<path>\S+) (minimum|maximum|minItems|minLength|must be (>=|<=))",
        r"less than|greater than|at least",
    ),
    Kind("form", r"(?P<path>\S+) must be an? \S+(, \S+)* or ", r"is not|is missing|unknown key"),  # ours says of which
    Kind("type", r"(?P<path>\S+): invalid type \S+ for ", r"is not"),
    # of several forms the reference names the first alone
    Kind("type", r"(?P<path>\S+) must be an? ", r"is not|is less than|is greater than|is missing|item twice"),
    Kind("type", r"^(?P<path>services|jobs) must be a mapping", r"is not a mapping"),
    # short forms and amounts
    Kind("device", r"confusing device mapping", r"is not a device"),
    Kind("duration", r"'(?P<path>\S+)' time: (invalid|unknown|missing)", r"is not a duration"),
    Kind("size", r"'(?P<path>\S+)' invalid s(ize|uffix)", r"is not a size|is not a whole number"),
    Kind("mode", r"'(?P<path>\S+)' strconv\.ParseInt", r"is not a file mode"),
    Kind("host", r"'(?P<path>\S+)' (invalid additional host|bad host name)", r"has no address|is not a host name"),
    Kind("space", r"'(?P<path>\S+)' environment variable .* trailing space", r"has a space at its end"),
    Kind("quotes", r"'(?P<path>\S+)' invalid command line", r"not closed|outside quotes"),
    Kind("volume", r"invalid spec: |invalid empty volume", r"is not a volume"),
    Kind("address", r"invalid IP address|invalid ip address", r"is not a port|is not an IP address"),
    Kind("port", r"invalid (hostPort|containerPort|proto|ranges|port|empty)|no port specified", r"is not a port"),
    Kind("context", r"(?P<path>\S+): invalid value .*, expected key=value", r"has no ="),
    Kind("ssh", r"invalid ssh key", r"is not an SSH key"),
    Kind("external name", r"(?P<path>\S+): name and external.name conflict", r"is not name"),
    # merge, extends, include
    Kind("kinds", r"cannot override services\.x\.(?P<name>[^.]+)", r"cannot replace|is not"),  # x: the one that extends
    Kind("kinds", r"cannot override (?P<path>\S+)", r"cannot replace|is not"),
    Kind("kinds", r"(?P<path>\S+): (cannot merge|unexpected type)", r"cannot replace|is not"),
    Kind("extends cycle", r"Circular reference", r"extends itself"),
    Kind("extends", r"extends\.(?P<name>[^.]+)\.service is required", r"is missing|unknown key"),
    Kind("extends", r"cannot extend service \"(?P<name>[^\"]+)\"", r"is not a (service|job) of|has no services"),
    Kind("include cycle", r"include cycle detected", r"includes itself"),
    Kind(
        "no file",
        r"no such file or directory|find env file|not found: stat|env file .* not found|label file .* not found",
        r"no such file",
    ),
    Kind("directory", r"is a directory|is not a file", r"is a directory"),
    # exclusive attributes
    Kind("exclusive", r"(?P<path>\S+): .* attributes are (mutually )?exclusive", r"exclude each other"),
    Kind("exclusive", rf"{_SERVICE} declares mutual?l?y exclusive", r"exclude each other"),
    Kind("external", r"(?P<path>\S+): conflicting parameters", r"exclude each other"),
    Kind("no source", r"(?P<path>\S+): one of \S+ must be set", r"has no source"),
    Kind("no source", r'secret "(?P<name>[^"]+)" must declare either', r"has no source"),
    Kind("bind", r"invalid mount config for type", r"has no source"),
    Kind("blank", r"(?P<path>\S+): value can't be blank", r"is empty"),
    # consistency
    Kind("image", rf"{_SERVICE} has neither an image", r"has neither image nor build"),
    Kind("undefined", rf"{_SERVICE} refers to undefined", r"undefined "),
    Kind("undefined", rf"{_SERVICE} depends on undefined", r"undefined service|is inactive"),
    Kind("undefined", r'job "(?P<job>[^"]+)" depends on undefined', r"undefined service|is inactive"),
    Kind("undefined", rf"{_SERVICE} declares unknown service", r"undefined service"),
    Kind("on a job", rf"{_SERVICE} cannot depend on job", r"is a job"),
    Kind("both", r'"(?P<name>[^"]+)" is declared both as a service and a job', r"is a service and a job"),
    Kind("not built", rf"{_SERVICE} declares non-buildable", r"has no build"),
    Kind("cycle", r"dependency cycle detected", r"dependency cycle"),
    Kind("platform", r"platforms MUST include", r"does not list"),
    Kind("health test", r"healthcheck\.test must start", r"begins with"),
    Kind("distinct", r"(?P<path>services\.[^.:]+): can't set distinct values", r" is not "),
    Kind("negative", r"(?P<path>\S+): must be greater than or equal to 0", r"is negative"),
    Kind("container name", r"can't set container_name", r"a container name is unique"),
    Kind("container name", r"container name .* already in use", r"is the container of"),
    Kind("watch", r"(?P<path>services\.\S+\.develop\.watch): target is required", r"needs a target"),
    Kind("mounted", r"(?P<path>\S+): target \S+ already mounted", r"is mounted already"),
    Kind(
        "project name",
        r"invalid project name|project name must not be empty",
        r"is not a project name|makes no project name",
    ),
    Kind(
        "env file",
        r"unexpected character|unterminated quoted|can't separate key|key cannot contain",
        r"is not a name of a variable|never ends|is not",
    ),
    Kind("format", r"unsupported env_file format", r"is not a format"),
    Kind("no files", r"no configuration file provided", r"no Compose file"),
)
_OURS = re.compile(r"^(?:\S+?(?::\d+){1,2} ?)?(?P<path>.*?): (?P<what>.*)$", re.DOTALL)
_NEXT = re.compile(r"\n(?=\S+(?::\d+){1,2} )")


def elements(path: str) -> list[str]:
    """`services[web].ports.[]` as its keys; places in lists count by their number where there is one."""
    return [element for element in re.split(r"[.\[\]:`']+", path) if element]


def kind_of(message: str) -> tuple[Kind, list[str]]:
    """The kind of one of the reference's messages, and the path that it names."""
    lines = "\n".join(line for line in message.splitlines() if "level=warning" not in line)
    for kind in KINDS:
        match = re.search(kind.theirs, lines, re.MULTILINE)
        if match is not None:
            named = {key: value for key, value in match.groupdict().items() if value}
            if "service" in named or "job" in named:
                return kind, ["services" if "service" in named else "jobs", *named.values()]
            return kind, elements(named["path"]) if "path" in named else list(named.values())
    raise AssertionError(f"a message of no known kind: {lines}")


def says(report: str, kind: Kind, path: list[str]) -> bool:
    """Whether one of the problems of our report is of a kind, at a path or below it."""
    return any(_is(problem, kind, path) for problem in _NEXT.split(report))


def _is(problem: str, kind: Kind, path: list[str]) -> bool:
    match = _OURS.match(problem)
    if match is None or re.search(kind.ours, match["what"]) is None:
        return re.search(kind.ours, problem) is not None and not path
    at = elements(match["path"])
    if not any(element.isdigit() for element in path):  # a place in a list that the reference leaves out
        at = [element for element in at if not element.isdigit()]
    return path == at[: len(path)] or (len(path) == 1 and path[0] in at)
