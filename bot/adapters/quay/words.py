"""What we say to people about refusals: one plain sentence or two for each cause, and what to do next.

Names in them are foreign text: clipped to one line here, escaped where messages are worded.
"""


def short(text: str, limit: int = 100) -> str:
    """One line of at most `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _you(username: str) -> str:
    return f"You ({short(username)})" if username else "You"


DEAD_LINK = (
    "Quay does not accept your linked token any more: it was revoked, it has expired or your account is disabled. "
    "Please run `/quay link` again."
)
DEAD_OR_NO_USER_READ = (
    "Quay does not accept this token: it was revoked, it has expired, or it lacks the scope `user:read`. "
    "Make a new one with that scope and run `/quay link` again."
)
BROKEN_LINK = "Your linked token is not a Quay token. Please run `/quay link` again."
BAD_VALUES = "Quay did not accept the values of this request. Please check tags, paths and addresses and try again."
READ_ONLY_REGISTRY = "The whole registry is read-only at the moment. Please try again when its maintenance is over."
BUSY = "Quay gets too many requests at the moment. Please try again in a few seconds."
GIT_SERVICE = "Quay could not reach the git service behind this. Please try again in a few minutes."
BUILD_OVER = "This build cannot be cancelled any more: it is already running or has finished."
TRIGGER_INACTIVE = "This build trigger is not active yet. Please finish its set-up in Quay first."
TRIGGER_DISABLED = "This build trigger is switched off. `/quay triggers` shows it, and switches it on."
TRIGGER_CRASHED = (
    "Quay crashed while it started this build trigger. Its set-up is probably incomplete: "
    "delete the trigger in Quay and set it up again."
)
NEEDS_COMMIT = "This build trigger builds commits: name one by its SHA (at least 7 hex digits)."
NEEDS_BRANCH = "This build trigger builds branches: name a branch, not a commit."
BRANCH_OR_COMMIT = "Please name either a branch or a commit, and only one of them."
BAD_COMMIT = "A commit is named by its SHA: at least 7 hex digits."
BAD_ARCHIVE = (
    "The archive address must be a complete http or https address in plain ASCII, "
    "for example https://example.com/app.tar.gz."
)
FILE_GONE = "Quay does not have the uploaded file of that build any more. Please start a new build in Quay."
FILE_OR_FOLDER = "Please give either a Dockerfile path or a subdirectory, not both."
NOT_REPEATABLE = (
    "Quay does not tell what this build was made from, so it cannot be started again from here. "
    "Please start a new build."
)
PLAN_LIMIT = (
    "The plan of this namespace does not allow that: it has no room for one more private repository. "
    "Please ask an admin of the namespace."
)
BUILD_LIMIT = "Too many builds of this namespace wait already. Please wait until one has finished and try again."


LOOK_AT_BUILDS = "Please look at the repository's builds before you ask again."
LOOK_AT_REPOSITORY = "Please look at the repository before you ask again."
LOOK_AT_TRIGGERS = "Please look at the repository's build triggers before you ask again."
LOOK_AT_TOKENS = "Please look at your authorized applications in Quay before you ask again."
LINK_AGAIN = "Please start again with `/quay link`."
CODE_REFUSED = (
    "Quay did not accept this sign-in: it was used already, it is too old, or it was started in another way. "
    "Please start again with `/quay link`."
)
CLIENT_REFUSED = (
    "Quay does not accept this bot's own application, so nobody can link an account through the browser at the moment. "
    "Please tell the operator of this bot to check QUAY_CLIENT_ID and QUAY_CLIENT_SECRET."
)
SIGN_IN_REFUSED = (
    "Quay does not accept how this bot asks for tokens, so nobody can link an account through the browser at the "
    "moment. Please tell the operator of this bot."
)


def no_answer(host: str) -> str:
    """Refused, no such host, or too slow."""
    return f"Quay at {host} does not answer. Please try again in a minute."


def unknown_fate(host: str, does: str, then: str) -> str:
    """A write may or may not have happened; `then` says what to do about it."""
    return f"Quay at {host} did not answer in time after it was asked to {does}, so nobody knows whether it did. {then}"


def untrusted(host: str) -> str:
    """TLS failed."""
    return f"The certificate of Quay at {host} cannot be trusted. Please tell the operator of this bot."


def redirected(host: str) -> str:
    """A 3xx."""
    return f"Quay at {host} sends us to another address, which we do not follow. Please tell the operator of this bot."


def too_much(host: str) -> str:
    """More bytes than we take."""
    return f"Quay at {host} answered with more than this bot can take. Please look at it in Quay itself."


def not_understood(host: str) -> str:
    """Not JSON, or JSON of another shape."""
    return f"Quay at {host} answered something that this bot does not understand. Please tell its operator."


def crashed(host: str) -> str:
    """A 500."""
    return f"Quay at {host} had an error of its own. Please tell its operator if it happens again."


def no_such_call(host: str) -> str:
    """An HTML 404: the API path itself is not there."""
    return f"Quay at {host} does not know this call: builds may be switched off there, or QUAY_URL is wrong."


def away(host: str) -> str:
    """502, 503 or 504 from the front."""
    return f"Quay at {host} is not available at the moment. Please try again in a minute."


def refused(reason: str) -> str:
    """Quay's own words, one clipped line."""
    return f"Quay refused: {short(reason, 200)}"


def refused_silently(does: str) -> str:
    """A refusal without a reason."""
    return f"Quay did not let you {does}. Please check your account in Quay or run `/quay link` again."


def not_a_repository(repository: str) -> str:
    """The name has no namespace, or an impossible part."""
    return f"“{short(repository)}” is not the name of a repository: write it as namespace/name."


def not_a_name(value: str, what: str) -> str:
    """An empty or impossible id."""
    return f"“{short(value)}” is not the id of a {what}."


def unseen(repository: str, username: str) -> str:
    """Quay hides existence (facts §3.5)."""
    return (
        f"{_hidden(repository, username)} Please check the name and that your linked token has the scope `repo:read`, "
        "or ask the owner for access."
    )


def unseen_role(repository: str, username: str) -> str:
    """The same for a token that surely has the scope."""
    return f"{_hidden(repository, username)} Please check the name, or ask the owner for access."


def _hidden(repository: str, username: str) -> str:
    who = f"you ({short(username)})" if username else "you"
    return f"{short(repository)} does not exist, or {who} may not see it."


def missing(thing: str, repository: str) -> str:
    """The repository is there, the thing in it is not."""
    return f"There is no {short(thing)} in {short(repository)}."


def no_such(thing: str) -> str:
    """There is no such thing in the whole registry, or it is hidden."""
    return f"There is no {short(thing)} in Quay, or you may not see it. Please check the name."


def lacking_scope(does: str, scope: str, thing: str) -> str:
    """A 403 about something that is no repository: role or scope, Quay does not say which (facts §4)."""
    role = f"That is for admins of the {short(thing)}, and it takes" if thing else "That takes"
    return f"Quay did not let you {does}. {role} a token with the scope `{scope}`."


def no_mirror(repository: str) -> str:
    """A 404 where mirroring was asked about."""
    return f"{short(repository)} is no mirror."


def no_robot(robot: str) -> str:
    """A 404 because of the pull robot."""
    return f"There is no robot account “{short(robot)}”. Please check its full name (namespace+robot)."


def not_a_robot(robot: str) -> str:
    """A 403 because of the pull robot's name."""
    return f"“{short(robot)}” is not a robot account: write its full name as namespace+robot."


def foreign_robot(robot: str) -> str:
    """A 403 because the robot belongs to somebody else."""
    namespace = short(robot.partition("+")[0])
    return f"You may not use the robot {short(robot)}: that takes an admin of {namespace}."


def lacking(repository: str, username: str, has: str, needs: str, does: str) -> str:
    """Role or scope are missing; Quay cannot say which (facts §4)."""
    return (
        f"{_but(repository, username, has, needs, does)} "
        "Either your account lacks that role: ask an admin of the repository. "
        f"Or your linked token lacks the scope `repo:{needs}`: make one that has it and run `/quay link` again."
    )


def lacking_role(repository: str, username: str, has: str, needs: str, does: str) -> str:
    """The same for a token that surely has the scope."""
    return (
        f"{_but(repository, username, has, needs, does)} Your token has the scope for that, so it is the role that "
        f"your account lacks: ask an admin of {short(repository)} for the role {needs}."
    )


def _but(repository: str, username: str, has: str, needs: str, does: str) -> str:
    can = "read" if has == "read" else "write to"
    return f"{_you(username)} can {can} {short(repository)} but need {needs} there to {does}."


def unclear(repository: str, needs: str, does: str) -> str:
    """Forbidden, and we could not find out why."""
    return (
        f"Quay did not let you {does} in {short(repository)}. That takes the role {needs} there and a token with the "
        f"scope `repo:{needs}`: ask an admin of the repository, or run `/quay link` with a better token."
    )


def frozen(repository: str, state: str) -> str:
    """Read-only or mirror state."""
    return f"{short(repository)} {state}, so nothing can be built or changed there. An admin can change that in Quay."
