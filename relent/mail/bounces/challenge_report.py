"""Challenges in the dress of a bounce: a filter that asks the sender to prove himself reports a "failure" (RFC 3834
section 1 counts such answers among automatic ones). Nothing failed yet: the mail waits for a click or an answer.

Such services: Boxbe (a ``multipart/report`` with status 4.7.0), TMDA and qconfirm (they open like Exim and qmail).
"""

import re

from relent.mail import phrases
from relent.mail.message import Message, once

_ASKS = phrases.Listed(
    r"(?:click|visit|follow|open|go to|use)\b[^\n]{0,60}(?:link|url|button|below|here|page|https?:)[^\n]{0,80}"
    r"(?:confirm|verif|approv|deliver|added|inbox|guest list|release|human|robot)",
    r"(?:confirm|verify|validate|authenticate) (?:that you (?:are|sent)|yourself|your (?:message|mail|e-?mail|"
    r"address|e-?mail address|"
    r"identity|delivery))[^.\n]{0,60}(?:click|visit|link|reply|below|https?:|deliver|release)",
    r"pending (?:sender )?(?:verification|confirmation|approval)|(?:awaiting|requires?|needs?) (?:your |"
    r"sender )?(?:verification|confirmation)",
    r"waitlisted|wait-listed|guest list|challenge[ /-]response|prove (?:that )?you(?:'re| are) (?:a )?(?:human|"
    r"not|real)|captcha",
    r"(?:simply |just |please )?reply (?:to this (?:message|mail|e-?mail|notice) )?(?:to|and|"
    r"so) [^.\n]{0,60}(?:confirm|releas|verif|be delivered)",
    r"(?:to )?release (?:your|the|this) (?:message|mail)[^.\n]{0,40}(?:for delivery|click|reply|send)|(?:message|"
    r"mail)s?[^.\n]{0,40}(?:being|is|are) held "
    r"(?:because|until|pending) (?:your|you|the sender)",
    r"one[- ]time (?:confirmation|verification|process)|add(?:ed)? (?:yourself )?to (?:my|the|his|"
    r"her) (?:list of )?(?:approved|allowed|guest|white ?list|sender)",
    r"best[aä]tigen sie[^.\n]{0,60}(?:link|klick|absender|antwort)|klicken sie[^\n]{0,60}(?:best[aä]tig|"
    r"freizugeben|zuzustellen)",
    r"cliquez[^\n]{0,60}(?:confirmer|valider|authentifier|d[eé]livr)|haga clic[^\n]{0,60}(?:confirmar|verificar)|"
    r"clique[^\n]{0,60}(?:confirmar|verificar|liberar)",
    r"(?:クリック|アクセス|返信)[^。\n]{0,30}(?:承認|認証|確認|本人)|点击[^\n]{0,30}(?:验证|确认)|"
    r"перейдите[^\n]{0,60}(?:подтвер)",
)
_FINAL_ANSWER = re.compile(r"(?<![\d.])55\d[ -]")


@once
def asks(message: Message) -> tuple[str, int, int] | None:
    """Return the words by which ``message``, that looks like a bounce, asks its sender to prove himself, and where in
    its text they stand; ``None`` where it does not, or where a server has refused the mail for good."""
    text = message.text[:8000]
    found = _ASKS.search(text)
    if found is None or _FINAL_ANSWER.search(text):
        return None
    start, end = found.span()
    return found.group()[:200], start, end
