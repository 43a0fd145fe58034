from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0008_who_has_left"),
    ]

    operations = [
        migrations.AddField(
            model_name="scheduler",
            name="hosts",
            field=models.CharField(blank=True, max_length=500),
        ),
    ]
