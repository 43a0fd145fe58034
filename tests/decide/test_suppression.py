from itertools import permutations

from relent.decide import suppression
from relent.terms.reasons import Refusal


def test_an_address_without_a_suppression_may_be_mailed() -> None:
    assert suppression.strongest([]) is None


def test_the_persons_own_word_speaks_first_in_whatever_order_the_codes_come() -> None:
    codes = [Refusal.BLOCKED_ADDRESS, Refusal.PREVIOUSLY_BOUNCED, Refusal.UNSUBSCRIBED_PERSONAL]
    assert {suppression.strongest(order) for order in permutations(codes)} == {Refusal.UNSUBSCRIBED_PERSONAL}


def test_opting_out_of_everything_says_more_than_opting_out_of_one_kind() -> None:
    assert suppression.strongest(["UNSUBSCRIBED_PERSONAL", "UNSUBSCRIBED"]) is Refusal.UNSUBSCRIBED


def test_what_machines_reported_comes_before_what_an_administrator_set() -> None:
    assert suppression.strongest(["BLOCKED_ADDRESS", "PREVIOUSLY_MARKED_AS_SPAM"]) is Refusal.MARKED_AS_SPAM


def test_a_code_without_a_rank_still_forbids() -> None:
    assert suppression.strongest([Refusal.REJECTED]) is Refusal.REJECTED
