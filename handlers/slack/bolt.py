"""Bolt as we use it: quiet, asked before it parses anything, and never answering Slack with an error."""

import json
import logging
from urllib.parse import parse_qs

import aiohttp
import structlog
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

log = structlog.stdlib.get_logger(__name__)

JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"
AGAIN = 503  # asks Slack to send an event once more


class _Bolt(AsyncApp):
    """Bolt, but every genuine request is a 200: Slack can do nothing with another answer, and asks again after it."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """As Bolt does it, over HTTP and in Socket Mode."""
        try:
            response = await super().async_dispatch(req)
        except Exception:  # Bolt itself stumbles over payloads that lack what it takes for granted
            log.exception("slack_request_odd", kind=str(req.body.get("type") or ""))
            return BoltResponse(status=200, body="")
        if response.status == 404:
            log.warning("slack_request_unknown", kind=str(req.body.get("type") or ""))
            return BoltResponse(status=200, body="")
        return response


def new_bolt(token: str, api_url: str, session: aiohttp.ClientSession) -> AsyncApp:
    """A Bolt without listeners: its token is fixed, and listeners run before the response."""

    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    return _Bolt(
        client=AsyncWebClient(base_url=api_url, session=session),
        authorize=authorize,
        logger=_log_of_bolt(),
        process_before_response=True,
        request_verification_enabled=False,  # done before; Socket Mode needs none
        ssl_check_enabled=False,
    )


def well_formed(content_type: str, body: bytes) -> bool:
    """Is it something that Slack sends: a JSON object, or a form with a payload or a command?"""
    try:
        text = body.decode()
        if content_type == JSON:
            return isinstance(json.loads(text), dict)
        if content_type != _FORM:
            return False
        fields = parse_qs(text, keep_blank_values=True, max_num_fields=100)
        if "payload" in fields:
            return isinstance(json.loads(fields["payload"][0]), dict)
        return "command" in fields
    except (ValueError, RecursionError):
        return False


def only_asks(content_type: str, body: bytes) -> bool:
    """Is it somebody typing into a field that searches? That changes nothing, and comes twice with the same bytes.

    The body has to be well formed.
    """
    if content_type != _FORM:
        return False
    fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=100)
    return "payload" in fields and json.loads(fields["payload"][0]).get("type") == "block_suggestion"


def _log_of_bolt() -> logging.Logger:
    # Bolt warns of environment variables that are ours, and slack_sdk writes a page for each try to connect; what
    # matters of both is answered and logged here.
    logger = logging.getLogger("slack_bolt")
    logger.setLevel(logging.CRITICAL)
    return logger
