"""What is kept of a received mail, for how long, and what an erasure leaves of it."""

from pytest_django import Settings

from relent.flows import deleting, overruling, understanding, upkeep
from relent.records import models
from relent.terms.events import PersonWrote
from relent.terms.reviews import Wrote
from tests.cast import Cast, super_admin


def old_reply(cast: Cast) -> models.InboundItem:
    """A reply of Ann's whose original the upkeep has dropped."""
    cast.deliver(cast.answer(cast.enrolled()))
    cast.turn()
    upkeep.run(cast.clock.ahead(days=100))
    return models.InboundItem.objects.get(kind="person_wrote")


def test_of_an_old_mail_headers_and_text_stay(cast: Cast) -> None:
    item = old_reply(cast)
    assert (item.raw, item.text) == (None, "Sounds good, call me.\n")
    assert b"From: ann@acme.example" in (item.headers or b"")


def test_by_them_it_is_judged_as_before(cast: Cast) -> None:
    assert isinstance(understanding.again(old_reply(cast)), PersonWrote)


def test_a_young_mail_is_kept_as_it_came(cast: Cast) -> None:
    cast.deliver(cast.write())
    cast.turn()
    upkeep.run(cast.clock.ahead(days=80))
    item = models.InboundItem.objects.get()
    assert item.raw is not None
    assert item.headers is None


def test_of_our_own_mail_nothing_stays(cast: Cast) -> None:
    cast.deliver(cast.write("dana@us.example"))
    cast.turn()
    upkeep.run(cast.clock.ahead(days=100))
    item = models.InboundItem.objects.get(kind="own_copy_seen")
    assert (item.raw, item.headers, item.text) == (None, None, "")


def test_an_account_may_keep_headers_and_text_for_a_time_only(cast: Cast, settings: Settings) -> None:
    settings.KEEP_HEADERS_DAYS = 200
    item = old_reply(cast)
    assert item.headers is not None
    upkeep.run(cast.clock.ahead(days=101))
    item.refresh_from_db()
    assert (item.headers, item.text, item.kind) == (None, "", "person_wrote")


def test_an_erasure_takes_them_too(cast: Cast) -> None:
    item = old_reply(cast)
    overruling.overrule(item.pk, Wrote.AUTOMATIC, cast.dana, cast.clock(), note="Ann is away")
    deleting.erase_contact(cast.ann, super_admin(), cast.clock())
    item.refresh_from_db()
    assert (item.headers, item.text, item.spans, item.overrules.get().note) == (None, "", [], "")
