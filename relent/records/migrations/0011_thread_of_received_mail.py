from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0010_lists_of_enrollments")]

    operations = [
        migrations.AddField(
            model_name="inbounditem",
            name="thread",
            field=models.CharField(blank=True, max_length=200, default=""),
            preserve_default=False,
        ),
    ]
