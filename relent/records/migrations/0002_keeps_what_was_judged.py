"""Keeps what mails were judged by, and what people said of them.

It can be reversed until somebody has overruled a judgement: the ledger has two lines on one mail then, and was made for
one.
"""

from typing import Any

import django.db.models.deletion
import relent.records.fields
import relent.terms.reviews
from django.conf import settings
from django.db import migrations, models
from django.db.migrations.exceptions import IrreversibleError
from django.db.migrations.state import ProjectState, StateApps


class AddColumn(migrations.AddField):
    """Adds a column with a constant default. SQLite does so at once; Django would copy the table for each, with every
    mail that lies in it."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor != "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        definition, _ = schema_editor.column_sql(model, field)
        default = schema_editor.quote_value(schema_editor.effective_default(field))
        check = field.db_parameters(schema_editor.connection)["check"]
        table, column = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(field.column)
        checked = f" CHECK ({check})" if check else ""
        schema_editor.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition} DEFAULT {default}{checked}", None)


def refuse_where_something_was_overruled(apps: StateApps, schema_editor: Any) -> None:
    if apps.get_model("records", "Overrule").objects.exists():
        raise IrreversibleError("Judgements were overruled: what people said of mails cannot be taken out again.")


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Overrule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("subkind", models.CharField(blank=True, max_length=30)),
                ("confidence", models.FloatField(default=1.0)),
                ("said", models.CharField(choices=relent.terms.reviews.Wrote.choices, max_length=10)),
                ("at", models.DateTimeField(db_index=True)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("followed", models.JSONField(default=list)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="decision",
            name="decision_item_once",
        ),
        AddColumn(
            model_name="inbounditem",
            name="confidence",
            field=models.FloatField(default=1.0),
        ),
        migrations.AddField(
            model_name="inbounditem",
            name="headers",
            field=relent.records.fields.CompressedField(null=True),
        ),
        AddColumn(
            model_name="inbounditem",
            name="said",
            field=models.CharField(blank=True, choices=relent.terms.reviews.Wrote.choices, max_length=10),
        ),
        AddColumn(
            model_name="inbounditem",
            name="spans",
            field=models.JSONField(default=list),
        ),
        AddColumn(
            model_name="inbounditem",
            name="subkind",
            field=models.CharField(blank=True, max_length=30),
        ),
        migrations.AddIndex(
            model_name="inbounditem",
            index=models.Index(
                condition=models.Q(("headers__isnull", False)), fields=["received_at"], name="inbound_text_by_age"
            ),
        ),
        migrations.AddIndex(
            model_name="inbounditem",
            index=models.Index(fields=["received_at", "kind", "said"], name="inbound_judged"),
        ),
        migrations.AddField(
            model_name="overrule",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="overrule",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="overrules", to="records.inbounditem"
            ),
        ),
        migrations.AddField(
            model_name="decision",
            name="overrule",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decisions", to="records.overrule"
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("item__isnull", False), ("overrule__isnull", True)),
                fields=("enrollment", "item"),
                name="decision_item_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="decision",
            constraint=models.UniqueConstraint(
                condition=models.Q(("overrule__isnull", False)),
                fields=("enrollment", "overrule"),
                name="decision_overrule_once",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, refuse_where_something_was_overruled),
    ]
