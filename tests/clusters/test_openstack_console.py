"""The wait for a machine, run by a real shell against a stand-in for the client `openstack`.

Not proved: that a cloud's console log has these lines as the machine writes them.
"""

import subprocess
from pathlib import Path

from components.clusters.openstack import console

READY = "[   61.2] cloud-init[900]: slipway: ready ssh-ed25519 AAAAC3Nza+/=\r"


def wait(folder: Path, *logs: str | None, script: str = console.WAIT) -> subprocess.CompletedProcess[str]:
    """Run the script; each look at the console gives the next log, and the last one again and again; None: refused."""
    for number, log in enumerate(logs):
        (folder / f"log-{number}").write_text("REFUSED" if log is None else log)
    (folder / "openstack").write_text(
        f"""#!/bin/sh
[ "$*" = "console log show server-1" ] || exit 9
count=$(cat {folder}/count 2>/dev/null || echo 0)
[ "$count" -lt {len(logs) - 1} ] && echo $((count + 1)) >{folder}/count
if [ "$(cat {folder}/log-"$count")" = REFUSED ]; then
  echo "HTTP 401" >&2
  exit 1
fi
cat {folder}/log-"$count"
"""
    )
    (folder / "sleep").write_text("#!/bin/sh\n")
    for name in ("openstack", "sleep"):
        (folder / name).chmod(0o755)
    return subprocess.run(
        ["sh", "-c", script],
        env={"PATH": f"{folder}:/usr/bin:/bin", "SERVER": "server-1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_prints_the_host_key_once_the_machine_is_ready_and_tells_its_steps_once(tmp_path: Path) -> None:
    step = "x slipway: the Docker Engine is installed\n"
    found = wait(tmp_path, "booting\n", step, step, f"{step}{READY}\nlogin:\n")
    assert (found.returncode, found.stdout) == (0, "ssh-ed25519 AAAAC3Nza+/=")
    assert found.stderr == "slipway: the Docker Engine is installed\n"


def test_of_a_machine_that_started_twice_the_last_key_counts(tmp_path: Path) -> None:
    found = wait(tmp_path, f"slipway: ready ssh-ed25519 AAAAold\n{READY}\n")
    assert found.stdout == "ssh-ed25519 AAAAC3Nza+/="


def test_a_machine_that_fails_is_told_at_once_with_the_consoles_last_lines(tmp_path: Path) -> None:
    lines = "".join(f"line {number}\n" for number in range(100))
    found = wait(tmp_path, f"{lines}slipway: failed at: the Docker Engine is installed\n")
    assert (found.returncode, found.stdout) == (1, "")
    assert found.stderr.splitlines() == [
        "slipway: failed at: the Docker Engine is installed",
        "the console of the machine server-1 says last:",
        *(f"line {number}" for number in range(71, 100)),
        "slipway: failed at: the Docker Engine is installed",
    ]


def test_a_machine_that_never_gets_ready_is_given_up(tmp_path: Path) -> None:
    script = console.WAIT.replace(str(console.LIMIT), "1").replace(f"sleep {console.EVERY}", "/bin/sleep 1")
    found = wait(tmp_path, "booting\n", script=script)
    assert found.returncode == 1
    assert found.stderr.splitlines() == [
        "the machine is not ready after 1 s",
        "the console of the machine server-1 says last:",
        "booting",
    ]


def test_a_cloud_that_refuses_is_told_with_its_own_words(tmp_path: Path) -> None:
    found = wait(tmp_path, None)
    assert found.returncode == 1
    assert found.stderr.splitlines() == ["the console of the machine server-1 says last:", "HTTP 401"]


def test_a_refused_look_or_two_are_nothing(tmp_path: Path) -> None:
    assert wait(tmp_path, None, None, READY).returncode == 0


def test_without_the_client_it_says_how_to_get_it(tmp_path: Path) -> None:
    found = subprocess.run(
        ["/bin/sh", "-c", console.WAIT], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stderr) == (
        1,
        "the client openstack is not here; install it: pip install python-openstackclient\n",
    )
