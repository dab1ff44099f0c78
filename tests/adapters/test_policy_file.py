"""The policy file on disk: read when it changes, and never half."""

import os
import threading
from pathlib import Path

import pytest

from bot.adapters.policy_file import PolicyFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "policy.toml"
    path.write_text('default = "allow"  # ä\n', encoding="utf-8")
    return path


def test_the_text_is_told_once_for_each_change(path: Path):
    file = PolicyFile(path, settled=0)
    assert file.name == "policy.toml"
    assert file.changed() == 'default = "allow"  # ä\n'
    assert file.changed() is None
    path.write_text('default = "deny"\n')
    assert file.changed() == 'default = "deny"\n'
    assert file.changed() is None


def test_another_file_of_the_same_size_and_time_in_its_place_is_a_change(path: Path, tmp_path: Path):
    path.write_text("# one\n")
    file = PolicyFile(path, settled=0)
    file.changed()
    other = tmp_path / "other"
    other.write_text("# two\n")
    found = path.stat()
    os.utime(other, ns=(found.st_atime_ns, found.st_mtime_ns))
    other.replace(path)
    assert file.changed() == "# two\n"


def test_a_link_that_points_elsewhere_now_is_a_change(path: Path, tmp_path: Path):
    link, other = tmp_path / "link", tmp_path / "other"
    other.write_text("# other\n")
    link.symlink_to(path)
    file = PolicyFile(link, settled=0)
    file.changed()
    link.unlink()
    link.symlink_to(other)
    assert file.changed() == "# other\n"


def test_a_file_that_is_away_is_an_error_and_then_as_it_was(path: Path, tmp_path: Path):
    file = PolicyFile(path, settled=0)
    file.changed()
    path.rename(tmp_path / "away")
    with pytest.raises(FileNotFoundError):
        file.changed()
    (tmp_path / "away").rename(path)
    assert file.changed() is None


def test_bytes_that_are_no_text_are_an_error_each_time(path: Path):
    path.write_bytes(b"\xff\xfe")
    file = PolicyFile(path, settled=0)
    for _ in range(2):
        with pytest.raises(OSError, match="UTF-8"):
            file.changed()


def test_a_mark_in_front_of_the_text_is_no_part_of_it(path: Path):
    path.write_bytes(b'\xef\xbb\xbfdefault = "deny"\r\n')
    assert PolicyFile(path, settled=0).changed() == 'default = "deny"\n'


def test_a_folder_is_an_error(tmp_path: Path):
    with pytest.raises(OSError):  # noqa: PT011 - its words are the system's
        PolicyFile(tmp_path, settled=0).changed()


def test_a_file_that_is_being_written_is_taken_whole(path: Path):
    file = PolicyFile(path, settled=0.05)
    file.changed()
    begun, seen = threading.Event(), list[str | None]()

    def look() -> None:
        begun.wait()
        seen.append(file.changed())

    looking = threading.Thread(target=look)
    looking.start()
    with path.open("w") as writing:
        for number in range(10):
            writing.write(f"# line {number}\n")
            writing.flush()
            begun.set()
    looking.join()
    seen.append(file.changed())
    assert [text for text in seen if text is not None][-1].splitlines()[-1] == "# line 9"
