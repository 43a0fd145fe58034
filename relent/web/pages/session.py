"""Signing in and out."""

from django.contrib import auth, messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from relent.records.models import User
from relent.terms import addresses
from relent.web import access
from relent.web.forms.users import SignInForm

TRIES = 10
PAUSE_SECONDS = 600


@access.public
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for address and password; after ten wrong ones in ten minutes, ask to wait."""
    if request.user.is_authenticated:
        return redirect("home")
    if request.method == "GET" and not User.objects.exists():
        return redirect("welcome")
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = _known(request, form)
        if user:
            auth.login(request, user)
            return redirect(local_path(request, "home"))
    status = 200 if request.method == "GET" else 422
    next_path = request.POST.get("next", request.GET.get("next", ""))
    return render(request, "web/sign_in.html", {"form": form, "next": next_path}, status=status)


@require_POST
def sign_out(request: access.Request) -> HttpResponse:
    """End the session."""
    auth.logout(request)
    messages.success(request, gettext("You have signed out."))
    return redirect("sign-in")


def local_path(request: HttpRequest, otherwise: str) -> str:
    """Return the address in ``next`` where it is on this site, else the page ``otherwise``."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse(otherwise)


def _known(request: HttpRequest, form: SignInForm) -> User | None:
    email = addresses.canonical(form.cleaned_data["email"])
    # By address and visitor: nobody locks a user out from elsewhere, nor tries a thousand passwords from one place.
    counter = f"sign-in:{request.META.get('REMOTE_ADDR', '')}:{email}"
    if cache.get(counter, 0) >= TRIES:
        form.add_error(None, gettext("Too many wrong passwords. Wait ten minutes, then try again."))
        return None
    user = auth.authenticate(request, username=email, password=form.cleaned_data["password"])
    if isinstance(user, User):
        cache.delete(counter)
        return user
    cache.add(counter, 0, PAUSE_SECONDS)
    try:
        cache.incr(counter)
    except ValueError:  # its time ended in between
        cache.set(counter, 1, PAUSE_SECONDS)
    form.add_error(None, gettext("Address or password is wrong."))
    return None
