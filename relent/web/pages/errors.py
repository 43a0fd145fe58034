"""Error pages that say what to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext


def _page(request: HttpRequest, status: int, heading: str, advice: str) -> HttpResponse:
    return render(request, "web/error.html", {"status": status, "heading": heading, "advice": advice}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    advice = gettext("The address or the form was not complete. Go back, reload the page and try again.")
    return _page(request, 400, gettext("This request cannot be read"), advice)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    advice = gettext("Your role does not allow this. Ask a super admin of your account for it.")
    return _page(request, 403, gettext("You may not do this"), advice)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    advice = gettext("It may have been deleted, or it belongs to somebody who has not shared it with you.")
    return _page(request, 404, gettext("There is nothing at this address"), advice)


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    advice = gettext(
        "The fault is ours; it was written to the log of the server. Nothing is sent because of it. "
        "Try again in a minute."
    )
    return _page(request, 500, gettext("Something went wrong here"), advice)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose protection did not match, e.g. one left open since before the last sign-in."""
    advice = gettext("The page was open for too long, or cookies are off. Go back, reload the page and send it again.")
    return _page(request, 403, gettext("This form is out of date"), advice)
