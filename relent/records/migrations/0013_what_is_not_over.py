"""Let the lists of what is to come cost what they show."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0012_opt_outs"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_ahead",
        ),
        migrations.RemoveIndex(
            model_name="delivery",
            name="delivery_ahead_of_sequence",
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("sent_at__isnull", True)),
                fields=["due_at", "id"],
                name="delivery_not_over",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("sent_at__isnull", True)),
                fields=["sequence", "due_at", "id"],
                name="delivery_not_over_in",
            ),
        ),
    ]
