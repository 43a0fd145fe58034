"""The code keeps the rules of the house; and each rule finds what it is there to find."""

import ast
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.architecture import rules

Rule = Callable[[ast.AST], Iterator[str]]
DOORS = ("relent/web", "relent/workers", "relent/api", "relent/addins", "relent/playground", "relent/clock.py")


def broken(rule: Rule, *, leave_out: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{path.relative_to(rules.ROOT)}:{fault}"
        for path in rules.files(leave_out=leave_out)
        for fault in rule(ast.parse(path.read_text()))
    ]


def test_only_flows_write_history() -> None:
    assert broken(rules.written_history, leave_out=("relent/flows",)) == []


def test_no_conditional_update_crosses_a_relation() -> None:
    assert broken(rules.joined_updates) == []


def test_nobody_below_the_doors_reads_the_clock() -> None:
    assert broken(rules.read_clocks, leave_out=DOORS) == []


def test_no_file_and_no_function_is_too_long_to_read() -> None:
    paths = rules.files(below=("relent", "tests", "bench", "scripts"))
    assert [f"{path}:{fault}" for path in paths for fault in rules.oversized(path.read_text())] == []


def test_the_pure_rooms_load_no_framework() -> None:
    rooms = ("terms", "mail", "normalize", "decide")
    modules = [p for p in rules.files(below=tuple(f"relent/{room}" for room in rooms)) if p.name != "__init__.py"]
    names = [".".join(path.relative_to(rules.ROOT).with_suffix("").parts) for path in modules]
    program = (
        f"import sys, {', '.join(names)}\nprint([n for n in ('django', 'sqlite3', 'imapclient') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=rules.ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (rules.written_history, "models.Enrollment.objects.create(state='active')"),
        (rules.written_history, "Delivery.objects.filter(pk=1).update(state='sent')"),
        (rules.written_history, "Decision(rule='reply').save()"),
        (rules.written_history, "def end(enrollment: models.Enrollment) -> None:\n    enrollment.save()"),
        (rules.written_history, "def end(enrollment: 'Enrollment | None') -> None:\n    enrollment.delete()"),
        (rules.written_history, "for task in models.Task.objects.all():\n    task.delete()"),
        (rules.written_history, "row = models.Suppression.objects.get(pk=1)\nrow.save()"),
        (rules.written_history, "contact.timeline.create(kind='enrolled')"),
        (rules.written_history, "contact.enrollments.filter(state='active').update(state='paused')"),
        (
            rules.joined_updates,
            "Delivery.objects.filter(state='claimed', enrollment__state='active').update(state='x')",
        ),
        (rules.joined_updates, "rows.filter(Q(state='a') | Q(enrollment__state='active')).update(state='x')"),
        (rules.joined_updates, "rows.exclude(enrollment__contact__in=[1]).update(state='x')"),
        (rules.joined_updates, "rows.filter(pk=1).filter(mailbox__state='connected').update(state='x')"),
        (rules.read_clocks, "now = datetime.now(UTC)"),
        (rules.read_clocks, "now = timezone.now()"),
        (rules.read_clocks, "begun = time.time()"),
        (rules.read_clocks, "from relent.clock import now"),
        (rules.read_clocks, "now = clock.now()"),
    ],
)
def test_a_rule_finds_what_breaks_it(rule: Rule, source: str) -> None:
    assert len(list(rule(ast.parse(source)))) == 1


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        (rules.written_history, "models.Contact.objects.create(first_name='Ann')"),
        (rules.written_history, "found = models.Enrollment.objects.filter(state='active')\nseen.update(found)"),
        (rules.written_history, "form.save()"),
        (rules.joined_updates, "rows.filter(pk=1, state__in=['a'], until__isnull=True, due_at__lte=now).update(x=1)"),
        (rules.joined_updates, "found = rows.filter(enrollment__state='active')"),
        (rules.read_clocks, "due = now + timedelta(days=1)"),
    ],
)
def test_a_rule_leaves_the_rest_alone(rule: Rule, source: str) -> None:
    assert list(rule(ast.parse(source))) == []


def test_a_long_file_and_a_long_function_are_found() -> None:
    function = "def long():\n" + "    pass\n" * rules.LONGEST_FUNCTION
    assert len(list(rules.oversized(function))) == 1
    assert len(list(rules.oversized("pass\n" * rules.LONGEST_FILE))) == 1
