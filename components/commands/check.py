"""`check`: what would become of an application on a target, without deploying it."""

import argparse
import json

from .. import support, targets
from ..errors import RejectedError
from . import files

HELP = "say what a target does otherwise than the files ask for"


def add(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    files.add(parser)
    parser.add_argument("--target", required=True, help="docker")
    parser.add_argument("--mode", choices=["warn", "strict", "loose"], default="warn", help="default: warn")
    parser.add_argument("--accept", action="append", default=[], metavar="PATH", help="a path whose loss is accepted")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: text")


def run(arguments: argparse.Namespace) -> int:
    """Print findings, one a line; as JSON a list of objects with path, where, verdict and reason.

    Returns:
        0 where nothing is refused, else 1.
    """
    table = targets.support_table(arguments.target)
    app = files.load(arguments)
    # loose refuses nothing: every finding comes back, and the mode decides here what is refused
    findings = support.check(app, table, arguments.target, mode="loose", accept=arguments.accept)
    refused = False
    try:
        support.check(app, table, arguments.target, mode=arguments.mode, accept=arguments.accept)
    except RejectedError:
        refused = True
    if arguments.format == "json":
        print(json.dumps([_as_json(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            print(f"{finding.verdict.value:12} {finding.message}")
        print(_summary(findings, arguments.target, refused=refused))
    return 1 if refused else 0


def _as_json(finding: support.Finding) -> dict[str, str]:
    return {
        "path": finding.path,
        "where": finding.where,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
    }


def _summary(findings: tuple[support.Finding, ...], target: str, *, refused: bool) -> str:
    counts = {verdict: sum(finding.verdict is verdict for finding in findings) for verdict in support.Verdict}
    if not findings:
        return f"{target}: everything is honoured"
    verb = "it would be refused" if refused else "it can be deployed"
    return (
        f"{target}: {counts[support.Verdict.REJECTED]} rejected, "
        f"{counts[support.Verdict.APPROXIMATED]} approximated; {verb}"
    )
