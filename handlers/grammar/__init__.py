"""The language of `/quay …`: words, options, repository names. Pure; raises nothing but UserError."""

from bot.rules.guessing import closest
from handlers.grammar.options import Option, Parsed, Spec, UsageError
from handlers.grammar.references import Reference, reference
from handlers.grammar.words import quote, split

__all__ = ["Option", "Parsed", "Reference", "Spec", "UsageError", "closest", "quote", "reference", "split"]
