"""Registers the system checks."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project as a Django app, for its checks."""

    name = "relent.project"
    label = "project"

    def ready(self) -> None:
        """Register the checks."""
        from relent.project import checks  # noqa: F401  # registers by import, and needs the settings to be ready
