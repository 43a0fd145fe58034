"""The world of the demo: a rep, five contacts at three companies, and two sequences."""

from dataclasses import dataclass
from datetime import timedelta

from relent.terms import names
from relent.terms.steps import StepKind, TaskKind

REP_NAME, REP_ADDRESS = "Dana Diaz", "dana@us.example"
ACCOUNT_NAME = "Dana's workshop"
POSTAL_ADDRESS = "12 Harbor Street, Port Example"


@dataclass(frozen=True, slots=True)
class Person:
    """A contact of the demo. ``elsewhere`` is the person's private address; ``colleague`` and ``colleague_address`` are
    who answers when the mail is passed on. ``language`` is ``en`` or ``ja``."""

    first_name: str
    last_name: str
    address: str
    company: str
    elsewhere: str
    colleague: str
    colleague_address: str
    language: str = "en"

    @property
    def name(self) -> str:
        """The full name."""
        return names.full(self.first_name, self.last_name)


PEOPLE: tuple[Person, ...] = (
    Person("Ann", "Archer", "ann@acme.example", "Acme", "ann.archer@post.example", "Bob Baker", "bob@acme.example"),
    Person("Bob", "Baker", "bob@acme.example", "Acme", "bobby@post.example", "Ann Archer", "ann@acme.example"),
    Person("Cora", "Clark", "cora@birch.example", "Birch", "cora.c@post.example", "Finn Field", "finn@birch.example"),
    Person(
        "花",
        "佐藤",
        "hana.sato@kumo.example",
        "くも製作所",
        "hana@tegami.example",
        "鈴木 健",
        "ken.suzuki@kumo.example",
        "ja",
    ),
    Person(
        "健",
        "鈴木",
        "ken.suzuki@kumo.example",
        "くも製作所",
        "ken@tegami.example",
        "佐藤 花",
        "hana.sato@kumo.example",
        "ja",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleStep:
    """A step of a sample sequence; without ``body`` it is a task."""

    kind: StepKind = StepKind.EMAIL
    delay: timedelta = timedelta()
    subject: str = ""
    body: str = ""
    threaded: bool = False
    task_kind: TaskKind | None = None


ENGLISH_NAME, JAPANESE_NAME = "A first hello", "はじめてのご挨拶"

ENGLISH: tuple[SampleStep, ...] = (
    SampleStep(
        subject="A quieter workshop at {{ company.name | default: “your company” }}",
        body="Hello {{ contact.first_name | default: “there” }},\n\nwe build benches that keep a workshop quiet. "
        "Would a visit next week suit you?\n\nKind regards\nDana\n\nNo more mails, please: {{ unsubscribe_link }}",
    ),
    SampleStep(
        delay=timedelta(days=2),
        threaded=True,
        body="Hello {{ contact.first_name | default: “there” }},\n\ndid my mail reach you at a bad moment? "
        "A line is enough: yes, later, or no.\n\nDana",
    ),
    SampleStep(
        kind=StepKind.TASK,
        delay=timedelta(days=1),
        task_kind=TaskKind.CALL,
        subject="Call and ask whether the bench fits",
        body="Ask whether the bench fits the room.",
    ),
    SampleStep(
        delay=timedelta(days=3),
        threaded=True,
        body="Hello {{ contact.first_name | default: “there” }},\n\nthis is my last mail; I will not bother you again. "
        "My door stays open.\n\nDana",
    ),
)

JAPANESE: tuple[SampleStep, ...] = (
    SampleStep(
        subject="静かな作業場のご提案({{ company.name | default: “貴社” }}様)",
        body="{{ contact.last_name | default: “ご担当者” }}様\n\nはじめてご連絡いたします。\n"
        "作業場の騒音を抑える作業台を作っております。\n"
        "来週、15分ほどお話しできますでしょうか。\n\nどうぞよろしくお願いいたします。\nDana\n\n"
        "今後の配信を停止する: {{ unsubscribe_link }}",
    ),
    SampleStep(
        delay=timedelta(days=2),
        threaded=True,
        body="{{ contact.last_name | default: “ご担当者” }}様\n\n先日のメールはご覧いただけましたでしょうか。\n"
        "ご都合だけでもお知らせいただけますと幸いです。\n\nDana",
    ),
    SampleStep(
        kind=StepKind.TASK,
        delay=timedelta(days=1),
        task_kind=TaskKind.CALL,
        subject="電話して寸法を確認する",
        body="作業台の寸法が合うか確認する。",
    ),
    SampleStep(
        delay=timedelta(days=3),
        threaded=True,
        body="{{ contact.last_name | default: “ご担当者” }}様\n\nこれが最後のご連絡です。\n"
        "お役に立てることがあれば、いつでもお知らせください。\n\nDana",
    ),
)


def person(address: str) -> Person | None:
    """Return who has ``address``, or ``None``."""
    return next((one for one in PEOPLE if one.address == address), None)
