"""The first run: from an empty install to a first mail, in five steps that may be left and taken up again."""

from typing import Any

from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import enrolling, sequences
from relent.records.models import Contact, Sequence, User
from relent.web import access, samples, setup
from relent.web.forms.contacts import ContactForm
from relent.web.forms.enrolling import EnrollForm
from relent.web.forms.mailboxes import SECRETS, MailboxForm
from relent.web.forms.sequences import RulesForm, StepForm
from relent.web.forms.welcome import FirstAccountForm
from relent.web.pages import mailboxes, steps

SKIPPED = "welcome_skipped"


@access.public
def start(request: HttpRequest) -> HttpResponse:
    """Go to the first step that is neither done nor skipped; after the last one, home."""
    if request.user.is_anonymous and User.objects.exists():
        return redirect("sign-in")
    behind = setup.done() | set(request.session.get(SKIPPED, []))
    for stage in setup.STAGES:
        if stage.page not in behind:
            return redirect(stage.page)
    return redirect("home")


@access.public
@sensitive_post_parameters("password")
def account(request: HttpRequest) -> HttpResponse:
    """Create the account and its super admin; only while there is no user at all."""
    if User.objects.exists():
        return redirect("welcome")
    zone = "Asia/Tokyo" if (get_language() or "").startswith("ja") else "UTC"
    form = FirstAccountForm(request.POST or None, initial={"time_zone": zone})
    if request.method == "POST" and form.is_valid():
        user = form.create(get_language() or "en", clock.now())
        auth.login(request, user)
        return redirect("welcome")
    return _page(request, "welcome-account", {"form": form})


@access.super_admin_only
@never_cache
@sensitive_post_parameters(*SECRETS)
def mailbox(request: access.Request) -> HttpResponse:
    """Connect the mailbox to send from."""
    _only_while_open()
    form = MailboxForm(request.POST or None, user=request.user, initial={"address": request.user.email})
    checks = None
    if request.method == "POST" and form.is_valid():
        checks = mailboxes.tried(form)
        works = "test" not in request.POST and all(check.ok for check in checks)
        if works and mailboxes.connected(request, form):
            return redirect("welcome")
    return _page(request, "welcome-mailbox", {"form": form, "checks": checks})


@access.super_admin_only
def sequence(request: access.Request) -> HttpResponse:
    """Create a sequence from a sample."""
    _only_while_open()
    language = get_language() or "en"
    sample = samples.chosen(request.POST.get("sample", ""), language)
    if request.method == "POST" and sample:
        create_from(sample, request.user)
        return redirect("welcome")
    return _page(request, "welcome-sequence", {"samples": samples.offered(language)})


@access.super_admin_only
def contact(request: access.Request) -> HttpResponse:
    """Create the first contact."""
    _only_while_open()
    form = ContactForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save(clock.now())
        return redirect("welcome")
    return _page(request, "welcome-contact", {"form": form})


@access.super_admin_only
def enroll(request: access.Request) -> HttpResponse:
    """Show the dates of each step, and enroll the first contact."""
    _only_while_open()
    form = EnrollForm(_first_enrollment() if request.method != "POST" else request.POST, user=request.user)
    preview = None
    if form.is_valid():
        if request.method == "POST":
            try:
                enrollment = enrolling.enroll(form.request(), clock.now())
            except enrolling.EnrollmentRefused:
                enrollment = None  # the preview below says why, and what to do
            if enrollment:
                setup.finish(request.user, clock.now())
                return redirect("contact", enrollment.contact_id)
        preview = enrolling.preview(form.request(), clock.now())
    return _page(request, "welcome-enroll", {"form": form, "preview": preview})


@access.super_admin_only
@require_POST
def skip(request: access.Request) -> HttpResponse:
    """Leave one step out, or (``all``) the rest of the wizard."""
    if request.POST.get("page") == "all":
        setup.finish(request.user, clock.now())
        return redirect("home")
    request.session[SKIPPED] = sorted({*request.session.get(SKIPPED, []), request.POST.get("page", "")})
    return redirect("welcome")


@transaction.atomic
def create_from(sample: samples.Sample, user: User) -> Sequence:
    """Store a sample as a sequence of the user's."""
    now = clock.now()
    forms = [StepForm(_posted(step), prefix="s", position=position) for position, step in enumerate(sample.steps, 1)]
    rules = RulesForm({**steps.DEFAULTS, "name": sample.name}, initial=steps.DEFAULTS)
    for form in (rules, *forms):
        if not form.is_valid():
            raise ValueError(f"The sample {sample.key} cannot be saved: {form.errors}")
    made = Sequence.objects.create(name=sample.name, owner=user, created_at=now)
    sequences.save_version(made, rules.rules(None), [form.draft() for form in forms], user, now)
    return made


def _posted(step: dict[str, Any]) -> dict[str, Any]:
    return {f"s-{name}": "on" if value is True else value for name, value in step.items() if value is not False}


def _only_while_open() -> None:
    if setup.is_finished():
        raise PermissionDenied


def _first_enrollment() -> dict[str, Any]:
    contact = Contact.objects.present().prefetch_related("addresses").order_by("pk").first()
    sequence = Sequence.objects.present().order_by("pk").first()
    return {
        "who": contact.email if contact else "",
        "sequence": sequence.pk if sequence else "",
        "start_step": 1,
        "request_id": "welcome",
    }


def _page(request: HttpRequest, page: str, context: dict[str, Any]) -> HttpResponse:
    names = [stage.page for stage in setup.STAGES]
    stages = [(stage, number < names.index(page)) for number, stage in enumerate(setup.STAGES)]
    status = 422 if request.method == "POST" and getattr(context.get("form"), "errors", None) else 200
    return render(
        request,
        f"web/welcome/{page.removeprefix('welcome-')}.html",
        {**context, "stages": stages, "page": page},
        status=status,
    )
