"""The Django app that holds every table."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Registers the models under the label ``records``."""

    name = "relent.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
