from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0003_fill_history"),
    ]

    operations = [
        migrations.AddField(
            model_name="workflowrun",
            name="given",
            field=models.JSONField(default=dict),
        ),
    ]
