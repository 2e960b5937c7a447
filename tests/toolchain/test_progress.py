"""What is shown of the Pulumi CLI's output; the lines are the CLI's own, of version 3.259."""

import io
import re

import pytest

from toolchain.progress import Progress
from toolchain.pulumi import Cli
from toolchain.steps import Steps


@pytest.fixture
def shown():
    def run(text):
        out = io.StringIO()
        Progress(Steps(out)).show(f"{line}\n" for line in text.splitlines())
        return [re.sub(r" \.\.+", "", re.sub(r" +\d+\.\d s$", "", line)) for line in out.getvalue().splitlines()]

    return run


def test_a_resource_is_one_line(shown):
    text = """\
 +  pulumi:pulumi:Stack slipway-local creating (0s)
 +  slipway:index:Application guestbook creating (0s)
 +  docker:index:Network guestbook-default creating (0s)
@ updating....
 +  docker:index:Network guestbook-default created (0.14s)
 +  pulumi:pulumi:Stack slipway-local created (12s) 1 warning"""
    assert shown(text) == ["Network guestbook-default created"]


def test_the_group_of_an_api_may_have_dots(shown):
    text = """\
 +  kubernetes:networking.k8s.io/v1:NetworkPolicy shop-deny creating (0s)
 +  kubernetes:networking.k8s.io/v1:NetworkPolicy shop-deny created (0.02s)"""
    assert shown(text) == ["NetworkPolicy shop-deny created"]


def test_a_replacement_is_one_line(shown):
    text = """\
 -- docker:index:Container guestbook-web-1 deleting original (0s)
 -- docker:index:Container guestbook-web-1 deleted original (0.25s)
 +- docker:index:Container guestbook-web-1 replacing (0s) [diff: ~envs,labels]
 +- docker:index:Container guestbook-web-1 replaced (0.00s) [diff: ~envs,labels]
 ++ docker:index:Container guestbook-web-1 creating replacement (0s) [diff: ~envs,labels]
 ++ docker:index:Container guestbook-web-1 created replacement (0.44s) [diff: ~envs,labels]"""
    assert shown(text) == ["Container guestbook-web-1 replaced"]


def test_what_does_not_change_has_no_line(shown):
    text = """\
 ~  docker:index:Volume guestbook-entries refreshing (0s)
 ~  docker:index:Volume guestbook-entries refresh (0.05s)
    docker:index:Volume guestbook-entries
    pulumi:pulumi:Stack slipway-local running"""
    assert shown(text) == []


def test_what_is_kept_is_not_called_deleted(shown):
    text = """\
 -  docker:index:Volume guestbook-entries deleting (0s)[retain]
 -  docker:index:Volume guestbook-entries deleted (0.01s)[retain]"""
    assert shown(text) == ["Volume guestbook-entries kept"]


def test_a_build_shows_its_log_only_where_it_fails(shown):
    text = """\
 ~  docker-build:index:Image web updating (0s) [diff: ~context]; #5 [2/2] RUN make
 ~  docker-build:index:Image web updating (0s) [diff: ~context];
 ~  docker-build:index:Image web updating (1s) [diff: ~context]; #5 0.126 no rule to make target
"""
    good = " ~  docker-build:index:Image web updated (1s) [diff: ~context]; #6 sending tarball 1.0s done"
    bad = " ~  docker-build:index:Image web **updating failed** [diff: ~context]; error: failed to solve"
    assert shown(text + good) == ["Image web updated"]
    assert shown(text + bad) == [
        "Image web updating failed",
        "    #5 [2/2] RUN make",
        "    #5 0.126 no rule to make target",
    ]


def test_a_carriage_return_in_a_build_ends_no_line(shown, tmp_path):
    """As a progress bar in a build comes; told by a stand-in of the CLI."""
    program = tmp_path / "pulumi"
    program.write_text("#!/bin/sh\nprintf ' +  docker-build:index:Image web creating (0s) #5 5%%\\r10%%\\r15%% \\n'\n")
    program.chmod(0o755)
    out = io.StringIO()
    cli = Cli(tmp_path, "local", tmp_path / "config.yaml", {"PATH": f"{tmp_path}:/bin"})
    assert cli.show("up", steps=Steps(out)) == (
        0,
        [" +  docker-build:index:Image web creating (0s) #5 5%\r10%\r15% "],
    )
    assert out.getvalue() == ""


def test_reports_are_shown_as_they_are(shown):
    text = """\
Diagnostics:
  docker:index:Container (web-1):
    compose.yaml:14:9: services.web creating (0s)
 +  docker:index:Network looks creating (0s)

Resources:
    + 20 created"""
    assert shown(text) == text.splitlines()


def test_what_is_no_progress_is_shown(shown):
    text = "error: the stack is currently locked by 1 lock(s)\n  file:///x/.pulumi/locks/y.json: created by z (pid 1)"
    assert shown(text) == text.splitlines()


def test_the_lines_are_given_back_as_they_came():
    lines = [" +  docker:index:Network n creating (0s) \n", "@ updating....\n"]
    assert Progress(Steps(io.StringIO())).show(lines) == [" +  docker:index:Network n creating (0s) ", "@ updating...."]
