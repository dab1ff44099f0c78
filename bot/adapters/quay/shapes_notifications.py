"""Quay's answers about notifications. Their addresses hold secrets: they are hidden wherever a shape is shown."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from bot.adapters.quay.shapes import Count, Needed, Shape, Text, rows, table


class ConfigShape(Shape):
    """`config` of a webhook. Other methods keep other things in it, which nobody here has to know."""

    url: Annotated[Text, Field(repr=False)] = ""
    template: Annotated[Any, Field(repr=False)] = None


class NotificationShape(Shape):
    """One of them. The request said eventConfig, the answer says event_config (facts §1.6)."""

    uuid: Needed
    event: Text = ""
    method: Text = ""
    title: Text = ""
    config: Annotated[ConfigShape, BeforeValidator(table)] = ConfigShape()
    event_config: Annotated[dict[str, Any], BeforeValidator(table), Field(default_factory=dict)]
    number_of_failures: Count = 0


def _known(value: object) -> object:
    """The rows that can be asked about again: those with an id. What is no list stays what it is, and is refused."""
    if not isinstance(value, list):
        return value
    return [one for one in rows(value) if isinstance(one.get("uuid"), str) and one["uuid"]]


class NotificationsShape(Shape):
    """GET notification/ and GET notifications. What is no list is no answer: nobody may take it for "none"."""

    notifications: Annotated[list[NotificationShape], BeforeValidator(_known), Field(repr=False)]
