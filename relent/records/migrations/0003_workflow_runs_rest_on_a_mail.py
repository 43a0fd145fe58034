"""Lets a workflow's run name the mail on whose judgement it rests, so that it can be let go with the judgement.

A run from before names none: it goes on as it would have.
"""

import django.db.models.deletion
import relent.terms.workflows
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_keeps_what_was_judged"),
    ]

    operations = [
        migrations.AddField(
            model_name="workflowrun",
            name="item",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="workflow_runs",
                to="records.inbounditem",
            ),
        ),
        migrations.AddField(
            model_name="workflowrun",
            name="origin",
            field=models.CharField(blank=True, choices=relent.terms.workflows.WorkflowTrigger.choices, max_length=30),
        ),
    ]
