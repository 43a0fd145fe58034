"""Overruling what a mail was taken for, and the list of what was overruled."""

from datetime import timedelta

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import labels, overruling
from relent.records.models import InboundItem, Overrule
from relent.records.models.inbound import InboundItemQuerySet
from relent.terms.reviews import Wrote
from relent.web import access, attention, paging, words

NEWEST = ("-at", "-id")
COUNTED = timedelta(days=90)
_LARGE, _KEPT = 10_000, "mails-judged-lately"


def index(request: access.Request) -> HttpResponse:
    """List what was overruled, newest first, and how much of everything that was judged it is."""
    access.require_team(request.user)
    rows = Overrule.objects.select_related("item", "by").defer("item__raw", "item__headers", "item__text")
    page = paging.cut(rows, NEWEST, request.GET.get("after", ""))
    return render(request, "web/attention/overruled.html", {"page": page, "counted": counted()})


def counted() -> dict[str, int]:
    """Return how many mails of the last 90 days were judged, and how many of these judgements were overruled."""
    since = clock.now() - COUNTED
    came = InboundItem.objects.filter(received_at__gte=since)
    said = Overrule.objects.filter(at__gte=since).values("item")  # a word on a mail comes after it
    return {"judged": _judged(came), "overruled": came.filter(pk__in=said).overruled().count()}


def _judged(came: InboundItemQuerySet) -> int:
    """A large number is counted anew every ten minutes only: nobody reads its last figures."""
    kept: int | None = cache.get(_KEPT)
    if kept is not None:
        return kept
    judged = came.judged().count()
    if judged >= _LARGE:
        cache.set(_KEPT, judged, timeout=600)
    return judged


@require_POST
def overrule(request: access.Request, pk: int) -> HttpResponse:
    """Let a mail count as what the user says, and say what followed."""
    item = get_object_or_404(InboundItem.objects.defer("raw", "headers").select_related("mailbox__user"), pk=pk)
    said = request.POST.get("said", "")
    if not overruling.may_overrule(request.user, item) or said not in set(Wrote):
        raise Http404
    try:
        row = overruling.overrule(item.pk, Wrote(said), request.user, clock.now(), request.POST.get("note", "")[:300])
        messages.success(request, words.overruled(row))
    except overruling.SaidAlready:
        messages.info(request, gettext("Somebody has said so already."))
    except overruling.CannotOverrule:
        messages.error(request, gettext("Too little is kept of this mail to decide it anew."))
    return _back(request, item)


def _back(request: access.Request, item: InboundItem) -> HttpResponse:
    contact = request.POST.get("contact", "")
    if contact.isdecimal():
        return redirect("contact", int(contact))
    seen = attention.mailboxes_of(request.user).filter(pk=item.mailbox_id).exists()
    return redirect("inbox-item", item.pk) if seen else redirect("attention")


@require_POST
def export(request: access.Request) -> FileResponse:
    """Return what people said of mails, with the mails, as labels by which the rules can be measured."""
    if not request.user.is_super_admin:
        raise PermissionDenied
    return FileResponse(labels.archive(request.user, clock.now()), as_attachment=True, filename="overruled.zip")
