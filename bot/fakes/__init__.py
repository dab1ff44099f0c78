"""The neighbours: a strict Slack and a faithful Quay as real HTTP servers, for tests and the demo."""
