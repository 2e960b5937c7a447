"""What prepares an instance, run for real by busybox: it waits, writes, listens, and stays or ends.

Not proved: what Cloud Run does with it; the tests against a cloud show that as far as Docker can.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from components.targets.cloudrun import scripts

BUSYBOX = shutil.which("busybox")
APPLETS = ("sh", "base64", "cat", "chmod", "chown", "cp", "dirname", "mkdir", "nc", "printf", "rm", "sleep")
ME = f"{os.getuid()}:{os.getgid()}"
PATIENCE = 20.0

pytestmark = pytest.mark.skipif(BUSYBOX is None, reason="this machine has no busybox")


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with busybox's programs and no others."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for applet in APPLETS:
        (folder / applet).symlink_to(str(BUSYBOX))
    return folder


@pytest.fixture
def started(tools: Path, tmp_path: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """What a test has started; ended when it ends."""
    found: list[subprocess.Popen[bytes]] = []
    yield found
    for each in found:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(each.pid, signal.SIGKILL)  # with what it waits for
        each.wait()


def start(
    script: str, tools: Path, started: list[subprocess.Popen[bytes]], *words: str, **environment: str
) -> subprocess.Popen[bytes]:
    """Start a script with /slipway in the folder above that of the programs."""
    local = script.replace("/slipway", str(tools.parent / "slipway"))
    known = {"PATH": str(tools), **environment}
    process = subprocess.Popen(
        [str(tools / "sh"), "-c", local, *words],
        env=known,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    started.append(process)
    return process


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def is_listening(port: int) -> bool:
    """Ask as a startup probe does."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def wait_for(port: int) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if is_listening(port):
            return True
        time.sleep(0.05)
    return False


def test_secrets_are_read_as_they_are_and_written_before_it_listens(
    tools: Path, tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    content = bytes(range(256)) * 300 + b"\n\n"
    kept = tmp_path / "slipway" / "secrets" / "1"
    kept.mkdir(parents=True)
    (kept / "content").write_bytes(content)
    port, path = free_port(), tmp_path / "slipway" / "files" / "key"
    lines = f"SLIPWAY_FILE_1 base64 400 {ME} {path}\nSLIPWAY_FILE_2 text 444 {ME} {path}.txt"
    start(
        scripts.INIT,
        tools,
        started,
        SLIPWAY_FILES=lines,
        SLIPWAY_FILE_2="plain",
        SLIPWAY_PORT=str(port),
    )
    assert wait_for(port)
    assert path.read_bytes() == content
    assert path.with_name("key.txt").read_text() == "plain"


def test_it_can_be_asked_again_and_again_and_goes_when_it_is_told_to(
    tools: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    port = free_port()
    process = start(scripts.INIT, tools, started, SLIPWAY_PORT=str(port))
    assert all(wait_for(port) for _ in range(3))
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE) == 0


def test_in_a_job_it_ends_well_once_it_has_been_asked(tools: Path, started: list[subprocess.Popen[bytes]]) -> None:
    port = free_port()
    process = start(scripts.INIT, tools, started, SLIPWAY_PORT=str(port), SLIPWAY_ONCE="1")
    assert wait_for(port)
    assert process.wait(timeout=PATIENCE) == 0


def test_it_waits_for_the_seeds(tools: Path, tmp_path: Path, started: list[subprocess.Popen[bytes]]) -> None:
    done = tmp_path / "slipway" / "done"
    done.mkdir(parents=True)
    port = free_port()
    start(scripts.INIT, tools, started, SLIPWAY_PORT=str(port), SLIPWAY_SEEDS="seed-a seed-b")
    (done / "seed-a").touch()
    time.sleep(1.5)
    assert not is_listening(port)
    (done / "seed-b").touch()
    assert wait_for(port)


def test_a_secret_that_cannot_be_read_fails_the_start(
    tools: Path, tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    (tmp_path / "slipway" / "secrets" / "1" / "content").mkdir(parents=True)
    process = start(scripts.INIT, tools, started, SLIPWAY_PORT=str(free_port()))
    assert process.wait(timeout=PATIENCE) != 0


def test_a_seed_copies_says_that_it_is_done_and_stays_until_it_is_told_to_go(
    tools: Path, tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    image, volume, done = (tmp_path / name for name in ("image", "volume", "slipway/done"))
    for folder in (image, volume, done):
        folder.mkdir(parents=True)
    (image / "default.conf").write_text("the image's")
    process = start(scripts.SEED, tools, started, "seed", f"{image}={volume}", SLIPWAY_SEED="seed-a")
    end = time.monotonic() + PATIENCE
    while not (done / "seed-a").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert (volume / "default.conf").read_text() == "the image's"
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=PATIENCE) == 0


def test_a_seed_of_a_job_ends_when_it_has_copied(
    tools: Path, tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    (tmp_path / "slipway" / "done").mkdir(parents=True)
    process = start(scripts.SEED, tools, started, "seed", SLIPWAY_SEED="seed-a", SLIPWAY_ONCE="1")
    assert process.wait(timeout=PATIENCE) == 0
    assert (tmp_path / "slipway" / "done" / "seed-a").exists()


@pytest.mark.parametrize(("user", "code"), [("1000", 0), ("0", 1)])
def test_what_the_images_own_user_may_not_read_is_no_failure_of_a_seed(
    user: str, code: int, tools: Path, tmp_path: Path, started: list[subprocess.Popen[bytes]]
) -> None:
    (tmp_path / "slipway" / "done").mkdir(parents=True)
    into_itself = f"{tmp_path}={tmp_path}/volume"
    script = f"id() {{ echo {user}; }}\n{scripts.SEED}"
    process = start(script, tools, started, "seed", into_itself, SLIPWAY_SEED="seed-a", SLIPWAY_ONCE="1")
    assert process.wait(timeout=PATIENCE) == code
