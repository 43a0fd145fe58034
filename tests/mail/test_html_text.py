from relent.mail import html_text


def test_html_becomes_the_text_a_reader_sees() -> None:
    markup = "<h1>Hi</h1><p>A &amp; B</p><script>x</script><ul><li>1<li>2</ul>"
    assert html_text.reduce(markup, html_text.MOST_HTML) == "Hi\n\nA & B\n\n1\n2"
