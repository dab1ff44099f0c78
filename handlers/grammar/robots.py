"""The words of the commands about robots: the one robot, or the one namespace, that is meant. Pure."""

from bot.rules.robot_names import is_namespace, is_robot
from handlers.grammar.options import UsageError


def robot_of(words: tuple[str, ...]) -> str:
    """The full name of the one robot that was typed. Raises UsageError for anything else."""
    if len(words) != 1:
        raise UsageError("Name one robot account by its full name, like acme+ci.")
    if not is_robot(words[0]):
        raise UsageError(
            f"“{words[0][:100]}” is not the full name of a robot account: write namespace+name, like acme+ci. "
            "Names have at least two lower-case letters and digits, with single dots, dashes or underscores between "
            "them."
        )
    return words[0]


def namespace_of(words: tuple[str, ...]) -> str:
    """The one organization or user that was typed. Raises UsageError for anything else."""
    if len(words) != 1 or not is_namespace(words[0]):
        raise UsageError("Name one organization or user whose robot accounts you want to see, like acme.")
    return words[0]
