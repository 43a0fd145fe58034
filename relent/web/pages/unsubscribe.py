"""Unsubscribing, for the recipients of mails: no sign-in, in their language."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from relent import clock
from relent.flows import unsubscribing
from relent.records.models import ERASED, Enrollment
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
    """Show whom the link would unsubscribe, and from what they are already; only POST acts, for scanners open every
    link of a mail. ``what=all`` is all mail, ``what=again`` takes it back."""
    enrollment = unsubscribing.find(token)
    if enrollment is None:
        raise Http404
    if request.method != "POST":
        return _page(request, enrollment, said="")
    name, value = ONE_CLICK
    if request.POST.get(name) == value:
        unsubscribing.unsubscribe(enrollment, "one_click", clock.now())
        return HttpResponse("", content_type="text/plain")
    what = request.POST.get("what", "")
    if what == "again":
        unsubscribing.resubscribe(enrollment, clock.now())
    else:
        unsubscribing.unsubscribe(enrollment, "link", clock.now(), everything=what == "all")
    return _page(request, enrollment, said="again" if what == "again" else "out")


def _page(request: HttpRequest, enrollment: Enrollment, said: str) -> HttpResponse:
    """One page for every state, so that a second look shows what the first press did."""
    out_of = unsubscribing.opted_out_of(enrollment)
    context = {
        "address": "" if enrollment.address.startswith(ERASED) else enrollment.address,
        "sender": enrollment.mailbox.address,
        "out_of": out_of.value if out_of is not None else "",
        "said": said,
    }
    return render(request, "web/public/unsubscribe.html", context)
