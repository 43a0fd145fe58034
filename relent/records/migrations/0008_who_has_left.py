"""Say when a seat was taken away, and keep keys that the account makes for itself."""

import relent.records.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0007_steps_of_ones_own"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="seat_lost_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="AccountKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, unique=True)),
                ("secrets", relent.records.fields.SecretsField(default=dict, editable=False)),
                ("created_at", models.DateTimeField()),
            ],
        ),
    ]
