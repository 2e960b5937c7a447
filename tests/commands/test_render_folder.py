"""The folder of `render -o`: whose files are whose."""

from pathlib import Path

import pytest

from components.commands import folder
from components.errors import InputError


def names(path: Path) -> list[str]:
    return sorted(each.name for each in path.iterdir())


def test_a_folder_that_is_missing_is_made_with_the_files(tmp_path: Path) -> None:
    done = folder.write(tmp_path / "a" / "b", {"x.yaml": "x\n"})
    assert (tmp_path / "a" / "b" / "x.yaml").read_text() == "x\n"
    assert (done.files, done.changed, done.removed, done.foreign) == (("x.yaml",), ("x.yaml",), (), ())


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    folder.write(tmp_path, {"x.yaml": "x\n"})
    before = (tmp_path / "x.yaml").stat().st_mtime_ns
    assert folder.write(tmp_path, {"x.yaml": "x\n"}).changed == ()
    assert (tmp_path / "x.yaml").stat().st_mtime_ns == before


def test_what_an_earlier_run_wrote_goes_and_what_others_wrote_stays(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    folder.write(tmp_path, {"x.yaml": "x", "y.yaml": "y"})
    done = folder.write(tmp_path, {"y.yaml": "z"})
    assert names(tmp_path) == [".slipway-files", "README.md", "y.yaml"]
    assert str(done) == "files: 1, changed: 1; removed: x.yaml; left alone, not Slipway's: README.md"


def test_a_file_of_anothers_with_such_a_name_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("mine")
    with pytest.raises(InputError) as raised:
        folder.write(tmp_path, {"x.yaml": "x", "y.yaml": "y"})
    assert str(raised.value) == (
        f"{tmp_path}/x.yaml: it is there already, and not written by Slipway; remove it or choose another folder"
    )
    assert (names(tmp_path), (tmp_path / "x.yaml").read_text()) == (["x.yaml"], "mine")


def test_a_list_that_was_lost_is_made_again_where_the_files_are_the_same(tmp_path: Path) -> None:
    folder.write(tmp_path, {"x.yaml": "x"})
    (tmp_path / ".slipway-files").unlink()
    assert folder.write(tmp_path, {"x.yaml": "x"}).changed == ()
    assert folder.write(tmp_path, {"x.yaml": "y"}).changed == ("x.yaml",)


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "..", "sub/inside"])
def test_a_list_that_names_something_elsewhere_is_not_followed(tmp_path: Path, name: str) -> None:
    there = tmp_path / "out"
    (there / "sub").mkdir(parents=True)
    (there / "sub" / "inside").touch()
    (tmp_path / "outside").touch()
    (there / ".slipway-files").write_text(f"{name}\n")
    assert folder.write(there, {"x.yaml": "x"}).removed == ()
    assert ((tmp_path / "outside").exists(), (there / "sub" / "inside").exists()) == (True, True)


def test_a_link_is_never_written_through(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "x.yaml").symlink_to(tmp_path / "target")
    with pytest.raises(InputError, match="not written by Slipway"):
        folder.write(out, {"x.yaml": "x"})
    assert (tmp_path / "target").read_text() == "mine"


def test_a_folder_that_is_a_file_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InputError) as raised:
        folder.write(tmp_path / "out", {"x.yaml": "x"})
    assert str(raised.value) == f"{tmp_path}/out: cannot be written (File exists); choose another folder"
