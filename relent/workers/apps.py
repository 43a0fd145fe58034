"""Registers this room with Django."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    """The workers room as a Django app."""

    name = "relent.workers"
    label = "workers"
