import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0005_what_tells_of_meetings"),
    ]

    operations = [
        migrations.AddField(
            model_name="timelineentry",
            name="workflow",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="records.workflow"
            ),
        ),
    ]
