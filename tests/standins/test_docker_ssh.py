"""The docker stand-in through ssh, with a stand-in for ssh itself: a script that runs the command on this machine.

So this proves what is done with ssh's connections, not that a real ssh server takes them.
"""

import os
import sys

import grpc
import pytest

VOLUME = "docker:index/volume:Volume"


@pytest.fixture
def ssh(tmp_path, monkeypatch):
    """Puts a program named ssh first on PATH."""

    def put(script):
        program = tmp_path / "ssh"
        program.write_text(f"#!{sys.executable}\n{script}")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")

    return put


@pytest.mark.engine
def test_an_engine_behind_ssh_is_used(docker_plugin, ssh):
    ssh("import os, sys\nrest = sys.argv[sys.argv.index('--') + 2 :]\nos.execvp(rest[0], rest)\n")
    docker_plugin.configure(host="ssh://user@somewhere")
    assert docker_plugin.read(VOLUME, "no-such-volume", {"name": "a", "__standin": "docker"}, {}) == ("", {}, {})


def test_what_ssh_complains_of_is_in_the_message(docker_plugin, ssh):
    ssh("import sys\nsys.exit('Permission denied (publickey).')\n")
    docker_plugin.configure(host="ssh://user@somewhere")
    with pytest.raises(grpc.RpcError) as caught:
        docker_plugin.create(VOLUME, {"name": "a"})
    assert caught.value.details() == (
        "docker host ssh://user@somewhere: does not answer (Permission denied (publickey).);"
        " start the Engine, or set docker:host"
    )
