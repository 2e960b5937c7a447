"""Whose leftovers are looked for."""

import pytest

from toolchain import leftovers
from toolchain.pulumi import Cli


@pytest.fixture
def cli(tmp_path, monkeypatch):
    """The CLI on the stack `local`; the organization that it is asked for is the test's word."""
    for name in ("PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def make(*, says="exit 1", **env):
        program = tmp_path / "pulumi"
        program.write_text(f"#!/bin/sh\n{says}\n")
        program.chmod(0o755)
        return Cli(tmp_path, "local", tmp_path / "config.yaml", {"PATH": f"{tmp_path}:/bin", **env})

    return make


def test_a_checkout_looks_for_its_own_things_alone(cli):
    here, there = (cli(PULUMI_BACKEND_URL=f"file:///{folder}/state") for folder in ("here", "there"))
    assert leftovers.label(here).startswith("label=slipway.stack=organization/slipway/local@")
    assert leftovers.label(here) != leftovers.label(there)


def test_with_a_login_it_is_the_users_organization(cli):
    assert leftovers.label(cli(says="echo acme")) == "label=slipway.stack=acme/slipway/local"


def test_a_backend_without_organizations_has_one_word_for_all(cli):
    found = leftovers.label(cli(PULUMI_BACKEND_URL="s3://bucket"))
    assert found == "label=slipway.stack=organization/slipway/local"
