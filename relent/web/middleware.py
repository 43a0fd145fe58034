"""What every request is given: a closed door by default, and the user's own language and time zone."""

import zoneinfo
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from relent.web import access


class PersonalMiddleware:
    """Asks for a sign-in on every page that is not public, and speaks to the user in their language and time zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request in the user's language and time zone."""
        personal = cast(access.Request, request)
        with timezone.override(_zone(personal)):
            # The switch sets a cookie, and that wins; a browser without it gets the language the user last chose.
            language: str = getattr(personal.user, "language", "")
            if language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
                translation.activate(language)
                personal.LANGUAGE_CODE = language
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Send a visitor who has not signed in to the sign-in page, unless the page is public."""
        if request.user.is_authenticated or not getattr(view, "login_required", True):
            return None
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(reverse("sign-in"))
        return redirect_to_login(request.get_full_path(), reverse("sign-in"))


def _zone(request: access.Request) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(getattr(request.user, "time_zone", "") or "UTC")
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
