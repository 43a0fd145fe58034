"""Registers this room with Django."""

from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    """The playground room as a Django app."""

    name = "relent.playground"
    label = "playground"
