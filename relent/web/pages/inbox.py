"""Received mail: what was read in the mailboxes, what it was taken for, and what followed."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from relent.flows import overruling
from relent.records.models import Contact, Decision, InboundItem, User
from relent.records.models.inbound import InboundItemQuerySet
from relent.web import access, asking, attention, paging
from relent.web.pages import workflows

NEWEST = ("-received_at", "-id")
OWN_COPY = "own_copy_seen"
KINDS = ("person_wrote", "auto_replied", "bounced", "receipt_returned", "calendar_mailed", "list_mailed")


def index(request: access.Request) -> HttpResponse:
    """List received mail, newest first, by kind where one is chosen."""
    items = _items(request.user)
    kind = request.GET.get("kind", "")
    if kind == "malformed":
        items = items.malformed()
    elif kind in (*KINDS, OWN_COPY):
        items = items.filter(kind=kind)
    else:
        items = items.exclude(kind=OWN_COPY)
    page = paging.cut(items, NEWEST, request.GET.get("after", ""))
    context: dict[str, Any] = {
        "page": page,
        "kinds": (*KINDS, "malformed", OWN_COPY),
        "kind": kind,
        "malformed": _items(request.user).malformed().count(),
    }
    return render(request, "web/inbox/list.html", context)


def item(request: access.Request, pk: int) -> HttpResponse:
    """Show one mail: its text, what was wrong with it, and each decision it led to."""
    mail = get_object_or_404(_items(request.user).prefetch_related("overrules__by"), pk=pk)
    context = {
        "item": mail,
        "passages": asking.passages(mail),
        "started": workflows.started_by(request.user, mail),
        "who_wrote": overruling.as_judged(mail) is not None,
        "may_overrule": overruling.may_overrule(request.user, mail),
    }
    return render(request, "web/inbox/item.html", context)


def _items(user: User) -> InboundItemQuerySet:
    # A decision names a contact: it is shown to those who see the contact, even where the mailbox is shared.
    decisions = Decision.objects.filter(enrollment__contact__in=Contact.objects.visible_to(user)).select_related(
        "enrollment__contact", "enrollment__sequence"
    )
    return (
        InboundItem.objects.filter(mailbox__in=attention.mailboxes_of(user))
        .defer("raw", "headers")
        .select_related("mailbox")
        .prefetch_related(Prefetch("decisions", decisions.order_by("id")), "decisions__enrollment__contact__addresses")
    )
