"""Let the lists of enrollments cost what they show."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0009_where_a_scheduler_runs"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(fields=["sequence", "state", "-id"], name="enrollment_by_state"),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(fields=["sequence", "reason", "-id"], name="enrollment_by_reason"),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", False)),
                fields=["sequence", "ended_at"],
                name="enrollment_ended_of_sequence",
            ),
        ),
    ]
