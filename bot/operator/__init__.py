"""What an operator does from the command line: webhook URLs, channels, samples, dead letters, why, a check-up."""

from bot.operator.channels import check_channels, list_channels, resume_channel, set_channels
from bot.operator.checkup import doctor, without_https
from bot.operator.dead import MOST_DEAD, dead_data, describe_dead, drop_dead, list_dead, retry_dead, show_dead
from bot.operator.hooks import add_hooks, idle_words, list_hooks, remove_hook, rotate_hook, same_hooks
from bot.operator.opening import migrate
from bot.operator.samples import send_sample
from bot.operator.why import MOST_TOLD, explain

__all__ = [
    "MOST_DEAD",
    "MOST_TOLD",
    "add_hooks",
    "check_channels",
    "dead_data",
    "describe_dead",
    "doctor",
    "drop_dead",
    "explain",
    "idle_words",
    "list_channels",
    "list_dead",
    "list_hooks",
    "migrate",
    "remove_hook",
    "resume_channel",
    "retry_dead",
    "rotate_hook",
    "same_hooks",
    "send_sample",
    "set_channels",
    "show_dead",
    "without_https",
]
