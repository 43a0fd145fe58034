"""Give what exists the columns and the history that later rules read."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def fill(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Associations from the one company a contact had, the domain of each enrolled address, the time of each end."""
    contact, association = apps.get_model("records", "Contact"), apps.get_model("records", "ContactCompany")
    association.objects.bulk_create(
        [
            association(contact_id=pk, company_id=company_id, primary=True, since=since)
            for pk, company_id, since in contact.objects.filter(company__isnull=False)
            .values_list("pk", "company_id", "created_at")
            .iterator()
        ],
        batch_size=500,
    )
    enrollment = apps.get_model("records", "Enrollment")
    for row in enrollment.objects.only("pk", "address").iterator():
        enrollment.objects.filter(pk=row.pk).update(address_domain=row.address.rpartition("@")[2])
    enrollment.objects.filter(state="unenrolled").update(reason_at=models.F("ended_at"))


class Migration(migrations.Migration):
    dependencies = [("records", "0002_reasons_to_stop")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
