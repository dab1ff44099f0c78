"""The services: what happens between the rooms and the outside. They name ports, never adapters."""
