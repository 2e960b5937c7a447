"""The cache: whole or not there, also after a kill and with two at once."""

import multiprocessing
import os
import signal
import time

import pytest

from toolchain import cache


def fill_slowly(folder, begun):
    def fill(fresh):
        (fresh / "half").write_text("")
        begun.set()
        time.sleep(60)

    cache.install(folder, fill)


def fill_and_count(folder, counter):
    def fill(fresh):
        with counter.get_lock():
            counter.value += 1
        time.sleep(0.3)
        (fresh / "tool").write_text("whole")

    cache.install(folder, fill)
    assert (folder / "tool").read_text() == "whole"


def test_a_kill_half_way_leaves_nothing_that_is_taken_for_whole(tmp_path):
    folder = tmp_path / "tool-1"
    begun = multiprocessing.Event()
    process = multiprocessing.Process(target=fill_slowly, args=(folder, begun))
    process.start()
    assert begun.wait(10)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert not folder.exists()
    assert cache.install(folder, lambda fresh: (fresh / "tool").write_text("whole"))
    assert [path.name for path in folder.iterdir()] == ["tool"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".tool-1.lock", "tool-1"]


def test_of_two_at_once_one_fills_and_both_find_it_whole(tmp_path):
    counter = multiprocessing.Value("i", 0)
    both = [multiprocessing.Process(target=fill_and_count, args=(tmp_path / "tool-1", counter)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert counter.value == 1


def test_what_is_there_is_not_filled_again(tmp_path):
    (tmp_path / "tool-1").mkdir()
    assert not cache.install(tmp_path / "tool-1", lambda fresh: pytest.fail("filled again"))


def test_a_failed_fill_leaves_no_folder(tmp_path):
    with pytest.raises(ZeroDivisionError):
        cache.install(tmp_path / "tool-1", lambda fresh: 1 // 0)
    assert [path.name for path in tmp_path.iterdir()] == [".tool-1.lock"]


def test_a_file_gets_its_mode_whatever_the_umask_is(tmp_path):
    before = os.umask(0)
    try:
        cache.write(tmp_path / "secret", "x", 0o600)
    finally:
        os.umask(before)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_link_replaces_the_one_that_was_there(tmp_path):
    for target in ("one", "two"):
        (tmp_path / target).write_text(target)
        cache.link(tmp_path / "bin" / "tool", tmp_path / target)
    assert (tmp_path / "bin" / "tool").read_text() == "two"
