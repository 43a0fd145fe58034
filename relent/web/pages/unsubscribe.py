"""Unsubscribing, for the recipients of mails: no sign-in, in their language."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import unsubscribing
from relent.web import access

# RFC 8058 section 3.1: the body of a one-click POST.
ONE_CLICK = ("List-Unsubscribe", "One-Click")


# Exempt from CSRF protection because a mail program posts here without any cookie (RFC 8058 section 3.2). The token in
# the address, which only the recipient has, is what authorizes.
@access.public
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Show whom the link would unsubscribe; only POST acts, for scanners open every link of a mail."""
    enrollment = unsubscribing.find(token)
    if enrollment is None:
        raise Http404
    if request.method != "POST":
        return render(request, "web/public/unsubscribe.html", {"address": enrollment.address})
    name, value = ONE_CLICK
    one_click = request.POST.get(name) == value
    unsubscribing.unsubscribe(enrollment, "one_click" if one_click else "link", clock.now())
    if one_click:
        return HttpResponse("", content_type="text/plain")
    return render(request, "web/public/unsubscribed.html", {"address": enrollment.address})
