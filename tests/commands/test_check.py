"""`check`: its exit codes, its two formats, and which files and variables it reads."""

import json
from pathlib import Path

import pytest

from components.targets import TARGETS

PLACEMENT = "compose.yaml:6:7 services.web.deploy.placement: on docker, everything runs on the one Engine"
PIDS = "compose.yaml:11:5 services.db.pids_limit: not supported on docker (pulumi-docker 5.2 has no argument for it)"


FIX = "use ulimits.nproc, or accept it with slipway:accept"


def test_warnings_alone_are_fine(run) -> None:
    assert run("check", "--target", "docker") == (
        0,
        f"approximated {PLACEMENT}\ndocker: 0 rejected, 1 approximated; it can be deployed\n",
        "",
    )


def test_a_rejected_key_is_exit_code_1_beside_every_warning(run) -> None:
    assert run("check", "--target", "docker", "--profile", "full") == (
        1,
        f"approximated {PLACEMENT}\nrejected     {PIDS}; {FIX}\n"
        "docker: 1 rejected, 1 approximated; it would be refused\n",
        "",
    )


def test_strict_refuses_an_approximation(run) -> None:
    done = run("check", "--target", "docker", "--mode", "strict")
    assert (done.code, done.out.splitlines()[-1]) == (1, "docker: 0 rejected, 1 approximated; it would be refused")


def test_loose_refuses_nothing(run) -> None:
    done = run("check", "--target", "docker", "--profile", "full", "--mode", "loose")
    assert done.code == 0
    assert "services.db.pids_limit: ignored on docker" in done.out


def test_what_is_harmless_is_printed_where_it_is_asked_for(run, folder: Path) -> None:
    (folder / "open.yaml").write_text("services: {web: {image: web:1, expose: ['80']}}")
    assert run("check", "open.yaml", "--target", "docker").out == "docker: everything is honoured\n"
    assert run("check", "open.yaml", "--target", "docker", "--harmless").out == (
        "harmless     open.yaml:1:32 services.web.expose: no effect on docker, and none is needed (containers on one "
        "network reach every port of each other)\n"
        "docker: 0 rejected, 0 approximated, 1 harmless; it can be deployed\n"
    )


def test_a_conflict_is_refused_although_the_mode_is_loose(run, folder: Path) -> None:
    (folder / "two.yaml").write_text("services: {web: {image: web:1, scale: 2, ports: ['80:80']}}")
    done = run("check", "two.yaml", "--target", "docker", "--mode", "loose")
    assert (done.code, done.out.splitlines()[0]) == (
        1,
        "rejected     two.yaml:1:50 services.web.ports[0]: 2 replicas cannot share the host's port 80; publish a range "
        "of 2 ports, leave the host's port out, or run one replica",
    )


def test_an_accepted_loss_is_not_printed(run) -> None:
    done = run("check", "--target", "docker", "--profile", "full", "--accept", "services.*.pids_limit")
    assert (done.code, "pids_limit" in done.out) == (0, False)


def test_an_application_that_loses_nothing_is_told_so(run, folder: Path) -> None:
    (folder / "plain.yaml").write_text("services: {web: {image: web:1}}")
    assert run("check", "plain.yaml", "--target", "docker") == (0, "docker: everything is honoured\n", "")


UNSET = "variable GONE is not set and stands for nothing"
UNSET_FIX = "give it a value in .env, slipway:env or slipway:secrets, or write ${GONE:-}"


def test_a_variable_that_is_not_set_is_a_warning_before_the_findings(run, folder: Path) -> None:
    (folder / "unset.yaml").write_text("services: {web: {image: 'web:1$GONE'}}")
    assert run("check", "unset.yaml", "--target", "docker") == (
        0,
        f"warning      unset.yaml:1:18 services.web.image: {UNSET}; {UNSET_FIX}\ndocker: everything is honoured\n",
        "",
    )
    printed = json.loads(run("check", "unset.yaml", "--target", "docker", "--format", "json").out)
    assert printed["warnings"] == [{"where": "unset.yaml:1:18 services.web.image", "what": UNSET, "fix": UNSET_FIX}]


def test_json_has_every_finding_with_its_place(run) -> None:
    done = run("check", "--target", "docker", "--profile", "full", "--format", "json")
    assert done.code == 1
    assert json.loads(done.out) == {
        "target": "docker",
        "mode": "warn",
        "refused": True,
        "findings": [
            {
                "path": "services.web.deploy.placement",
                "where": "compose.yaml:6:7 services.web.deploy.placement",
                "verdict": "approximated",
                "refused": False,
                "reason": "everything runs on the one Engine",
                "message": PLACEMENT,
                "fix": "",
            },
            {
                "path": "services.db.pids_limit",
                "where": "compose.yaml:11:5 services.db.pids_limit",
                "verdict": "rejected",
                "refused": True,
                "reason": "pulumi-docker 5.2 has no argument for it",
                "message": PIDS,
                "fix": FIX,
            },
        ],
        "warnings": [],
        "problems": [],
    }


@pytest.fixture
def stack(folder: Path) -> Path:
    """A stack that says where and how, in a file that a test may replace."""
    (folder / "Pulumi.yaml").write_text("name: shop\n")
    file = folder / "Pulumi.mine.yaml"
    file.write_text(
        "config: {slipway:compose: [compose.yaml], slipway:target: docker, slipway:mode: strict,"
        " slipway:accept: [services.*.deploy]}"
    )
    return file


def test_a_stack_says_which_target_in_which_mode_and_what_it_accepts(run, stack: Path) -> None:
    assert run("check", "--stack", "mine") == (0, "docker: everything is honoured\n", "")
    done = run("check", "--stack", "mine", "--profile", "full", "--format", "json")
    report = json.loads(done.out)
    assert (report["target"], report["mode"], [each["path"] for each in report["findings"]]) == (
        "docker",
        "strict",
        ["services.db.pids_limit"],
    )


def test_the_command_line_wins_over_the_stack(run, stack: Path) -> None:
    done = run("check", "--stack", "mine", "--mode", "loose", "--profile", "full")
    assert (done.code, "services.db.pids_limit: ignored on docker" in done.out) == (0, True)


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("", f"stack mine: no target; write --target, with one of {', '.join(TARGETS)}"),
        (
            "slipway:target: docker, slipway:mode: strct",
            'stack mine: unknown slipway:mode "strct"; did you mean "strict"? (known: loose, strict, warn)',
        ),
    ],
)
def test_a_stack_that_does_not_say_enough_is_refused(run, stack: Path, config: str, message: str) -> None:
    stack.write_text(f"config: {{slipway:compose: [compose.yaml], {config}}}")
    assert run("check", "--stack", "mine") == (2, "", message + "\n")


def test_without_a_target_the_way_out_is_named(run) -> None:
    assert run("check") == (2, "", f"no target; write --target, with one of {', '.join(TARGETS)}\n")


def test_json_has_what_is_wrong_with_the_files(run, folder: Path) -> None:
    done = run("check", "none.yaml", "--target", "docker", "--format", "json")
    assert (done.code, done.err) == (2, "")
    assert json.loads(done.out) == {
        "target": "docker",
        "mode": "warn",
        "refused": False,
        "findings": [],
        "warnings": [],
        "problems": [
            {
                "where": "none.yaml",
                "what": "no such file",
                "fix": "check the path, relative to the working directory",
            }
        ],
    }


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["none.yaml"], "none.yaml: no such file; check the path, relative to the working directory"),
        (["."], ".: is a directory; name the file in it"),
        (
            ["--env", "A", "--env", "B=1", "--env", "C"],
            '--env "A" has no value; write NAME=VALUE\n--env "C" has no value; write NAME=VALUE',
        ),
        (["--env-file", "none.env"], "none.env: no such file; check the path, relative to the working directory"),
    ],
)
def test_a_wrong_argument_is_exit_code_2_and_one_report(run, argv: list[str], message: str) -> None:
    assert run("check", "--target", "docker", *argv) == (2, "", message + "\n")


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("k8", 'unknown target "k8": did you mean "kubernetes"? (known: cloudrun, docker, ecs, kubernetes, swarm)'),
        ("moon", 'unknown target "moon": (known: cloudrun, docker, ecs, kubernetes, swarm)'),
    ],
)
def test_a_target_that_is_not_there_is_exit_code_2(run, target: str, message: str) -> None:
    assert run("check", "--target", target) == (2, "", message + "\n")


@pytest.mark.parametrize("argv", [["--target", "docker", "--mode", "mild"], ["--target", "docker", "--colour"]])
def test_a_wrong_command_line_is_exit_code_2(run, argv: list[str]) -> None:
    done = run("check", *argv)
    assert (done.code, done.err.startswith("usage: ")) == (2, True)


def test_without_a_file_here_the_way_out_is_named(run, folder: Path) -> None:
    (folder / "compose.yaml").unlink()
    assert run("check", "--target", "docker") == (
        2,
        "",
        "no Compose file in .; write compose.yaml, or name the files\n",
    )


def test_the_override_beside_the_file_is_read_too(run, folder: Path) -> None:
    (folder / "compose.override.yaml").write_text("services: {web: {uts: host}}")
    done = run("check", "--target", "docker")
    assert (done.code, "compose.override.yaml:1:18 services.web.uts: not supported" in done.out) == (1, True)
