"""The quay adapter."""
