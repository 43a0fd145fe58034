"""Sequences to start from, in both languages."""

from dataclasses import dataclass
from typing import Any

from relent.terms.steps import StepKind, TaskKind


@dataclass(frozen=True)
class Sample:
    """One sample: ``steps`` are written as the step form shows them."""

    key: str
    name: str
    about: str
    steps: tuple[dict[str, Any], ...]


def offered(language: str) -> tuple[Sample, ...]:
    """Return the samples in ``language``, English where there is no other."""
    return _JA if language.startswith("ja") else _EN


def chosen(key: str, language: str) -> Sample | None:
    """Return the sample ``key``, or ``None``."""
    return next((sample for sample in offered(language) if sample.key == key), None)


def _mail(days: int, subject: str, *paragraphs: str) -> dict[str, Any]:
    """A mail ``days`` after the step before it; without a subject it answers in the thread."""
    body = "\n\n".join(paragraphs)
    step = {"kind": StepKind.EMAIL, "delay": days, "unit": "days", "subject": subject, "body": body}
    return {**step, "threaded": not subject, "wait": False, "task_kind": ""}


def _call(days: int, subject: str, notes: str) -> dict[str, Any]:
    """A call ``days`` after the step before it; the steps after it wait until it is done."""
    step = {"kind": StepKind.TASK, "delay": days, "unit": "days", "subject": subject, "body": notes}
    return {**step, "threaded": False, "wait": True, "task_kind": TaskKind.CALL}


_HELLO = 'Hello {{ contact.first_name | default: "there" }},'
_SAMA = '{{ contact.last_name | default: "ご担当者" }}様'
_SENDER = "{{ sender.name }}"

_EN = (
    Sample(
        "first-contact",
        "First contact",
        "Three short mails over a week to somebody who does not know you yet.",
        (
            _mail(
                0,
                'A question about {{ company.name | default: "your team" }}',
                _HELLO,
                "I work with teams that lose hours each week to follow-ups nobody asked for. Is that something "
                '{{ company.name | default: "your team" }} would like to get rid of?',
                "If so, I can show you in fifteen minutes how others did it.",
                _SENDER,
            ),
            _mail(
                3,
                "",
                _HELLO,
                "one number to go with my question: the last team I helped answered its customers a day sooner. Shall "
                "I send you how they went about it?",
                _SENDER,
            ),
            _mail(
                4,
                "",
                _HELLO,
                "I do not want to fill your inbox, so this is my last mail. If the matter comes up later, one line "
                "from you is enough.",
                _SENDER,
            ),
        ),
    ),
    Sample(
        "after-a-meeting",
        "After a meeting",
        "A thank-you at once, a call, and a reminder: for somebody you have talked to.",
        (
            _mail(
                0,
                "Thank you for your time",
                _HELLO,
                "thank you for the talk. I wrote down what matters to you and will come back to it. If I missed "
                "something, just answer this mail.",
                _SENDER,
            ),
            _call(2, "Call about open questions", "Ask what is still open, and who else should have a say."),
            _mail(
                3,
                "",
                _HELLO,
                "have you had time to think it over? I am glad to go through the next steps with you and your "
                "colleagues.",
                _SENDER,
            ),
        ),
    ),
    Sample(
        "back-in-touch",
        "Back in touch",
        "Two mails, two weeks apart, to somebody you have not heard from for a while.",
        (
            _mail(
                0,
                "How have things gone since?",
                _HELLO,
                "it has been a while. When we last wrote, the time was not right. Has that changed?",
                _SENDER,
            ),
            _mail(
                14,
                "",
                _HELLO,
                "if somebody else is the right person by now, I would be grateful for a name. Otherwise I will not ask "
                "again.",
                _SENDER,
            ),
        ),
    ),
)

_JA = (
    Sample(
        "first-contact",
        "初回のご連絡",
        "まだ面識のない方へ、1週間で3通の短いメールを送ります。",
        (
            _mail(
                0,
                '{{ company.name | default: "貴社" }}のフォローアップについて',
                _SAMA,
                "突然のご連絡失礼いたします。{{ sender.name }}と申します。",
                "お客様への連絡の抜け漏れや重複を減らすお手伝いをしております。"
                '{{ company.name | default: "貴社" }}でも同じようなお悩みはございませんでしょうか。',
                "15分ほどで他社様の進め方をご紹介できます。ご興味がございましたら、このメールにご返信ください。",
                _SENDER,
            ),
            _mail(
                3,
                "",
                _SAMA,
                "先日のメールの補足です。最近お手伝いしたチームでは、お客様への返信が1日早くなりました。"
                "進め方の資料をお送りしてもよろしいでしょうか。",
                _SENDER,
            ),
            _mail(
                4,
                "",
                _SAMA,
                "何度もご連絡するのは本意ではございませんので、今回を最後といたします。"
                "必要になりましたら、ひと言ご返信いただければ幸いです。",
                _SENDER,
            ),
        ),
    ),
    Sample(
        "after-a-meeting",
        "面談後のフォロー",
        "すぐにお礼を送り、電話と確認のメールを続けます。一度お話しした方に。",
        (
            _mail(
                0,
                "お時間をいただきありがとうございました",
                _SAMA,
                "本日はお時間をいただき、ありがとうございました。伺った内容を整理して改めてご連絡いたします。"
                "補足がございましたら、このメールにご返信ください。",
                _SENDER,
            ),
            _call(2, "不明点の確認の電話", "残っている疑問と、ほかに関係する方を確認する。"),
            _mail(
                3,
                "",
                _SAMA,
                "その後、ご検討の状況はいかがでしょうか。今後の進め方について、ご関係の皆様もご一緒にお話しできれば幸いです。",
                _SENDER,
            ),
        ),
    ),
    Sample(
        "back-in-touch",
        "久しぶりのご連絡",
        "しばらく連絡のない方へ、2週間あけて2通送ります。",
        (
            _mail(
                0,
                "その後いかがでしょうか",
                _SAMA,
                "ご無沙汰しております。以前は時期が合わないとのことでしたが、その後ご状況に変わりはございますでしょうか。",
                _SENDER,
            ),
            _mail(
                14,
                "",
                _SAMA,
                "もしご担当が変わられていましたら、お名前を教えていただけると助かります。"
                "ご返信がなければ、今後のご連絡は控えさせていただきます。",
                _SENDER,
            ),
        ),
    ),
)
