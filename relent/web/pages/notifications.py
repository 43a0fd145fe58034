"""What the user should know."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import notifying
from relent.records.models import Contact, Notification
from relent.web import access, paging


def index(request: access.Request) -> HttpResponse:
    """List the user's notifications, newest first; a contact whom they do not see any more is not named."""
    found = Notification.objects.filter(user=request.user).select_related("contact")
    page = paging.cut(found.prefetch_related("contact__addresses"), ("-id",), request.GET.get("after", ""))
    named = [row.contact_id for row in page.rows if row.contact_id]
    visible = set(Contact.objects.visible_to(request.user).filter(pk__in=named).values_list("pk", flat=True))
    rows = [(row, row.contact if row.contact_id in visible else None) for row in page.rows]
    unread = any(row.read_at is None for row in page.rows)
    return render(request, "web/notifications.html", {"page": page, "rows": rows, "unread": unread})


@require_POST
def read(request: access.Request) -> HttpResponse:
    """Note that the user has read all there is."""
    notifying.read_all(request.user, clock.now())
    return redirect("notifications")
