"""A sequence is deleted, or another user takes it over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import permissions, removing
from relent.flows import sequences as flow
from relent.records.models import Sequence, User
from relent.web import access
from relent.web.pages import sequences


class TransferForm(forms.Form):
    """Who owns the sequence from now on."""

    to = forms.ModelChoiceField(label=_("New owner"), queryset=User.objects.none())

    def __init__(self, *args: Any, sequence: Sequence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        seated = User.objects.filter(is_active=True, removed_at=None, may_enroll=True, seat_lost_at=None)
        self.fields["to"].queryset = seated.exclude(pk=sequence.owner_id or 0).order_by("name")  # type: ignore[attr-defined]  # a ModelChoiceField


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: access.Request, pk: int) -> HttpResponse:
    """Ask for confirmation, with the number of those who are still enrolled; on POST, delete the sequence."""
    sequence = _changeable(request, pk)
    context: dict[str, Any] = {"sequence": sequence, "active": sequence.enrollments.open().count()}
    if request.method != "POST":
        return render(request, "web/sequences/delete.html", context)
    try:
        ended = flow.delete(sequence, request.user, clock.now(), override="override" in request.POST)
    except flow.ActiveEnrollments as refused:
        context |= {"active": refused.count, "missing": True}
        return render(request, "web/sequences/delete.html", context, status=422)
    text = ngettext(
        "“%(name)s” was deleted; %(number)s enrollment ended.",
        "“%(name)s” was deleted; %(number)s enrollments ended.",
        ended,
    )
    messages.success(request, text % {"name": sequence.name, "number": ended})
    return redirect("sequences")


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: access.Request, pk: int) -> HttpResponse:
    """Ask who takes the sequence over; on POST, let them own it."""
    sequence = _changeable(request, pk)
    form = TransferForm(request.POST if request.method == "POST" else None, sequence=sequence)
    if request.method == "POST" and form.is_valid():
        try:
            flow.transfer(sequence, form.cleaned_data["to"], request.user, clock.now())
        except removing.CannotTakeOver:
            form.add_error("to", gettext("This user may not use sequences."))
        else:
            messages.success(
                request,
                gettext("“%(name)s” belongs to %(user)s now.") % {"name": sequence.name, "user": sequence.owner},
            )
            return redirect("sequence", pk) if _still_sees(request.user, sequence) else redirect("sequences")
    held = sequence.enrollments.open().filter(state="held", reason="creator_removed_hold").count()
    context = {"sequence": sequence, "form": form, "held": held}
    return render(request, "web/sequences/transfer.html", context, status=422 if form.errors else 200)


def _changeable(request: access.Request, pk: int) -> Sequence:
    sequence = sequences.visible(request.user, pk)
    if not permissions.may_edit(request.user, sequence):
        raise PermissionDenied
    return sequence


def _still_sees(user: User, sequence: Sequence) -> bool:
    return Sequence.objects.visible_to(user).filter(pk=sequence.pk).exists()
