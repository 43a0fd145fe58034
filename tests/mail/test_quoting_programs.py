"""What programs write around the mail they quote, in the languages read; the names and addresses are made up."""

import pytest

from relent.mail import html_text, quoting

ANSWER = "Ja.\n\nAnn"
BELOW = "Shall we talk?\nDana"
DANA = "Dana Reed <dana@us.example>"


def written(*lines: str) -> str:
    return quoting.written("\n".join(lines))


@pytest.mark.parametrize(
    "line",
    [
        # Gmail
        f"On Mon, Mar 2, 2026 at 10:00 AM {DANA} wrote:",
        f"2026年3月2日(月) 10:00 {DANA}:",
        f"Am Mo., 2. März 2026 um 10:00 Uhr schrieb {DANA}:",
        f"Le lun. 2 mars 2026 à 10:00, {DANA} a écrit :",
        f"El lun, 2 mar 2026 a las 10:00, {DANA} escribió:",
        f"Em seg., 2 de mar. de 2026 às 10:00, {DANA} escreveu:",
        "Dana Reed <dana@us.example> escreveu (segunda, 2/03/2026 à(s) 10:00):",
        f"Il giorno lun 2 mar 2026 alle ore 10:00 {DANA} ha scritto:",
        f"Op ma 2 mrt 2026 om 10:00 schreef {DANA}:",
        f"Den mån 2 mars 2026 kl 10:00 skrev {DANA}:",
        f"Den man. 2. mar. 2026 kl. 10.00 skrev {DANA}:",
        f"man. 2. mar. 2026 kl. 10:00 skrev {DANA}:",
        "ma 2. maalisk. 2026 klo 10.00 Dana Reed (dana@us.example) kirjoitti:",
        f"pon., 2 mar 2026 o 10:00 {DANA} napisał(a):",
        f"po 2. 3. 2026 v 10:00 odesílatel {DANA} napsal:",
        f"{DANA}, 2 Mar 2026 Pzt, 10:00 tarihinde şunu yazdı:",
        f"пн, 2 мар. 2026 г. в 10:00, {DANA}:",
        f"пн, 2 бер. 2026 р. о 10:00 {DANA} пише:",
        f"{DANA} 于2026年3月2日周一 10:00写道：",
        f"{DANA} 於 2026年3月2日 週一 上午10:00寫道：",
        f"2026년 3월 2일 (월) 오전 10:00, {DANA}님이 작성:",
        # Apple Mail
        "On 2 Mar 2026, at 10:00, Dana Reed <dana@us.example> wrote:",
        "2026/03/02 10:00、Dana Reed <dana@us.example>のメール:",
        "Am 02.03.2026 um 10:00 schrieb Dana Reed <dana@us.example>:",
        "Le 2 mars 2026 à 10:00, Dana Reed <dana@us.example> a écrit :",
        "Op 2 mrt. 2026, om 10:00 heeft Dana Reed <dana@us.example> het volgende geschreven:",
        "2 mars 2026 kl. 10:00 skrev Dana Reed <dana@us.example>:",
        "Dana Reed <dana@us.example> kirjoitti 2.3.2026 kello 10.00:",
        "Wiadomość napisana przez Dana Reed <dana@us.example> w dniu 02.03.2026, o godz. 10:00:",
        "2. 3. 2026 v 10:00, Dana Reed <dana@us.example>:",
        "Dana Reed <dana@us.example> şunları yazdı (2 Mar 2026 10:00):",
        "2 марта 2026 г., в 10:00, Dana Reed <dana@us.example> написал(а):",
        "在 2026年3月2日，10:00，Dana Reed <dana@us.example> 写道：",
        "2026. 3. 2. 오전 10:00, Dana Reed <dana@us.example> 작성:",
        # Thunderbird, GMX, Yandex, Mail.ru, Notes, Yahoo
        "On 02.03.26 10:00, Dana Reed wrote:",
        "Dana Reed schrieb am 02.03.26 um 10:00:",
        "Dana Reed <dana@us.example> hat am 02.03.2026 10:00 CET geschrieben:",
        '02.03.2026, 10:00, "Dana Reed" <dana@us.example>:',
        "Понедельник, 2 марта 2026, 10:00 +03:00 от Dana Reed <dana@us.example>:",
        '-----"Dana Reed" <dana@us.example> wrote: -----',
        "On Monday, March 2, 2026 at 10:00:00 AM EST, Dana Reed <dana@us.example> wrote:",
    ],
)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_a_line_that_says_who_wrote_ends_what_is_written(line: str, mark: str) -> None:
    below = "\n".join(mark + one for one in BELOW.splitlines())
    assert written(ANSWER, "", line, "", below) == ANSWER


@pytest.mark.parametrize(
    "lines",
    [
        ["On Mon, 2 Mar 2026 at 10:00, Dana Reed", "<dana@us.example> wrote:"],
        ["On Mar 2, 2026, at 10:00 AM, Dana Reed", "<dana@us.example>", "wrote:"],
        ["On Mar 2, 2026,", "at 10:00,", "Dana Reed <dana@us.example> wrote:"],
        ["02.03.2026 10:00 пользователь «Dana Reed» <", "dana@us.example> написал:"],
        ["Le lun. 2 mars 2026 à 10:00, Dana Reed", "<dana@us.example> a écrit :"],
    ],
)
def test_a_line_that_was_wrapped_is_taken_whole_and_no_line_above_it(lines: list[str]) -> None:
    assert written("Yes.", *lines, "", "> Shall we talk?") == "Yes."


@pytest.mark.parametrize(
    "labels",
    [
        "From Sent To Subject",
        "Von Gesendet An Betreff",
        "De Envoyé À Objet",
        "De Enviado Para Asunto",
        "De Enviada Para Assunto",
        "Da Inviato A Oggetto",
        "Van Verzonden Aan Onderwerp",
        "Från Skickat Till Ämne",
        "Fra Sendt Til Emne",
        "Lähettäjä Lähetetty Vastaanottaja Aihe",
        "Od Wysłano Do Temat",
        "Od Odesláno Komu Předmět",
        "Kimden Gönderildi Kime Konu",
        "От Отправлено Кому Тема",
        "Від Надіслано Кому Тема",
        "差出人 送信日時 宛先 件名",
        "发件人 发送时间 收件人 主题",
        "寄件者 寄件日期 收件者 主旨",
        "보낸사람 보낸날짜 받는사람 제목",
    ],
)
@pytest.mark.parametrize("form", ["{}: {}", "*{}:* {}", "{} : {}", "{}：{}"])
def test_headers_that_are_copied_end_what_is_written(labels: str, form: str) -> None:
    values = [DANA, "2 March 2026 10:00", "Ann", "Onboarding"]
    block = [form.format(label, value) for label, value in zip(labels.split(), values, strict=True)]
    assert written(ANSWER, "", *block, "", BELOW) == ANSWER
    assert written(ANSWER, "", "_" * 32, *block, "", BELOW) == ANSWER


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Messaggio originale-----",
        "-----Mensagem original-----",
        "-----Oorspronkelijk bericht-----",
        "-----Ursprungligt meddelande-----",
        "-----Oprindelig meddelelse-----",
        "-----Opprinnelig melding-----",
        "-----Alkuperäinen viesti-----",
        "-----Oryginalna wiadomość-----",
        "-----Původní zpráva-----",
        "-----Özgün İleti-----".replace("İ", "i"),
        "-----Исходное сообщение-----",
        "-----Вихідне повідомлення-----",
        "-----元のメッセージ-----",
        "------------------ 原始邮件 ------------------",
        "-----原始郵件-----",
        "-----원본 메시지-----",
        "---------- Forwarded message ---------",
    ],
)
def test_a_line_between_dashes_ends_what_is_written(line: str) -> None:
    assert written(ANSWER, "", line, BELOW) == ANSWER


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my iPhone",
        "Get Outlook for iOS<https://aka.example/ios>",
        "Von meinem iPhone gesendet",
        "Gesendet mit der Mail-App",
        "Envoyé de mon iPhone",
        "Enviado desde mi teléfono",
        "Enviado do meu smartphone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn telefoon",
        "Skickat från min iPhone",
        "Sendt fra min iPhone",
        "Lähetetty iPhonesta",
        "Wysłane z telefonu",
        "Odesláno z iPhonu",
        "iPhone'umdan gönderildi",
        "Отправлено с iPhone",
        "Надіслано з iPhone",
        "iPhoneから送信",
        "发自我的手机",
        "從我的iPhone傳送",
        "나의 iPhone에서 보냄",
    ],
)
def test_what_a_phone_adds_is_nobodys_words(line: str) -> None:
    assert written(ANSWER, "", line) == ANSWER


@pytest.mark.parametrize(
    "line",
    [
        "Sent from my desk, it is much easier to type there.",
        "Von meinem Team kommt noch eine Antwort.",
        "On 2 March at 10:00 we could talk.",
        "I wrote on Monday:",
        "From: Tokyo",
        "Date: any day next week",
        "Subject: travel",
        "--- as I said",
        "Note: please call.",
        "See you at 10:00:",
        "-----",
    ],
)
def test_what_only_looks_like_it_is_the_persons(line: str) -> None:
    assert written("Hello.", line, "Bye.") == f"Hello.\n{line}\nBye."


def test_a_time_above_marked_lines_says_it_in_any_language() -> None:
    assert written("Igen.", "", '2026.03.02. 10:00 keltezéssel, "Dana" írta:', "> Shall we talk?") == "Igen."


@pytest.mark.parametrize(
    "markup",
    [
        # Gmail
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, 2 Mar 2026 at 10:00, Dana &lt;dana@us.example&gt; '
        'wrote:<br></div><blockquote class="gmail_quote"><div>Hi Ann</div></blockquote></div>',
        # Outlook on the web, here in a language of which we know no word
        '<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><b>Feladó:</b> Dana<br>'
        "<b>Elküldve:</b> hétfő<br><b>Címzett:</b> Ann<br><b>Tárgy:</b> Hi</div><div>Hi Ann</div>",
        # Outlook for Windows
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>Von:</b> Dana<br>'
        "<b>Gesendet:</b> Montag<br><b>An:</b> Ann<br><b>Betreff:</b> Hi</p></div><p>Hi Ann</p>",
        # Yahoo
        '<div class="yahoo_quoted"><div>On Monday, March 2, 2026 at 10:00:00 AM EST, Dana &lt;dana@us.example&gt; '
        "wrote: </div><div><br></div><div>Hi Ann</div></div>",
        # Proton
        '<div class="protonmail_quote">On Monday, 2 March 2026 at 10:00, Dana &lt;dana@us.example&gt; wrote:<br>'
        '<blockquote class="protonmail_quote" type="cite">Hi Ann</blockquote></div>',
        # Apple Mail
        '<div><br><blockquote type="cite"><div>On 2 Mar 2026, at 10:00, Dana wrote:</div>Hi Ann</blockquote></div>',
        # Thunderbird
        '<div class="moz-cite-prefix">Am 02.03.26 um 10:00 schrieb Dana:<br></div><blockquote>Hi Ann</blockquote>',
        # Zoho
        '<div class="zmail_extra">---- On Mon, 02 Mar 2026 10:00:00 +0100 <b>Dana &lt;dana@us.example&gt;</b> wrote '
        "---<br><blockquote>Hi Ann</blockquote></div>",
        # Notes
        "<br><font>-----Dana &lt;dana@us.example&gt; wrote: -----</font><blockquote>To: Ann<br>Hi Ann</blockquote>",
    ],
)
def test_what_a_program_quotes_in_html_is_left_out(markup: str) -> None:
    assert quoting.written(html_text.reduce(f"<div>Yes, call me.</div>{markup}", 9999)) == "Yes, call me."


def test_two_labels_are_a_persons() -> None:
    assert written("I travel:", "From: Tokyo", "To: Osaka", "Thanks.") == "I travel:\nFrom: Tokyo\nTo: Osaka\nThanks."


def test_a_signature_in_a_frame_is_left_out() -> None:
    frame = ["━━━━━━━━━━━━", "田中 花子", "TEL: 03-0000-0000", "tanaka@acme.example", "━━━━━━━━━━━━"]
    assert written("承知しました。", "", *frame) == "承知しました。"
    assert written("承知しました。", "", *frame, "", "> 本文") == "承知しました。"
    assert written("承知しました。", "", *frame, "", f"2026年3月2日(月) 10:00 {DANA}:", "> 本文") == "承知しました。"


def test_a_notice_in_a_frame_is_kept() -> None:
    frame = ["━━━━━━━━━━━━", "休業期間:12/28~1/4", "TEL: 03-0000-0000", "info@acme.example", "━━━━━━━━━━━━"]
    assert "休業期間" in written("お知らせ", *frame)


def test_a_frame_that_more_is_written_below_is_kept() -> None:
    frame = ["============", "ann@acme.example", "bob@acme.example", "============"]
    assert "bob@acme.example" in written("These two:", *frame, "Thanks.")


def test_what_a_mail_server_said_is_no_quotation() -> None:
    lines = ["<ann@acme.example>: host mx.acme.example[192.0.2.10] said:", "    550 No such user"]
    assert written("It was refused.", *lines) == "\n".join(["It was refused.", *lines])
