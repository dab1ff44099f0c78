"""The settings: one typed value, read once from the environment. Nothing else reads the environment."""

from difflib import get_close_matches
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, NoDecode, SettingsConfigDict

SLACK_API = "https://slack.com/api/"
_ENV = ".env"
_NO_TEXT = f"The file {_ENV} is not UTF-8 text: save it anew as UTF-8."
_WHOLE = "write a whole address that begins with https:// or http://"
_NO_NUMBER = {"int_parsing", "int_type", "int_from_float", "greater_than_equal", "less_than_equal"}


class SettingsError(Exception):
    """What is wrong with the settings: `problems` has a line for each, with the variable's name; `say` goes above."""

    def __init__(self, problems: list[str], say: str = "These settings are not right:") -> None:
        super().__init__("\n".join(problems))
        self.problems = problems
        self.say = say


def _listed(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def parts_of(address: str) -> SplitResult:
    """The parts of a whole http or https address. Raises ValueError, which says how to write one, for anything else."""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:  # a broken IPv6 address, a port that is no number
        raise ValueError(_WHOLE) from error
    if not usable or any(char.isspace() for char in address):
        raise ValueError(_WHOLE)
    return parts


# A blank around a pasted token, and a variable that is there but empty, are what people mean as "none".
_SOURCES = SettingsConfigDict(
    env_file=_ENV,
    env_file_encoding="utf-8-sig",  # (some editors put a mark in front)
    env_ignore_empty=True,
    extra="ignore",
    frozen=True,
    str_strip_whitespace=True,
)
_Host = Annotated[str, Field(description="Address to listen on; 0.0.0.0 in a container.", examples=["127.0.0.1"])]
_Port = Annotated[int, Field(ge=0, le=65535, description="Port to listen on (0: any free one).", examples=["8080"])]


class Address(BaseSettings):
    """Where to listen, and nothing else: all that the demo wants to know."""

    model_config = _SOURCES

    host: _Host = "127.0.0.1"
    port: _Port = 8080


class Settings(BaseSettings):
    """Every setting. The description of each is what README and .env.example say of it."""

    model_config = _SOURCES

    slack_bot_token: SecretStr = Field(
        SecretStr(""), description="Bot token of your Slack app (xoxb-…). Needed to run.", examples=["xoxb-…"]
    )
    slack_signing_secret: Annotated[list[SecretStr], NoDecode] = Field(
        [],
        description="Signing secret of your Slack app; while you rotate it, new and old with a comma between them. "
        "Needed unless SLACK_APP_TOKEN is set.",
        examples=["8f742231b10e8888abcd99yyyzzz85a5"],
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""),
        description="App-level token (xapp-…, scope connections:write). When set, Slack is reached through Socket "
        "Mode and needs no public address.",
        examples=["xapp-…"],
    )
    slack_api_url: str = Field(SLACK_API, description="Slack's Web API.", examples=[SLACK_API])
    slack_edits_per_minute: int = Field(
        50,
        ge=1,
        description="How many edits of messages your workspace takes in a minute (Slack's third tier is about 50). "
        "When Slack refuses one, the bot makes fewer for a while.",
        examples=["50"],
    )
    slack_owner: str = Field(
        "",
        description="Slack user id (U…) of whoever looks after the bot: is told in private when a channel takes no "
        "messages any more, if neither the channel has an owner nor anybody asked for the message.",
        examples=["U024BE7LH"],
    )
    quay_url: str = Field(
        "",
        description="Address of your Quay, as people open it in a browser. Needed to run.",
        examples=["https://quay.io"],
    )
    quay_client_id: str = Field(
        "",
        description="Client id of the OAuth application that you made for the bot in an organization of your Quay, "
        "with PUBLIC_URL/quay/oauth/callback as its redirect address. Without it people can only paste a token.",
        examples=["B7XKA2SQ3M5JDV4TNUYC"],
    )
    quay_client_secret: SecretStr = Field(
        SecretStr(""),
        description="Client secret of that application. Without it people cannot sign in through Quay's own page, only "
        "take over a token that was assigned to them.",
        examples=["…"],
    )
    public_url: str = Field(
        "",
        description="Address at which Quay (and Slack, without Socket Mode) reaches this bot. Quay refuses localhost "
        "and 127.0.0.1.",
        examples=["https://quaybot.example.com"],
    )
    webhook_url: str = Field(
        "",
        description="Address at which Quay reaches this bot, if that is another one than PUBLIC_URL: inside a cluster, "
        "for example. Webhook URLs begin with it.",
        examples=["http://quaybot.internal:8080"],
    )
    database_url: str = Field(
        "sqlite:///quaybot.db",
        description="Where the bot remembers: an SQLite file for one process, or PostgreSQL for several.",
        examples=["postgresql://quaybot:secret@db.example.com/quaybot"],
        repr=False,  # it may hold a password
    )
    spool_dir: str = Field(
        "",
        description="Folder on a local disk where webhooks are kept while the database is away. Unless you set it: "
        "NAME-spool beside the SQLite file NAME.db, or quaybot-spool in the working directory.",
        examples=["/var/lib/quaybot/spool"],
    )
    spool_limit_mb: int = Field(
        256,
        ge=0,
        description="How many megabytes of webhooks are kept there; 0: none. Beyond it Quay is asked to come again.",
        examples=["256"],
    )
    secret_keys: Annotated[list[SecretStr], NoDecode] = Field(
        [],
        description="Secrets that seal people's Quay tokens, newest first, with commas between them; 16 characters or "
        "more each. Without one nobody can link an account. Make one with: quaybot keygen",
        examples=["…"],
    )
    reveal: str = Field(
        "",
        description="How a robot's new token is shown, once: page (a web page of this bot) or modal (a window in "
        "Slack). Unless you set it: page if PUBLIC_URL begins with https:// or is this machine, else modal.",
        examples=["modal"],
    )
    policy_file: str = Field(
        "",
        description="TOML file that says who may do what, and what others have to approve. It is read again whenever "
        "it changes. Without one everybody may do what Quay lets them.",
        examples=["/etc/quaybot/policy.toml"],
    )
    check_seconds: int = Field(
        60,
        ge=5,
        description="How often a subscription is compared with its notifications in Quay, in seconds; those of many "
        "repositories less often.",
        examples=["60"],
    )
    heartbeat_minutes: int = Field(
        60,
        ge=0,
        description="How long no webhook may come through a subscription before its way is tried with Quay's test "
        "call, in minutes; 0: never.",
        examples=["60"],
    )
    rotate_days: int = Field(
        90,
        ge=0,
        description="After how many days the webhook URLs of subscriptions are replaced; 0: never.",
        examples=["90"],
    )
    limit_per_person: int = Field(
        30, ge=1, description="How much one person may ask the bot for in a minute.", examples=["30"]
    )
    limit_per_workspace: int = Field(
        600, ge=1, description="How much everybody together may ask the bot for in a minute.", examples=["600"]
    )
    host: _Host = "127.0.0.1"
    port: _Port = 8080
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.", examples=["INFO"])
    log_format: str = Field("text", description="text for people, json for machines.", examples=["json"])

    @field_validator("slack_signing_secret", "secret_keys", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return _listed(value)

    @field_validator("slack_api_url", "quay_url", "public_url", "webhook_url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value:
            return value
        parts = parts_of(value)
        if "@" in parts.netloc or parts.query or parts.fragment:
            raise ValueError("write the address only, without user name, ? or #")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _slash(cls, value: str) -> str:
        return value.rstrip("/") + "/"

    @field_validator("quay_url", "public_url", "webhook_url")
    @classmethod
    def _no_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("slack_owner")
    @classmethod
    def _person(cls, value: str) -> str:
        if value and not (value[0] in "UW" and value.isalnum() and value.isascii() and value.isupper()):
            raise ValueError("write the id of a person (U024BE7LH); Slack shows it in their profile, under the dots")
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("use DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("log_format")
    @classmethod
    def _form(cls, value: str) -> str:
        if value.lower() not in {"text", "json"}:
            raise ValueError("use text or json")
        return value.lower()

    @field_validator("reveal")
    @classmethod
    def _reveal(cls, value: str) -> str:
        if value.lower() not in {"", "page", "modal"}:
            raise ValueError("use page or modal")
        return value.lower()

    @field_validator("secret_keys")
    @classmethod
    def _long_enough(cls, value: list[SecretStr]) -> list[SecretStr]:
        if any(len(key.get_secret_value()) < 16 for key in value):
            raise ValueError("each key needs 16 characters or more; make one with: quaybot keygen")
        return value

    @property
    def webhooks_at(self) -> str:
        """What webhook URLs begin with; "" if the bot does not know where Quay reaches it."""
        return self.webhook_url or self.public_url

    def missing(self) -> list[str]:
        """What `quaybot serve` cannot do without, as a line each."""
        problems = []
        if not self.slack_bot_token.get_secret_value():
            problems.append('SLACK_BOT_TOKEN is missing (xoxb-…, from your Slack app\'s page "OAuth & Permissions")')
        if not self.slack_signing_secret and not self.slack_app_token.get_secret_value():
            problems.append(
                'SLACK_SIGNING_SECRET is missing (from your Slack app\'s page "Basic Information"), '
                "or set SLACK_APP_TOKEN to use Socket Mode"
            )
        if not self.quay_url:
            problems.append("QUAY_URL is missing (for example https://quay.io)")
        return problems


def load(**given: object) -> Settings:
    """Read the environment (and a file named .env). Raises SettingsError with all problems at once."""
    try:
        return Settings(**given)  # type: ignore[arg-type]  # values for tests and the demo, validated like the rest
    except ValidationError as error:
        raise _wrong(error) from None
    except UnicodeDecodeError:
        raise SettingsError([_NO_TEXT]) from None


def load_address() -> Address:
    """Read only HOST and PORT, so that nothing else can be wrong. Raises SettingsError."""
    try:
        return Address()
    except ValidationError as error:
        raise _wrong(error) from None
    except UnicodeDecodeError:
        raise SettingsError([_NO_TEXT]) from None


def mistyped(settings: Settings) -> dict[str, str]:
    """Names in the file .env that are none of ours, but look like one that is not set: which one."""
    unset = Settings.model_fields.keys() - settings.model_fields_set
    ours = [name for name in unset if "_" in name]  # HOST and PORT are too much like names of other programs
    others = DotEnvSettingsSource(Settings).env_vars.keys() - Settings.model_fields.keys()
    close = {name: get_close_matches(name, ours, n=1, cutoff=0.8) for name in sorted(others)}
    return {name.upper(): found[0].upper() for name, found in close.items() if found}


def _wrong(error: ValidationError) -> SettingsError:
    return SettingsError([_say(problem) for problem in error.errors()])


def _say(problem: object) -> str:
    assert isinstance(problem, dict)  # noqa: S101 - pydantic's own shape
    name = str(problem["loc"][0]).upper() if problem["loc"] else "settings"
    if problem["type"] in _NO_NUMBER:
        ones = {"SLACK_EDITS_PER_MINUTE", "LIMIT_PER_PERSON", "LIMIT_PER_WORKSPACE"}
        least = 5 if name == "CHECK_SECONDS" else int(name in ones)
        return f"{name}: write a whole number from {least} {'to 65535' if name == 'PORT' else 'on'}"
    words = str(problem["msg"]).removeprefix("Value error, ")
    return f"{name}: {words}"
