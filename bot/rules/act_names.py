"""What acts are called: by the name of their kind, and by the words of commands under which people know them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.domain.acts import Act
from bot.rules.globs import fits
from bot.rules.policy import Policy, Rule


@dataclass(frozen=True, slots=True)
class Names:
    """`own` are the names of all kinds of acts. `also`: by such a name, more words for the act.

    Behind each of these words stands the parameter that the act has when it is called so, "" if it always is.
    """

    own: tuple[str, ...] = ()
    also: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def more(self, act: Act) -> tuple[str, ...]:
        """The other words for this act."""
        words = self.also.get(act.name, {})
        return tuple(word for word, needs in words.items() if not needs or needs in act.parameters)

    @property
    def every(self) -> tuple[str, ...]:
        """Everything that any act is called."""
        more = (word for words in self.also.values() for word in words)
        return tuple(dict.fromkeys((*self.own, *more)))

    def act(self, word: str, target: str) -> Act | None:
        """An act that is called so; None if there is none."""
        if word in self.own:
            return Act(word, target)
        for name, words in self.also.items():
            if word in words:
                return Act(name, target, {words[word]: ""} if words[word] else {})
        return None

    def idle(self, policy: Policy) -> Iterator[tuple[Rule, str]]:
        """The rules with patterns of commands that fit nothing: no mistake in the file, but surely not meant."""
        every = self.every
        for rule in policy.rules:
            for pattern in rule.commands:
                if every and not any(fits(pattern, name) for name in every):
                    yield rule, pattern
