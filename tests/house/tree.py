"""The files that belong to the project: what git tracks, and what is new and not ignored."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = ("bot", "handlers", "webhooks")


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(sorted(path for name in set(found.split("\0")) - {""} if (ROOT / (path := Path(name))).is_file()))


def python_files(*folders: str) -> tuple[Path, ...]:
    """The Python files in these folders of the root."""
    return tuple(path for path in files() if path.suffix == ".py" and path.parts[0] in folders)


def markdown_files() -> tuple[Path, ...]:
    """The documents."""
    return tuple(path for path in files() if path.suffix == ".md")


def text_of(path: Path) -> str | None:
    """What a file says, or None if it is no text (a picture)."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
