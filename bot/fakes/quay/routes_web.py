"""The paths beside the API: sessions, and the OAuth consent. All but the token endpoint take a CSRF token."""

from bot.fakes.quay import api_session, web_oauth, web_signin, web_tokens
from bot.fakes.quay.resources import Resource, resource

WEB: tuple[Resource, ...] = (
    resource("/", get=(web_signin.front, "")),
    resource("/csrf_token", get=(api_session.csrf_token, "")),
    resource("/signin", get=(web_signin.show, ""), post=(web_signin.sign_in, "")),
    resource("/oauth/authorize", get=(web_oauth.authorize, "")),
    resource("/oauth/authorizeapp", post=(web_oauth.authorize_app, "")),
    resource("/oauth/denyapp", post=(web_oauth.deny_app, "")),
    resource("/oauth/authorize/assignuser", post=(web_oauth.assign_user, "")),
    resource("/oauth/access_token", post=(web_tokens.access_token, ""), csrf=False),
    resource("/oauth/localapp", get=(web_oauth.local_app, "")),
)
