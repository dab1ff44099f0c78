"""The demo's policy: who needs an approval for what, and who may not do what."""

from bot.demo.city import PEOPLE

POLICY = f"""\
auditors = ["user:{PEOPLE["alice"]}"]

[[rule]]
name = "production"
effect = "approve"
commands = ["build", "build retry"]
targets = ["acme/web:prod*"]
reason = "Customers see what runs there."
approvers = ["user:{PEOPLE["alice"]}", "user:{PEOPLE["bob"]}"]
approvals = 1
expires = "15m"

[[rule]]
name = "newcomers"
effect = "deny"
who = ["user:{PEOPLE["carol"]}"]
commands = ["build cancel"]
reason = "Ask alice to cancel it."
"""
