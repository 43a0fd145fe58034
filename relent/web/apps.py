"""Registers this room with Django."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The web room as a Django app."""

    name = "relent.web"
    label = "web"
