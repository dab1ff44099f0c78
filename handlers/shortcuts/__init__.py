"""Every shortcut: what stands in Slack's menus and opens the form of a command (slack facts §12)."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.command import Action, Command
from handlers.forms.opening import opening


@dataclass(frozen=True, slots=True)
class Shortcut:
    """One entry: of the whole workspace, or (`message`) of a message, whose image is filled in then."""

    id: str  # its callback id
    name: str  # at most 24 characters
    description: str  # at most 150 characters
    word: str  # the command whose form it opens
    message: bool = False


_ALL = (
    Shortcut("restore_tag", "Restore a tag", "Make a tag point at an image that it had before", "restore"),
    Shortcut("tag_history", "Tag history", "Every image that a tag has pointed at, and when", "tag history"),
    Shortcut("start_build", "Start a build", "Build an image and follow the build", "build"),
    Shortcut("robot_token", "Regenerate robot token", "Replace the token of a robot account", "robot regenerate"),
    Shortcut("registry_message", "Post registry message", "Tell everybody who uses the registry", "message post"),
    Shortcut("repository", "Look up a repository", "What a repository is and what is in it", "repo"),
    Shortcut("restore_this", "Restore this tag", "Restore the tag that this message names", "restore", message=True),
    Shortcut("look_at_this", "Look at this image", "The history of the image named here", "tag history", message=True),
)

SHORTCUTS: Mapping[str, Shortcut] = {shortcut.id: shortcut for shortcut in _ALL}


def shortcut_actions(commands: Mapping[str, Command]) -> dict[str, Action]:
    """What the shortcuts do; those whose command is not there, or has no form, are left out."""
    return {one.id: opening(one.id, commands[one.word]) for one in usable(commands)}


def usable(commands: Mapping[str, Command]) -> tuple[Shortcut, ...]:
    """The shortcuts that open something."""
    return tuple(one for one in _ALL if one.word in commands and commands[one.word].form)
