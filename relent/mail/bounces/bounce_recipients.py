"""Whom a bounce in plain words is about.

From the surest to the loosest: a header that lists them, lines that begin with an address, the one the returned mail
was written to, an address in an SMTP command, any address that is not the mail system's own.
"""

import re
from dataclasses import dataclass

from relent.mail.bounces import dsn, mail_systems
from relent.mail.message import Message
from relent.terms import addresses

_MOST = 8000
_LINE = re.compile(
    r"^[ \t>*•・■●◆\-'\"]{0,20}(?:(?:(?:failed|original|final|intended|invalid|unknown|e-?mail|"
    r"\b[^\n:<>@]{0,60}(?:deliver|message)[^\n:<>@]{0,20}) )?(?:to|an|failed|"
    r"(?:recipient|addressee|address|destinataire|destinat[aá]rio|direcci[oó]n|empf[aä]nger|adresse|ontvanger|"
    r"geadresseerde|mottagare|modtager|mottaker|vastaanottaja|odbiorca|adresat|adres[aá]t|al[ıi]c[ıi]|получатель|"
    r"адресат|кому|одержувач)s?(?: e-?mail)?(?: address)?|(?:送信先|宛先|あて先|受信者)(?:の?メール)?(?:アドレス)?|"
    r"收件人(?:邮件|邮箱)?(?:地址)?|收件者|받는\s?사람|수신자)[ \t\u3000]{0,20}[:：= ]{1,6})?"
    r"(?:\"[^\"\n]{0,80}\"[ \t]+)?[<'\"\[(]{0,3}(?:mailto:|smtp:|rfc822;)?"
    r"([^\s<>@\"'()\[\];:,：；，、。（）＜＞「」【】]{1,64}@[\w.-]{1,255}[\w])"
    r"[>'\"\])]{0,3}[ \t]*(?:[:;,.]|[ \t\-–—(.][^\n]*|\.{3}[^\n]*|"
    r"$)([^\n]*)",
    re.IGNORECASE | re.MULTILINE,
)
_COMMAND = re.compile(r"rcpt to:? ?<?([^\s<>@]{1,64}@[\w.-]{1,255})", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+=&'/~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_WORD_EDGES = "<>()[]{}\"'`.,;:!?*=。、「」（）＜＞"
# Lines about the mail itself, whose addresses are no recipients.
_OTHERS = re.compile(
    r"^[> \t]*(?:(?:original[ -])?message[- ]?id(?:entifier)?|in-reply-to|references|from|sender|reply-to|"
    r"identificativo(?: del)? messaggio|nachrichten-?id|id (?:du message|del mensaje|da mensagem)|"
    r"メッセージ ?id)[ \t]*[:：][^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
# Scripts that put no blank between words: "宛先はann@acme.example".
_RUN_ON = re.compile(r"^.*[\u3000-\u30ff\u3400-\u9fff\uac00-\ud7af\uff00-\uffef](?=[!-~]+@)")
_SCHEME = re.compile(r"^(?:smtp|rfc-?822|mailto)=", re.IGNORECASE)  # as in "c=US;a= ;p=Acme;dda:SMTP=ann@acme.example"
_HELPERS = re.compile(r"^(?:postmaster|abuse|help-?desk|support|hostmaster|noc|admin|security|info-?desk|it-?support)@")


@dataclass(frozen=True, slots=True)
class Told:
    """The recipients a text names, each with the words that belong to it. ``listed``: they stand in a header or at the
    beginning of lines, as mail systems set them."""

    addresses: dict[str, str]
    listed: bool


def read(message: Message, reason: str) -> Told:
    """Return whom ``reason``, the mail system's own words, is about."""
    headed = [one.address for one in message.addresses("x-failed-recipients", "x-failed-recipient")]
    unmeant = {one.address for one in (*message.from_, *message.to, *message.cc)} - set(headed)
    boxes = {one.address for one in message.delivered_to}
    # Some systems write the failed recipient where others write the mailbox a mail lies in.
    blocks = _blocks(reason[:_MOST], unmeant | boxes) or _blocks(reason[:_MOST], unmeant)
    if headed:
        return Told({address: blocks.get(address, "") for address in headed}, True)
    if blocks:
        return Told(blocks, True)
    written = _written(reason[:_MOST], unmeant | boxes)
    _, to = dsn.returned(message)
    commanded = [addresses.canonical(found) for found in _COMMAND.findall(reason[:_MOST])]
    for surer in ([one for one in to if one in written], [one for one in commanded if one in written]):
        if surer:
            return Told(dict.fromkeys(surer, ""), False)
    return Told(dict.fromkeys([one for one in written if not _HELPERS.match(one)], ""), False)


def _blocks(reason: str, unmeant: set[str]) -> dict[str, str]:
    """Return the addresses that begin lines, each with the text up to the next one."""
    found = list(_LINE.finditer(reason))
    blocks: dict[str, str] = {}
    ends = [place.start() for place in found[1:]] + [len(reason)]
    for place, end in zip(found, ends, strict=False):
        address = addresses.canonical(_RUN_ON.sub("", place[1].strip(_WORD_EDGES)))
        words = reason[place.end(1) : end][:1500]
        if _meant(address, unmeant):
            blocks[address] = f"{blocks[address]}\n{words}" if address in blocks else words
    return blocks


def _written(reason: str, unmeant: set[str]) -> list[str]:
    found = [address.strip(_WORD_EDGES) for address in _ADDRESS.findall(_OTHERS.sub("", reason))]
    written = [addresses.canonical(_SCHEME.sub("", _RUN_ON.sub("", address))) for address in found]
    return [address for address in dict.fromkeys(written) if _meant(address, unmeant)]


def _meant(address: str, unmeant: set[str]) -> bool:
    return "@" in address.strip("@") and address not in unmeant and not mail_systems.writes_as(address)
