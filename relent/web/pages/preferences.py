"""Language, colors and the user's own profile."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent.records.models import User
from relent.web import access, context
from relent.web.forms.users import ChangePasswordForm, ProfileForm
from relent.web.pages import session

YEAR = 365 * 24 * 3600


@access.public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie, and on the user's account."""
    answer = redirect(session.local_path(request, "home"))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=chosen)
    return answer


@access.public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remember light or dark in a cookie; nothing follows the system."""
    answer = redirect(session.local_path(request, "home"))
    chosen = request.POST.get("theme", "")
    if chosen in context.THEMES:
        answer.set_cookie(
            context.THEME_COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        answer.delete_cookie(context.THEME_COOKIE)
    return answer


def profile(request: access.Request) -> HttpResponse:
    """Edit the own name, time zone and language."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, gettext("Saved."))
        answer = redirect("profile")
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return answer
    return render(request, "web/profile.html", {"form": form, "password_form": ChangePasswordForm(user=request.user)})


@require_POST
def password(request: access.Request) -> HttpResponse:
    """Change the own password; other sessions of the user end."""
    form = ChangePasswordForm(request.POST, user=request.user)
    if form.is_valid():
        request.user.set_password(form.cleaned_data["password"])
        request.user.save(update_fields=["password"])
        update_session_auth_hash(request, request.user)
        messages.success(request, gettext("Your password was changed."))
        return redirect("profile")
    context = {"form": ProfileForm(instance=request.user), "password_form": form}
    return render(request, "web/profile.html", context, status=422)
