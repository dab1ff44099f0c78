"""The rooms where Slack comes in: commands, buttons, modals, jobs."""
