"""Reports of bookings, in the form in which Cal.com (2021-10-20) and Calendly (2) send them."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

SECRET = "a-secret-of-the-scheduler"


def calcom(trigger: str = "BOOKING_CREATED", **payload: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "uid": "bk-1",
        "bookingId": 91,
        "type": "intro",
        "title": "Intro between Eli and Ann",
        "startTime": "2026-03-05T10:00:00Z",
        "endTime": "2026-03-05T10:30:00Z",
        "status": "ACCEPTED",
        "bookerUrl": "https://cal.com",
        "location": "https://video.example/x",
        "organizer": {"email": "Eli@us.example", "username": "eli", "name": "Eli Moss", "timeZone": "UTC"},
        "attendees": [{"email": "Ann@Acme.example", "name": "Ann Archer", "timeZone": "Europe/Berlin"}],
        "metadata": {},
    }
    return {"triggerEvent": trigger, "createdAt": "2026-03-02T09:00:00Z", "payload": {**body, **payload}}


def calendly(event: str = "invitee.created", **payload: Any) -> dict[str, Any]:
    body: dict[str, Any] = {
        "uri": "https://api.calendly.com/scheduled_events/E1/invitees/I1",
        "email": "ann@acme.example",
        "name": "Ann Archer",
        "status": "active",
        "rescheduled": False,
        "created_at": "2026-03-02T09:00:00.000000Z",
        "tracking": {"utm_source": "mail", "utm_content": None},
        "scheduled_event": {
            "uri": "https://api.calendly.com/scheduled_events/E1",
            "name": "30 Minute Meeting",
            "start_time": "2026-03-05T10:00:00.000000Z",
            "end_time": "2026-03-05T10:30:00.000000Z",
            "event_memberships": [{"user": "https://api.calendly.com/users/U", "user_email": "eli@us.example"}],
            "event_guests": [{"email": "bob@acme.example"}],
            "location": {"type": "custom", "location": "By telephone"},
        },
    }
    return {"event": event, "created_at": "2026-03-02T09:00:01.000000Z", "payload": {**body, **payload}}


def raw(report: object) -> bytes:
    return json.dumps(report).encode()


def signed_by_calcom(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed_by_calendly(body: bytes, at: datetime, secret: str = SECRET) -> str:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={digest}"
