"""What a channel lets pass: `tag:v*,release-* -tag:*-dev severity:high+ fixable`, read once and asked for every event.

A filter is words with blanks between them; all of them have to agree. `key:one,other` wants one of the values, and a
`-` in front turns a word around. What a key looks at may be there several times (tags): it is enough if one of them
passes every word of that key. A word about something that an event does not have lets it pass, and so is everything
that Quay's test button sends. The words are those of `keys`; `patterns` reads what stands behind them.
"""

from bot.rules.filters.keys import FORMS, KEYS, Key
from bot.rules.filters.reading import LONGEST, Filter, Refusal, Rule, key_of, parse

__all__ = ["FORMS", "KEYS", "LONGEST", "Filter", "Key", "Refusal", "Rule", "key_of", "parse"]
