"""What an operator does from the command line: webhook URLs, samples, a look at what was set aside, a check-up."""

from bot.operator.aside import MOST_SHOWN, list_aside
from bot.operator.checkup import doctor, without_https
from bot.operator.hooks import add_hooks, list_hooks, remove_hook, rotate_hook, same_hooks
from bot.operator.samples import send_sample

__all__ = [
    "MOST_SHOWN",
    "add_hooks",
    "doctor",
    "list_aside",
    "list_hooks",
    "remove_hook",
    "rotate_hook",
    "same_hooks",
    "send_sample",
    "without_https",
]
