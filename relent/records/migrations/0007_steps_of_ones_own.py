"""Give a contact steps of its own, a mail the user whose limit it counts for, and many enrollments one wish."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Each delivery repeats the sequence of its enrollment."""
    delivery, enrollment = apps.get_model("records", "Delivery"), apps.get_model("records", "Enrollment")
    of_it = enrollment.objects.filter(pk=models.OuterRef("enrollment_id")).values("sequence_id")[:1]
    delivery.objects.filter(sequence__isnull=True).update(sequence_id=models.Subquery(of_it))


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_which_workflow_ran"),
    ]

    operations = [
        migrations.CreateModel(
            name="EnrollBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start_step", models.PositiveSmallIntegerField(default=1)),
                ("start_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "enroll batches",
            },
        ),
        migrations.CreateModel(
            name="EnrollRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(blank=True, max_length=60)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="delivery",
            name="sequence",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.sequence",
            ),
        ),
        migrations.AddField(
            model_name="delivery",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="enrollment",
            name="own_steps",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="step",
            name="thread_to",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("sent_at__isnull", False)), fields=["user", "sent_at"], name="delivery_sent_of_user"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["planned", "parked", "claimed"])),
                fields=["due_at", "id"],
                name="delivery_ahead",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state__in", ["planned", "parked", "claimed"])),
                fields=["sequence", "due_at", "id"],
                name="delivery_ahead_of_sequence",
            ),
        ),
        migrations.AddField(
            model_name="enrollbatch",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="enrollbatch",
            name="mailbox",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.mailbox"
            ),
        ),
        migrations.AddField(
            model_name="enrollbatch",
            name="sequence",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.sequence"
            ),
        ),
        migrations.AddField(
            model_name="enrollrow",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="rows", to="records.enrollbatch"
            ),
        ),
        migrations.AddField(
            model_name="enrollrow",
            name="contact",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.contact"
            ),
        ),
        migrations.AddField(
            model_name="enrollrow",
            name="enrollment",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="records.enrollment"
            ),
        ),
        migrations.AddIndex(
            model_name="enrollbatch",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)), fields=["id"], name="enroll_batch_to_be_done"
            ),
        ),
        migrations.AddIndex(
            model_name="enrollrow",
            index=models.Index(
                condition=models.Q(("at__isnull", True)), fields=["batch", "id"], name="enroll_row_to_be_done"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrollrow",
            constraint=models.UniqueConstraint(fields=("batch", "contact"), name="enroll_row_once"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
