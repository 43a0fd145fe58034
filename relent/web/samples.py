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


def _mail(days: int, subject: str, body: str) -> dict[str, Any]:
    return {
        "kind": StepKind.EMAIL,
        "delay": days,
        "unit": "days",
        "subject": subject,
        "body": body,
        "threaded": not subject,
        "wait": False,
        "task_kind": "",
    }


def _call(days: int, subject: str, body: str) -> dict[str, Any]:
    return {
        "kind": StepKind.TASK,
        "delay": days,
        "unit": "days",
        "subject": subject,
        "body": body,
        "threaded": False,
        "wait": True,
        "task_kind": TaskKind.CALL,
    }


_EN = (
    Sample(
        "first-contact",
        "First contact",
        "Three short mails over a week to somebody who does not know you yet.",
        (
            _mail(
                0,
                'A question about {{ company.name | default: "your team" }}',
                'Hello {{ contact.first_name | default: "there" }},\n\nI work with teams that lose hours each week to follow-ups nobody'
                ' asked for. Is that something {{ company.name | default: "your team" }} would like to get rid of?\n\nIf so, I can show'
                " you in fifteen minutes how others did it.\n\n{{ sender.name }}",
            ),
            _mail(
                3,
                "",
                'Hello {{ contact.first_name | default: "there" }},\n\none number to go with my question: the last team I helped'
                " answered its customers a day sooner. Shall I send you how they went about it?\n\n{{ sender.name }}",
            ),
            _mail(
                4,
                "",
                'Hello {{ contact.first_name | default: "there" }},\n\nI do not want to fill your inbox, so this is my last mail. If the'
                " matter comes up later, one line from you is enough.\n\n{{ sender.name }}",
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
                'Hello {{ contact.first_name | default: "there" }},\n\nthank you for the talk. I wrote down what matters to you and will'
                " come back to it. If I missed something, just answer this mail.\n\n{{ sender.name }}",
            ),
            _call(2, "Call about open questions", "Ask what is still open, and who else should have a say."),
            _mail(
                3,
                "",
                'Hello {{ contact.first_name | default: "there" }},\n\nhave you had time to think it over? I am glad to go through the'
                " next steps with you and your colleagues.\n\n{{ sender.name }}",
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
                'Hello {{ contact.first_name | default: "there" }},\n\nit has been a while. When we last wrote, the time was not right.'
                " Has that changed?\n\n{{ sender.name }}",
            ),
            _mail(
                14,
                "",
                'Hello {{ contact.first_name | default: "there" }},\n\nif somebody else is the right person by now, I would be grateful'
                " for a name. Otherwise I will not ask again.\n\n{{ sender.name }}",
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
                '{{ contact.last_name | default: "ご担当者" }}様\n\n突然のご連絡失礼いたします。{{ sender.name }}と申します。\n\n'
                'お客様への連絡の抜け漏れや重複を減らすお手伝いをしております。{{ company.name | default: "貴社" }}でも同じような'
                "お悩みはございませんでしょうか。\n\n15分ほどで他社様の進め方をご紹介できます。ご興味がございましたら、"
                "このメールにご返信ください。\n\n{{ sender.name }}",
            ),
            _mail(
                3,
                "",
                '{{ contact.last_name | default: "ご担当者" }}様\n\n先日のメールの補足です。最近お手伝いしたチームでは、お客様への返信が'
                "1日早くなりました。進め方の資料をお送りしてもよろしいでしょうか。\n\n{{ sender.name }}",
            ),
            _mail(
                4,
                "",
                '{{ contact.last_name | default: "ご担当者" }}様\n\n何度もご連絡するのは本意ではございませんので、今回を最後といたします。'
                "必要になりましたら、ひと言ご返信いただければ幸いです。\n\n{{ sender.name }}",
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
                '{{ contact.last_name | default: "ご担当者" }}様\n\n本日はお時間をいただき、ありがとうございました。伺った内容を整理して'
                "改めてご連絡いたします。補足がございましたら、このメールにご返信ください。\n\n{{ sender.name }}",
            ),
            _call(2, "不明点の確認の電話", "残っている疑問と、ほかに関係する方を確認する。"),
            _mail(
                3,
                "",
                '{{ contact.last_name | default: "ご担当者" }}様\n\nその後、ご検討の状況はいかがでしょうか。今後の進め方について、'
                "ご関係の皆様もご一緒にお話しできれば幸いです。\n\n{{ sender.name }}",
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
                '{{ contact.last_name | default: "ご担当者" }}様\n\nご無沙汰しております。以前は時期が合わないとのことでしたが、'
                "その後ご状況に変わりはございますでしょうか。\n\n{{ sender.name }}",
            ),
            _mail(
                14,
                "",
                '{{ contact.last_name | default: "ご担当者" }}様\n\nもしご担当が変わられていましたら、お名前を教えていただけると'
                "助かります。ご返信がなければ、今後のご連絡は控えさせていただきます。\n\n{{ sender.name }}",
            ),
        ),
    ),
)


def offered(language: str) -> tuple[Sample, ...]:
    """Return the samples in ``language``, English where there is no other."""
    return _JA if language.startswith("ja") else _EN


def chosen(key: str, language: str) -> Sample | None:
    """Return the sample ``key``, or ``None``."""
    return next((sample for sample in offered(language) if sample.key == key), None)
