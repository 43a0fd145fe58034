"""The guided page: on the left what Relent does, on the right the contact's inbox, with buttons to press."""

import hashlib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import auth, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from relent import clock
from relent.flows import enrolling, unenrolling
from relent.playground import demo_time, entrance, environment, maildirs, people, sample, scene, view, world
from relent.playground.people import Writer
from relent.playground.sample import Person
from relent.records import models
from relent.terms import reasons
from relent.web import access

P = ParamSpec("P")
View = Callable[Concatenate[access.Request, P], HttpResponse]

WRITERS: dict[str, tuple[Any, Writer]] = {
    "reply": (_("Reply"), people.reply),
    "elsewhere": (_("Reply from another address"), people.reply_from_elsewhere),
    "colleague": (_("Let a colleague reply"), people.colleague_replies),
    "ooo-gmail": (_("Out of office (Gmail)"), people.out_of_office_gmail),
    "ooo-exchange": (_("Out of office (Exchange)"), people.out_of_office_exchange),
    "ooo-japanese": (_("Out of office (Japanese)"), people.out_of_office_japanese),
    "bounce": (_("Bounce"), people.bounce),
}


def only_in_a_playground(page: View[P]) -> View[P]:
    """Let the page exist only where a playground runs."""

    @wraps(page)
    def guarded(request: access.Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.PLAYGROUND_DIR:
            raise Http404
        return page(request, *args, **kwargs)

    return guarded


@access.public
@never_cache
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign the newcomer in, once."""
    if not settings.PLAYGROUND_DIR or not scene.is_set():
        raise Http404
    if not entrance.admits(token, request.META.get("REMOTE_ADDR", "")):
        if not request.user.is_authenticated:
            messages.warning(request, gettext("This link has been used. Sign in with the password that was printed."))
        return redirect("playground:show")
    auth.login(request, scene.rep(), backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("playground:show")


@only_in_a_playground
@require_GET
def show(request: access.Request) -> HttpResponse:
    """Show the page."""
    return render(request, "playground/show.html", {"live": _live(request), "clock": _clock()})


@only_in_a_playground
@never_cache
@require_GET
def live(request: access.Request) -> HttpResponse:
    """Return the part that changes, or 204 where it shows all there is: a swap would disturb who reads or clicks."""
    part = _live(request)
    return HttpResponse(status=204) if request.GET.get("seen") == part["stamp"] else HttpResponse(part["html"])


@only_in_a_playground
@never_cache
@require_GET
def show_clock(request: access.Request) -> HttpResponse:
    """Return the demo's time."""
    return render(request, "playground/clock.html", {"clock": _clock()})


@only_in_a_playground
@require_POST
def enroll(request: access.Request) -> HttpResponse:
    """Enroll the chosen contact in the sequence of their language."""
    person = _person(request)
    contact = view.contact_of(person)
    name = sample.JAPANESE_NAME if person.language == "ja" else sample.ENGLISH_NAME
    sequence = models.Sequence.objects.present().filter(name=name).first()
    if contact is None or sequence is None:
        return _told(request, gettext("The sample was deleted. Put everything back to go on."))
    try:
        enrolling.enroll(enrolling.EnrollRequest(contact=contact, sequence=sequence, by=request.user), clock.now())
    except enrolling.EnrollmentRefused as refusal:
        return _told(request, f"{reasons.sentence(refusal.code, get_language() or 'en')} {refusal.detail}")
    return _told(request)


@only_in_a_playground
@require_POST
def unenroll(request: access.Request) -> HttpResponse:
    """Unenroll the chosen contact, as the button on the record does."""
    contact = view.contact_of(_person(request))
    running = models.Enrollment.objects.open().filter(contact=contact).order_by("-pk").first()
    if running is not None:
        unenrolling.by_hand(running.pk, request.user, clock.now())
    return _told(request)


@only_in_a_playground
@require_POST
def act(request: access.Request) -> HttpResponse:
    """Let the world do something about the newest mail in the chosen contact's inbox."""
    person, action = _person(request), request.POST.get("action", "")
    inbox = maildirs.mails(person.address)
    if not inbox:
        return _told(request, gettext("There is no mail to answer yet."))
    if action == "unsubscribe":
        return _unsubscribe(request, inbox[0])
    if action not in WRITERS:
        raise Http404
    letter = WRITERS[action][1](person, inbox[0], clock.now())
    world.hand_in(environment.smtp_port(_folder()), letter.sender, letter.recipient, letter.raw)
    return _told(request)


@only_in_a_playground
@require_POST
def ahead(request: access.Request) -> HttpResponse:
    """Move the clock to the next step of anybody, or a day where nothing lies ahead."""
    now = clock.now()
    demo_time.move_to(demo_time.next_step(now) or now + demo_time.A_DAY)
    scene.request_turns()
    return _told(request)


@only_in_a_playground
@require_POST
def put_back(request: access.Request) -> HttpResponse:
    """Put everything back to where the demo began, and stay signed in."""
    user = scene.put_back()
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    scene.request_turns()
    return redirect("playground:show")


def _unsubscribe(request: access.Request, mail: maildirs.Received) -> HttpResponse:
    if not mail.link:
        return _told(request, gettext("The newest mail has no unsubscribe link."))
    status = world.one_click(mail.link)
    return _told(request, "" if status == 200 else gettext("The link answered %(status)s.") % {"status": status})


def _told(request: access.Request, trouble: str = "") -> HttpResponse:
    """Answer a press of a button: the changed part, with what went wrong if anything; the whole page without htmx."""
    if request.htmx:
        return HttpResponse(_live(request, trouble)["html"])
    if trouble:
        messages.warning(request, trouble)
    return redirect(f"{reverse('playground:show')}?who={_who(request)}")


def _live(request: access.Request, trouble: str = "") -> dict[str, str]:
    """Render the part that changes. Its stamp covers what is shown, without the token, which differs each time, and
    without ``trouble``, which is to stay until something changes."""
    sides = view.sides()
    side = next((one for one in sides if one.person.address == _who(request)), sides[0] if sides else None)
    token = get_token(request)
    context: dict[str, Any] = {
        "sides": sides,
        "chosen": view.chosen(side) if side else None,
        "tour": view.tour(),
        "writers": [(code, entry[0]) for code, entry in WRITERS.items()],
        "mailbox": models.Mailbox.objects.filter(address=sample.REP_ADDRESS).first(),
        "next_step": demo_time.next_step(clock.now()),
    }
    shown = render_to_string("playground/parts.html", context, request)
    stamp = hashlib.sha256(shown.encode()).hexdigest()[:16]
    own = {"token": token, "stamp": stamp, "trouble": trouble}
    html = render_to_string("playground/live.html", {**context, **own}, request)
    return {"stamp": stamp, "html": html}


def _clock() -> dict[str, Any]:
    return {"now": timezone.localtime(clock.now()), "ahead": clock.offset()}


def _who(request: access.Request) -> str:
    return str(request.POST.get("who") or request.GET.get("who") or sample.PEOPLE[0].address)


def _person(request: access.Request) -> Person:
    person = sample.person(_who(request))
    if person is None:
        raise Http404
    return person


def _folder() -> Path:
    return Path(settings.PLAYGROUND_DIR)
