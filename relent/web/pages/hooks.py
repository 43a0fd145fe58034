"""Where schedulers report bookings. No sign-in: the signature of each report is what is believed."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import schedulers
from relent.flows.schedulers import Outcome
from relent.terms.meetings import SchedulerKind
from relent.web import access

_SIGNATURES = {
    SchedulerKind.CALCOM: "X-Cal-Signature-256",
    SchedulerKind.CALENDLY: "Calendly-Webhook-Signature",
}
_STATUS = {Outcome.TAKEN: 200, Outcome.NOT_OURS: 404, Outcome.REFUSED: 401, Outcome.UNREADABLE: 400}


# Exempt from CSRF protection because no browser posts here; the signature authorizes.
@access.public
@never_cache
@csrf_exempt
@require_POST
def report(request: HttpRequest, kind: str, token: str) -> HttpResponse:
    """Take a report, told by the bytes that were signed, and answer what came of it."""
    if kind not in set(SchedulerKind):
        return HttpResponse(status=404)
    signature = request.headers.get(_SIGNATURES[SchedulerKind(kind)], "")
    outcome = schedulers.receive(SchedulerKind(kind), token, signature, request.body, clock.now())
    return HttpResponse(f"{outcome}\n", content_type="text/plain", status=_STATUS[outcome])
