"""A user leaves, loses the seat, comes back; and somebody takes over. For super admins only."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from relent import clock
from relent.flows import removing, taking_over
from relent.records import belongings
from relent.records.models import AccountSettings, User
from relent.web import access
from relent.web.forms.leaving import HandOverForm

WAYS = ("remove", "downgrade", "hand-over")


@access.super_admin_only
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: access.Request, pk: int, way: str) -> HttpResponse:
    """Say what the user has and who may take it over; on POST hand it over, and then remove or downgrade the user."""
    user = get_object_or_404(User, pk=pk)
    if way not in WAYS or (way == "remove" and user.removed_at) or (way == "downgrade" and not user.may_enroll):
        raise Http404
    form = HandOverForm(request.POST if request.method == "POST" else None, leaving=user)
    if request.method == "POST" and form.is_valid():
        try:
            _carry_out(user, way, form, request.user)
        except removing.LastSuperAdmin:
            form.add_error(None, gettext("Somebody must stay who may do everything: make another user a super admin."))
        except removing.CannotTakeOver:
            form.add_error(None, gettext("Whoever takes over must be able to use sequences, from a connected mailbox."))
        else:
            messages.success(request, _told(way) % {"name": user.name})
            return redirect("user", pk)
    context = {
        "edited": user,
        "way": way,
        "form": form,
        "has": belongings.of(user),
        "profile": AccountSettings.objects.at(clock.now()).profile,
        "days": removing.PATIENCE.days,
        "tab": "users",
    }
    return render(request, "web/account/leave.html", context, status=422 if form.errors else 200)


@access.super_admin_only
@require_POST
def reactivate(request: access.Request, pk: int) -> HttpResponse:
    """Undo a removal, or give the seat back; what was held for it goes on."""
    user = get_object_or_404(User, pk=pk)
    number = removing.reactivate(user, request.user, clock.now())
    messages.success(
        request,
        gettext("%(name)s is back; %(number)s enrollments go on.") % {"name": user.name, "number": number},
    )
    return redirect("user", pk)


def _carry_out(user: User, way: str, form: HandOverForm, by: User) -> None:
    now = clock.now()
    # First the new owners, so that nothing ends or is held that somebody has taken over.
    taking_over.hand_over(user, form.wish(), by, now)
    if way == "remove":
        removing.remove_user(user, by, now)
    elif way == "downgrade":
        removing.downgrade(user, by, now)


def _told(way: str) -> str:
    return {
        "remove": gettext("%(name)s was removed."),
        "downgrade": gettext("%(name)s may no longer use sequences."),
        "hand-over": gettext("Handed over."),
    }[way]
