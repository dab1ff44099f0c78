"""The rooms where HTTP comes in: the webhook door, the pipeline, the event kinds."""
