"""The account: its profile, its users, and the audit log. For super admins only."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import auditing, pending, profiles, witness
from relent.records import belongings
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
    """Show which profile holds, every setting with both profiles' values and the account's own, and what was changed
    when; save the account's name and address."""
    now = clock.now()
    held = AccountSettings.objects.at(now)
    initial = {"company_name": held.company_name, "postal_address": held.postal_address}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        profiles.change(now, request.user, **form.cleaned_data)
        messages.success(request, gettext("Saved."))
        return redirect("account")
    return _settings(request, held, form)


def _settings(
    request: access.Request, held: AccountSettings, form: AccountForm, faults: dict[str, str] | None = None
) -> HttpResponse:
    japanese = (get_language() or "en").startswith("ja")
    values = profiles.held(clock.now())
    rows = [
        {
            "row": row,
            "meaning": row.meaning_ja if japanese else row.meaning,
            "now": values[row.name],
            "own": request.POST.get(row.name, str(held.overrides.get(row.name, ""))),
            "fault": (faults or {}).get(row.name, ""),
        }
        for row in profiles.table()
    ]
    context = {
        "form": form,
        "held": held,
        "rows": rows,
        "profiles": PROFILES,
        "history": profiles.history(),
        "classifier": words.classifier(witness.fault(), heard=witness.is_heard()),
        "classifier_fault": witness.fault() is not None,
        "tab": "account",
    }
    return render(request, "web/account/settings.html", context, status=422 if faults else 200)


@access.super_admin_only
@require_POST
def override(request: access.Request) -> HttpResponse:
    """Save the account's own values; an empty one takes the profile's again."""
    now = clock.now()
    held = AccountSettings.objects.at(now)
    own = {row.name: request.POST.get(row.name, "").strip() for row in profiles.table()}
    own = {name: value for name, value in own.items() if value}
    faults = {name: said for name, value in own.items() if (said := profiles.fault(name, value))}
    if faults:
        initial = {"company_name": held.company_name, "postal_address": held.postal_address}
        return _settings(request, held, AccountForm(initial=initial), faults)
    if own != held.overrides:
        profiles.choose(held.profile, own, request.user, now)
    messages.success(request, gettext("Saved. It decides what happens from now on."))
    return redirect("account")


@access.super_admin_only
@require_POST
def automation(request: access.Request) -> HttpResponse:
    """Switch the Automation tab of the sequences on or off for the whole account."""
    on = request.POST.get("automation") == "on"
    profiles.switch_automation(on, request.user, clock.now())
    messages.success(request, gettext("The Automation tab is on.") if on else gettext("The Automation tab is off."))
    return redirect("account")


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
    """Edit a user's name, address, role and team; or set a new password."""
    edited = get_object_or_404(User, pk=pk)
    form = UserForm(request.POST if "save" in request.POST else None, instance=edited, editor=request.user)
    password_form = NewPassword(request.POST if "set-password" in request.POST else None)
    if form.is_bound and form.is_valid():
        form.save()
        if "daily_limit" in form.changed_data:
            pending.limit_changed(edited, clock.now())
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
    context["has"] = belongings.of(edited)
    return render(request, "web/account/user.html", context)


@access.super_admin_only
def audit(request: access.Request) -> HttpResponse:
    """List what users changed, newest first."""
    entries = AuditEntry.objects.select_related("actor")
    page = paging.cut(entries, ("-at", "-id"), request.GET.get("after", ""))
    return render(request, "web/account/audit.html", {"page": page, "tab": "audit"})
