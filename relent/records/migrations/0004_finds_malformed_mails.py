"""Lets the malformed mails be counted and listed without reading all others."""

from importlib import import_module
from typing import Any

from django.db import migrations, models
from django.db.migrations.state import StateApps

AddColumn = import_module("relent.records.migrations.0002_keeps_what_was_judged").AddColumn


def mark_what_is_there(apps: StateApps, schema_editor: Any) -> None:
    items = apps.get_model("records", "InboundItem").objects
    items.filter(models.Q(kind="unreadable") | ~models.Q(defects=[])).update(malformed=True)


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_workflow_runs_rest_on_a_mail"),
    ]

    operations = [
        AddColumn(
            model_name="inbounditem",
            name="malformed",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark_what_is_there, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="inbounditem",
            index=models.Index(
                condition=models.Q(("malformed", True)), fields=["mailbox", "-received_at"], name="inbound_malformed"
            ),
        ),
    ]
