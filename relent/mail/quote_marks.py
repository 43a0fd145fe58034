"""What mail programs write around the mail they quote: the words of ``quotation.toml``, made ready for looking."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from relent.mail import phrases

if TYPE_CHECKING:
    import re2

_DEVICE = re.compile(
    r"i-?phone|i-?pad|android|galaxy|samsung|huawei|xiaomi|pixel|xperia|black ?berry|handy|smartphone|mobil|cell|"
    r"tele?fon|phone|tablet|outlook|gmail|yahoo|mail|windows|device|gerät|スマートフォン|スマホ|携帯|갤럭시|휴대폰|手机|手機"
)
ROLES = ("from", "date", "to", "cc", "subject")


@dataclass(frozen=True)
class Marks:
    """The words of all languages at once. ``wrote`` finds the verb of an attribution, ``opens`` how one begins,
    ``dashes`` a line between dashes. What a phone adds begins with ``sent_from``, or ends with ``sent_by`` and names a
    ``device``. ``small_print`` finds what lawyers let stand below mails. ``roles`` says which headers a label may name:
    "De" is from whom in one language, "A" to whom in three.
    """

    wrote: "re2.Pattern"
    opens: "re2.Pattern"
    dashes: "re2.Pattern"
    sent_from: tuple[str, ...]
    sent_by: tuple[str, ...]
    device: re.Pattern[str]
    small_print: "re2.Pattern"
    roles: dict[str, frozenset[str]]


@cache
def marks() -> Marks:
    """Return the words, read once."""
    data: dict[str, dict[str, Any]] = tomllib.loads(
        resources.files("relent.mail").joinpath("quotation.toml").read_text("utf-8")
    )
    every = {
        key: sorted({word for language in data.values() for word in language.get(key, ())})
        for key in ("wrote", "opens", "dashes", "sent_from", "sent_by", "small_print", "small_print_says")
    }
    roles: dict[str, set[str]] = {}
    for language in data.values():
        for role in ROLES:
            for label in language[role]:
                roles.setdefault(label.replace(" ", ""), set()).add(role)
    return Marks(
        wrote=phrases.any_of(
            rf"(?:^|[^\pL])(?:{_either(every['wrote'])})(?:$|[^\pL])", r"(?:作成|작성|写道|寫道|のメール)"
        ),
        # A date stands in every attribution, at its beginning or after one short word: "On 2 March", "ma 2.3.2026".
        opens=phrases.any_of(
            rf"^[^\pL\d]{{0,3}}(?:{_either(every['opens'])})\s.*\d", r"^[^\pL]{0,3}\d", r"^\pL{1,14}[.,]{0,2}\s+\d"
        ),
        dashes=phrases.any_of(rf"^[-_*]{{2,}}\s*(?:{_either(every['dashes'])})\b?.{{0,60}}$"),
        sent_from=tuple(every["sent_from"]),
        sent_by=tuple(every["sent_by"]),
        device=_DEVICE,
        small_print=phrases.any_of(rf"(?:{_either(every['small_print'])}).*(?:{_either(every['small_print_says'])})"),
        roles={label: frozenset(known) for label, known in roles.items()},
    )


def _either(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
