"""Needs you: what no machine can decide, and the answers to it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import overruling, reviewing
from relent.records.models import Overrule, ReviewItem
from relent.records.models.review import ReviewItemQuerySet
from relent.terms.reviews import ReviewAnswer, ReviewKind
from relent.web import access, asking, attention, paging, words
from relent.web.pages import overrules

NEWEST = ("-opened_at", "-id")
PAGE = 25


def index(request: access.Request) -> HttpResponse:
    """List the questions that the user may answer, held enrollments besides, and mailboxes that cannot be read."""
    found = _with_rows(attention.questions(request.user))
    waiting = set(attention.questions(request.user).order_by().values_list("kind", flat=True).distinct())
    kind, whose = request.GET.get("kind", ""), request.GET.get("whose", "")
    if kind in set(ReviewKind):
        found = found.filter(kind=kind)
    if whose == "mine":
        found = found.of(request.user)
    page = paging.cut(found, NEWEST, request.GET.get("after", ""), PAGE)
    context: dict[str, Any] = {
        "page": page,
        "asked": asking.cards(page.rows, request.user),
        "kinds": [(one.value, words.about(one)) for one in ReviewKind if one in waiting or one == kind],
        "kind": kind,
        "whose": whose,
    }
    if not (kind or request.GET.get("after")):
        context["held"] = [
            (row, row.reason in reviewing.RELEASED_BY_HAND) for row in attention.held_enrollments(request.user)[:100]
        ]
        context["silent"] = attention.silent_mailboxes(request.user)
        if access.sees_whole_team(request.user):
            context["counted"] = overrules.counted()
    return render(request, "web/attention.html", context)


class AnswerForm(forms.Form):
    """An answer, and what some answers need besides."""

    answer = forms.ChoiceField(choices=ReviewAnswer.choices)
    address = forms.EmailField(max_length=320, required=False)
    name = forms.CharField(max_length=200, required=False)
    returns_on = forms.DateField(required=False)


@require_POST
def answer(request: access.Request, pk: int) -> HttpResponse:
    """Carry out what the user answers; a question that was answered meanwhile says so."""
    item = get_object_or_404(_with_rows(ReviewItem.objects.answerable_by(request.user)), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _again(request, item, gettext("Fill in what is missing: a mail address, or a day still to come."))
    given = {name: value for name, value in form.cleaned_data.items() if name != "answer" and value}
    now = clock.now()
    try:
        reviewing.answer(item.pk, ReviewAnswer(form.cleaned_data["answer"]), request.user, now, **given)
    except overruling.CannotOverrule:
        return _again(request, item, gettext("Too little is kept of this mail to decide it anew."))
    except reviewing.NoSuchAnswer:
        return _done(request, item, gettext("Somebody has answered this already."))
    except reviewing.BadAnswer:
        return _again(
            request,
            item,
            gettext("That cannot be used: it must be a mail address that no contact has, or a day still to come."),
        )
    overrule = Overrule.objects.filter(item=item.item_id, at=now).last()
    return _done(request, item, words.overruled(overrule) if overrule else gettext("Answered. Thank you."))


@require_POST
def release(request: access.Request, pk: int) -> HttpResponse:
    """Let a held enrollment go on about which nothing is asked."""
    enrollment = get_object_or_404(attention.held_enrollments(request.user), pk=pk)
    if reviewing.let_go_on(enrollment.pk, request.user, clock.now()):
        said = gettext("The sequence goes on for %(name)s.") % {"name": enrollment.contact.name}
        messages.success(request, said)
    else:
        messages.warning(request, gettext("It waits for something else, and goes on by itself then."))
    return redirect("attention")


def _with_rows(items: ReviewItemQuerySet) -> ReviewItemQuerySet:
    rows = items.select_related(
        "contact",
        "enrollment__sequence",
        "enrollment__mailbox",
        "sequence",
        "mailbox",
        "item__mailbox",
        "meeting",
        "decision",
    )
    return rows.defer("item__raw", "item__headers").prefetch_related("contact__addresses")


def _again(request: access.Request, item: ReviewItem, error: str) -> HttpResponse:
    if not request.htmx:
        messages.error(request, error)
        return redirect("attention")
    seen = item.item is not None and attention.mailboxes_of(request.user).filter(pk=item.item.mailbox_id).exists()
    one = asking.card(item, request.user, may_read=seen, error=error)
    return render(request, "web/attention/item.html", {"one": one})


def _done(request: access.Request, item: ReviewItem, said: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, said)
        return redirect("attention")
    context = {"item": item, "said": said, "question": ReviewKind(item.kind).say(get_language() or "en")}
    return render(request, "web/attention/answered.html", context)
