"""What a plain `pulumi` is given, and what is the user's own and stays so."""

import json
import os

from toolchain import environment


def login(home, current="https://api.pulumi.com"):
    (home / ".pulumi").mkdir(parents=True)
    (home / ".pulumi" / "credentials.json").write_text(json.dumps({"current": current}))


def variables(places, user, **kwargs):
    return environment.variables(places, user=user, **kwargs)


def test_without_a_login_it_is_the_file_backend_with_the_generated_passphrase(places, tmp_path):
    found = variables(places, {"HOME": str(tmp_path), "PATH": "/usr/bin"})
    assert found == {
        "PATH": f"{places.venv}/bin:{places.bin}:/usr/bin",
        "PULUMI_HOME": str(places.home),
        "BUILDX_CONFIG": str(places.buildx),
        "PULUMI_ERROR_OUTPUT_STRING": "1",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_BACKEND_URL": f"file://{places.state}",
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(places.passphrase),
    }


def test_a_users_login_is_used_and_only_pointed_to(places, tmp_path):
    login(tmp_path)
    before = (tmp_path / ".pulumi" / "credentials.json").read_bytes()
    found = variables(places, {"HOME": str(tmp_path)})
    assert found["PULUMI_CREDENTIALS_PATH"] == str(tmp_path / ".pulumi")
    assert "PULUMI_BACKEND_URL" not in found
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" not in found
    assert (tmp_path / ".pulumi" / "credentials.json").read_bytes() == before


def test_a_login_that_was_ended_is_none(places, tmp_path):
    login(tmp_path, current="")
    assert "PULUMI_BACKEND_URL" in variables(places, {"HOME": str(tmp_path)})


def test_a_users_own_backend_is_left_alone(places, tmp_path):
    found = variables(places, {"HOME": str(tmp_path), "PULUMI_BACKEND_URL": "s3://bucket"})
    assert not {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"} & set(found)


def test_an_access_token_counts_as_a_login(places, tmp_path):
    assert "PULUMI_BACKEND_URL" not in variables(places, {"HOME": str(tmp_path), "PULUMI_ACCESS_TOKEN": "x"})


def test_a_users_own_passphrase_is_left_alone(places, tmp_path):
    found = variables(places, {"HOME": str(tmp_path), "PULUMI_CONFIG_PASSPHRASE": ""})
    assert "PULUMI_BACKEND_URL" in found
    assert "PULUMI_CONFIG_PASSPHRASE_FILE" not in found


def test_a_stack_that_is_elsewhere_gets_no_default_backend(places, tmp_path):
    found = variables(places, {"HOME": str(tmp_path)}, default_backend=False)
    assert not {"PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE_FILE"} & set(found)


def test_set_twice_it_is_the_same(places, tmp_path):
    user = {"HOME": str(tmp_path), "PATH": "/usr/bin"}
    once = variables(places, user)
    assert variables(places, {**user, **once}) == {
        name: value for name, value in once.items() if name != "PULUMI_CONFIG_PASSPHRASE_FILE"
    }


def test_the_passphrase_is_random_private_and_stays(places):
    before = os.umask(0)
    try:
        environment.ensure_backend(places)
    finally:
        os.umask(before)
    first = places.passphrase.read_text()
    assert len(first) >= 32
    assert places.passphrase.stat().st_mode & 0o777 == 0o600
    environment.ensure_backend(places)
    assert places.passphrase.read_text() == first


def test_a_shell_can_read_the_lines():
    assert environment.exports({"A": "x y'z", "B": "1"}) == "export A='x y'\"'\"'z'\nexport B=1"
