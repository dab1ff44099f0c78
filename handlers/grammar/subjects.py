"""What a question is about: a repository, a tag of one, or a whole namespace (for its storage)."""

import re

from handlers.grammar.references import Reference, reference

_NAMESPACE = re.compile(r"[a-z0-9][a-z0-9._-]{1,254}")


def subject(word: str, quay_url: str) -> Reference:
    """The repository, maybe with a tag, or a namespace alone. Raises UserError with an example for anything else."""
    return Reference(word) if _NAMESPACE.fullmatch(word) else reference(word, quay_url)
