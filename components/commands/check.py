"""What a target would make of an application, without deploying it.

Text: a line per warning about the files, a line per finding, then what they come to. JSON, one object:

    target, mode   as given on the command line, else by the stack; null where neither was reached
    refused        whether deploying would be refused
    findings       a list, in the order of the files; each has
                   path (services.web.deploy.placement), where (compose.yaml:22:7 and the path),
                   verdict (approximated, rejected, harmless), refused, reason, message, fix
    warnings       what is suspicious in the files: variables that are not set; each has where, what, fix
    problems       what is wrong with the files or the command line, where something is; findings and warnings are
                   empty then; each has where, what, fix

Exit code: 0 nothing is refused, 1 something is, 2 the files or the command line are wrong.
"""

import argparse
import dataclasses
import json
from collections import Counter
from collections.abc import Sequence

from .. import support
from ..errors import InputError, Problem
from . import files, judging

HELP = "say what a target does otherwise than the files ask for"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    files.add(parser)
    judging.add(parser)
    parser.add_argument("--harmless", action="store_true", help="name too what has no effect and needs none")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Print findings.

    Returns:
        0 where nothing is refused, else 1.

    Raises:
        InputError: the files or the arguments are wrong; with `--format json` that is printed, and 2 returned.
    """
    target, mode = arguments.target, arguments.mode
    try:
        by = judging.read(arguments)
        target, mode = by.target, by.mode
        app = files.load(arguments)
        found = support.findings(app, by.table, by.target, mode=by.mode, accept=by.accept, harmless=arguments.harmless)
    except InputError as error:
        if arguments.format != "json":
            raise
        print(_json(target, mode, problems=error.problems))
        return error.exit_code
    if arguments.format == "json":
        print(_json(target, mode, found, warnings=app.warnings))
    else:
        for warning in app.warnings:
            print(f"{'warning':12} {warning}")
        for finding in found:
            print(f"{finding.verdict.value:12} {Problem(finding.what, finding.where, finding.fix)}")
        print(_summary(found, target))
    return int(_refused(found))


def _refused(found: Sequence[support.Finding]) -> bool:
    return any(finding.refused for finding in found)


def _json(
    target: str | None,
    mode: str | None,
    found: Sequence[support.Finding] = (),
    *,
    warnings: Sequence[Problem] = (),
    problems: Sequence[Problem] = (),
) -> str:
    report = {
        "target": target,
        "mode": mode,
        "refused": _refused(found),
        "findings": [
            {
                "path": finding.path,
                "where": finding.where,
                "verdict": finding.verdict.value,
                "refused": finding.refused,
                "reason": finding.reason,
                "message": finding.message,
                "fix": finding.fix,
            }
            for finding in found
        ],
        "warnings": [dataclasses.asdict(warning) for warning in warnings],
        "problems": [dataclasses.asdict(problem) for problem in problems],
    }
    return json.dumps(report, indent=2, ensure_ascii=False)


def _summary(found: Sequence[support.Finding], target: str) -> str:
    if not found:
        return f"{target}: everything is honoured"
    count = Counter(finding.verdict for finding in found)
    verdicts = [support.Verdict.REJECTED, support.Verdict.APPROXIMATED]
    verdicts += [support.Verdict.HARMLESS] if count[support.Verdict.HARMLESS] else []
    verb = "it would be refused" if _refused(found) else "it can be deployed"
    return f"{target}: {', '.join(f'{count[verdict]} {verdict.value}' for verdict in verdicts)}; {verb}"
