"""What an operator does from the command line: webhook URLs, channels, samples, dead letters, audit, why, check-up."""

from bot.operator.audit import export_audit, list_audit, verify_audit
from bot.operator.channels import check_channels, list_channels, resume_channel, set_channels
from bot.operator.checkup import doctor, without_https
from bot.operator.dead import MOST_DEAD, dead_data, describe_dead, drop_dead, list_dead, retry_dead, show_dead
from bot.operator.hooks import add_hooks, idle_words, list_hooks, remove_hook, rotate_hook, same_hooks
from bot.operator.opening import migrate
from bot.operator.policy import check_policy, try_policy
from bot.operator.samples import send_sample
from bot.operator.secrets import rotate_secrets
from bot.operator.subscription_lines import plan_lines
from bot.operator.subscriptions import apply_subscriptions, export_subscriptions, plan_subscriptions
from bot.operator.why import MOST_TOLD, explain

__all__ = [
    "MOST_DEAD",
    "MOST_TOLD",
    "add_hooks",
    "apply_subscriptions",
    "check_channels",
    "check_policy",
    "dead_data",
    "describe_dead",
    "doctor",
    "drop_dead",
    "explain",
    "export_audit",
    "export_subscriptions",
    "idle_words",
    "list_audit",
    "list_channels",
    "list_dead",
    "list_hooks",
    "migrate",
    "plan_lines",
    "plan_subscriptions",
    "remove_hook",
    "resume_channel",
    "retry_dead",
    "rotate_hook",
    "rotate_secrets",
    "same_hooks",
    "send_sample",
    "set_channels",
    "show_dead",
    "try_policy",
    "verify_audit",
    "without_https",
]
