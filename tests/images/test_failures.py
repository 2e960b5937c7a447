"""What is said of a build that failed. The errors are BuildKit's own texts, as they were seen (0.31)."""

from pathlib import Path
from typing import Any

import pytest

from components.images.failures import explained

DOCKERFILE = """\
# syntax is the default
FROM base AS one
COPY --chown=1:1 a/file b/ /x/

RUN apt-get update && \\
    # a remark in between
    apt-get install "nothing here"
RUN echo same
RUN echo same
ADD missing.tar /
FROM registry.example/none:1
"""


def said(error: str, tmp_path: Path, lines: tuple[str, ...] = (), **inputs: Any) -> str:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    given = {
        "labels": {"com.docker.compose.service": "web"},
        "dockerfile": {"location": str(tmp_path / "Dockerfile")},
        **inputs,
    }
    return explained(f"failed to solve: {error}", given, lines)


RUN = (
    r'process "/bin/sh -c apt-get update &&     apt-get install \"nothing here\"" '
    "did not complete successfully: exit code: 100"
)
SAME = 'process "/bin/sh -c echo same" did not complete successfully: exit code: 1'


def test_a_failed_command_has_its_line_and_its_last_words(tmp_path) -> None:
    assert said(RUN, tmp_path, ("Reading package lists...", "E: Unable to locate package")) == (
        'services.web.build: Dockerfile:5: RUN apt-get update &&     apt-get install "nothing here": exit code: 100\n'
        "  Reading package lists...\n"
        "  E: Unable to locate package"
    )


def test_where_two_lines_could_be_meant_none_is_named(tmp_path) -> None:
    assert said(SAME, tmp_path) == "services.web.build: Dockerfile: RUN echo same: exit code: 1"


def test_a_program_of_another_platform_is_a_matter_of_emulation(tmp_path) -> None:
    text = said(RUN, tmp_path, ("exec /bin/sh: exec format error",), platforms=["linux/arm64"])
    assert text == (
        "services.web.build: Dockerfile:5: the builder cannot run programs of linux/arm64; install emulation "
        "(`docker run --privileged --rm tonistiigi/binfmt --install all`), or build elsewhere"
    )


def test_a_file_that_is_not_in_the_context_has_its_line(tmp_path) -> None:
    error = 'failed to compute cache key: failed to calculate checksum of ref x::y: "/missing.tar": not found'
    assert said(error, tmp_path) == (
        'services.web.build: Dockerfile:10: "missing.tar" is not in the build context; '
        "check its name, and that .dockerignore does not leave it out"
    )


def test_an_image_that_cannot_be_had_has_its_line(tmp_path) -> None:
    error = "registry.example/none:1: failed to resolve source metadata for registry.example/none:1: no such host"
    assert said(error, tmp_path) == (
        'services.web.build: Dockerfile:11: image "registry.example/none:1" cannot be had; '
        "check its name, or log in to its registry"
    )


@pytest.mark.parametrize("reason", ["401 Unauthorized", "denied: requested access to the resource is denied"])
def test_a_refused_push_says_how_to_log_in(tmp_path, reason: str) -> None:
    assert said(f"failed to push r.example/team/web:latest: unexpected status: {reason}", tmp_path) == (
        'services.web.build: no permission for "r.example/team/web"; run `docker login r.example`, '
        "or set slipway:registry.username and slipway:registry.password"
    )


def test_what_the_builder_does_not_allow_is_named(tmp_path) -> None:
    error = "granting entitlement network.host is not allowed by build daemon configuration"
    assert said(error, tmp_path) == (
        "services.web.build: the builder does not allow network.host; "
        "start it with `--allow-insecure-entitlement network.host`, or do without"
    )


def test_an_inline_dockerfile_has_lines_too(tmp_path) -> None:
    assert said(SAME, tmp_path, dockerfile={"inline": "FROM x\nRUN echo same\n"}) == (
        "services.web.build: dockerfile_inline:2: RUN echo same: exit code: 1"
    )


def test_what_says_it_all_is_not_said_again(tmp_path) -> None:
    assert said("dockerfile parse error on line 1: unknown instruction: FORM", tmp_path) == ""
