"""Where forms and other systems post events. The token in the address is what authorizes."""

import json

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import events
from relent.web import access

_MOST_BYTES = 65_536


# Exempt from CSRF protection because no browser session is used here: other systems post, and have the token.
@access.public
@never_cache
@csrf_exempt
@require_POST
def receive(request: HttpRequest, token: str) -> JsonResponse:
    """Take one event as JSON: 202 with the number of runs queued, 400, 404 or 413 with an error code."""
    try:
        workflow = events.workflow_of(token)
    except events.UnknownToken:
        return _refused(404, "unknown_address")
    try:
        if len(request.body) > _MOST_BYTES:
            return _refused(413, "too_large")
        told = events.read(json.loads(request.body))
        queued = events.receive(workflow, told, clock.now())
    except RequestDataTooBig:
        return _refused(413, "too_large")
    except events.BadEvent as bad:
        return _refused(400, "bad_event", str(bad))
    except (ValueError, RecursionError):
        return _refused(400, "bad_json")
    except events.UnknownContact:
        return _refused(404, "unknown_contact")
    return JsonResponse({"queued": queued}, status=202)


def _refused(status: int, code: str, message: str = "") -> JsonResponse:
    return JsonResponse({"error": code, **({"message": message} if message else {})}, status=status)
