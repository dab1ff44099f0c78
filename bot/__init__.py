"""quaybot: a chat-ops bot between a Quay registry and Slack. This package is the ground and the roof."""
