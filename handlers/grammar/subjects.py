"""What a question is about: a repository, a tag of one, or a whole namespace (for its storage)."""

from bot.rules.robot_names import is_namespace
from handlers.grammar.references import Reference, reference


def subject(word: str, quay_url: str) -> Reference:
    """The repository, maybe with a tag, or a namespace alone. Raises UserError with an example for anything else."""
    return Reference(word) if is_namespace(word) else reference(word, quay_url)
