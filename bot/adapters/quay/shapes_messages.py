"""Quay's answers about global messages."""

from typing import Annotated

from pydantic import BeforeValidator

from bot.adapters.quay.shapes import Shape, Text, rows


class MessageShape(Shape):
    """One banner."""

    uuid: Text = ""
    content: Text = ""
    severity: Text = ""
    media_type: Text = ""


class MessagesShape(Shape):
    """GET messages."""

    messages: Annotated[tuple[MessageShape, ...], BeforeValidator(rows)] = ()
