"""The ground: our own nouns (events, cards, messages, people, errors). It imports nothing of ours."""
