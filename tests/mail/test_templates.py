import pytest

from relent.mail import templates
from relent.mail.templates import MissingToken, Token

GREETING = 'Hi {{ contact.first_name | default: "there" }}, how is {{company.name}}?'


def test_tokens_are_found_with_their_fallbacks() -> None:
    assert templates.tokens(GREETING) == [Token("contact.first_name", "there"), Token("company.name", None)]


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"contact.first_name": "Ann", "company.name": "Acme"}, "Hi Ann, how is Acme?"),
        ({"company.name": "Acme"}, "Hi there, how is Acme?"),
        ({"contact.first_name": "", "company.name": "Acme"}, "Hi there, how is Acme?"),
        ({"contact.first_name": "{{ company.name }}", "company.name": "A"}, "Hi {{ company.name }}, how is A?"),
    ],
)
def test_values_take_the_place_of_tokens(values: dict[str, str], text: str) -> None:
    assert templates.render(GREETING, values) == text


@pytest.mark.parametrize("values", [{}, {"company.name": ""}])
def test_a_token_without_value_and_fallback_sends_nothing(values: dict[str, str]) -> None:
    with pytest.raises(MissingToken) as caught:
        templates.render(GREETING + " {{ company.name }}", values)
    assert caught.value.names == ("company.name",)


def test_values_are_escaped_in_html() -> None:
    assert (
        templates.render("{{ contact.name }}", {"contact.name": '<b a="1">&'}, html=True)
        == "&lt;b a=&quot;1&quot;&gt;&amp;"
    )


@pytest.mark.parametrize(
    "template",
    [
        "{{ contact.first name }}",
        "{{ contact.first_name | upper }}",
        "{{ contact.first_name",
        "contact.first_name }}",
        "{{ }}",
        "{{ contact.__class__.mro }}",
    ],
)
def test_bad_syntax_is_told_and_left_as_written(template: str) -> None:
    assert templates.problems(template)
    assert templates.render(template, {}) == template


@pytest.mark.parametrize("template", ["{{ deal.amount }}", "{{ unsubscribe }}", "{{ name }}"])
def test_an_unknown_token_is_told_in_both_languages(template: str) -> None:
    assert templates.problems(template) == [f"There is no such token: {template}"]
    assert templates.problems(template, "ja") == [f"この差し込み項目はありません: {template}"]


@pytest.mark.parametrize(
    "template",
    ["", GREETING, "{{ unsubscribe_link }}", "{{ meeting_link.intro-30 }}", "{{contact.x|default:“y”}}", "{ a }"],
)
def test_a_sound_template_has_no_problems(template: str) -> None:
    assert templates.problems(template) == []


def test_plain_text_becomes_html_with_everything_escaped() -> None:
    text = "Hi <Ann>,\nsee https://us.example/?a=1&b=2.\n\n\nDana"
    link = '<a href="https://us.example/?a=1&amp;b=2">https://us.example/?a=1&amp;b=2</a>'
    assert templates.html_of(text) == f"<p>Hi &lt;Ann&gt;,<br>\nsee {link}.</p>\n<p>Dana</p>"


def test_a_link_cannot_leave_its_attribute() -> None:
    assert '"><script' not in templates.html_of('https://us.example/"><script>')
