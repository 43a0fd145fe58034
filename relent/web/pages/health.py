"""Whether this install answers."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from relent.web import access


@access.public
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database does, else 503. Says nothing else: the address is public."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable"}, status=503)
    return JsonResponse({"status": "ok"})
