"""The account: its profile, its users, and the audit log. For super admins only."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from relent import clock
from relent.flows import auditing, profiles
from relent.records.models import AccountSettings, AuditEntry, User
from relent.web import access, paging, words
from relent.web.forms.users import NewPassword, NewUserForm, UserForm

PROFILES = ("safe", "hubspot-strict")


class AccountForm(forms.Form):
    """What the account is called, and where its mail comes from."""

    company_name = forms.CharField(label=_("Company name"), max_length=200, required=False)
    postal_address = forms.CharField(
        label=_("Postal address"), max_length=300, required=False, help_text=_("Many laws ask for it in sales mails.")
    )


@access.super_admin_only
def show(request: access.Request) -> HttpResponse:
    """Show which profile holds and in what the two differ; save the account's name and address."""
    now = clock.now()
    held = AccountSettings.objects.at(now)
    initial = {"company_name": held.company_name, "postal_address": held.postal_address}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        # Settings are a history: a decision applies those that held at the time, so each save is a new row.
        AccountSettings.objects.create(
            since=now, profile=held.profile, overrides=held.overrides, changed_by=request.user, **form.cleaned_data
        )
        auditing.note(request.user, "account.changed", "account", now, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("account")
    japanese = (get_language() or "en").startswith("ja")
    rows = [(row, row.meaning_ja if japanese else row.meaning) for row in profiles.table()]
    context = {"form": form, "held": held, "rows": rows, "profiles": PROFILES, "tab": "account"}
    return render(request, "web/account/settings.html", context)


@access.super_admin_only
def profile(request: access.Request) -> HttpResponse:
    """Ask for confirmation; on POST, let the other profile hold from now on."""
    wanted = request.POST.get("profile", request.GET.get("profile", ""))
    if wanted not in PROFILES:
        return redirect("account")
    if request.method != "POST":
        return render(request, "web/account/profile.html", {"wanted": wanted})
    held = AccountSettings.objects.at(clock.now())
    profiles.choose(wanted, held.overrides, request.user, clock.now())
    messages.success(request, gettext("From now on “%(profile)s” decides.") % {"profile": words.label(wanted)})
    return redirect("account")


@access.super_admin_only
def users(request: access.Request) -> HttpResponse:
    """List the users."""
    found = User.objects.order_by("-is_active", "name", "id")
    return render(request, "web/account/users.html", {"users": found, "tab": "users"})


@access.super_admin_only
@sensitive_post_parameters("password")
def new_user(request: access.Request) -> HttpResponse:
    """Create a user with a first password."""
    initial = {"time_zone": request.user.time_zone, "may_enroll": True}
    form = NewUserForm(request.POST or None, editor=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        user = form.create(clock.now())
        auditing.note(request.user, "user.created", f"user:{user.pk}", clock.now(), email=user.email, role=user.role)
        messages.success(request, gettext("%(name)s can sign in now.") % {"name": user.name})
        return redirect("users")
    return render(request, "web/account/user.html", {"form": form, "tab": "users"})


@access.super_admin_only
@sensitive_post_parameters("password")
def user(request: access.Request, pk: int) -> HttpResponse:
    """Edit a user: name, role, seat, whether they may sign in; or set a new password."""
    edited = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST if "save" in request.POST else None, instance=edited, editor=request.user)
    password_form = NewPassword(request.POST if "set-password" in request.POST else None)
    if form.is_bound and form.is_valid():
        form.save()
        auditing.note(
            request.user, "user.changed", f"user:{pk}", clock.now(), fields=sorted(form.changed_data), role=edited.role
        )
        messages.success(request, gettext("Saved."))
        return redirect("users")
    if password_form.is_bound and password_form.is_valid():
        edited.set_password(password_form.cleaned_data["password"])
        edited.save(update_fields=["password"])
        auditing.note(request.user, "user.password_set", f"user:{pk}", clock.now())
        messages.success(request, gettext("The new password holds from now on."))
        return redirect("users")
    context = {"form": form, "password_form": password_form, "edited": edited, "tab": "users"}
    return render(request, "web/account/user.html", context)


@access.super_admin_only
def audit(request: access.Request) -> HttpResponse:
    """List what users changed, newest first."""
    entries = AuditEntry.objects.select_related("actor")
    page = paging.cut(entries, ("-at", "-id"), request.GET.get("after", ""))
    return render(request, "web/account/audit.html", {"page": page, "tab": "audit"})
