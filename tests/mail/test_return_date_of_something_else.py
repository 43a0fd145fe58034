"""Mails whose days are not those of a return: of an event, an order, a ticket, of somebody else. All arrive on Friday,
20 November 2026."""

from datetime import date

import pytest

from relent.mail.dates import return_date

RECEIVED = date(2026, 11, 20)

OF_SOMETHING_ELSE = [
    ("Our webinar on 3 December is open for registration. I am out of the office."),
    ("Ticket #4711 created 12/03/2026. We will get back to you within 2 business days."),
    ("As of 1 December I will no longer work for Acme. Please contact bob@acme.example."),
    ("I have left Acme as of 1 May."),
    ("Call me at 555-12-03 or version 12.1.2 until fixed"),
    ("On 20 Nov 2026, Ann wrote: hello"),
    ("Ich bin ab 1. Dezember nicht mehr bei der Muster GmbH."),
    ("Besuchen Sie uns am 3. Dezember auf der Messe. Ich bin unterwegs."),
    ("Montags bis donnerstags erreichen Sie mich von 9 bis 12 Uhr."),
    ("Je ne fais plus partie de la société depuis le 1er novembre."),
    ("Desde el 1 de diciembre ya no trabajo en Acme."),
    ("С 1 декабря я больше не работаю в компании."),
    ("11月1日付で退職いたしました。"),
    ("このメールは自動返信です。2営業日以内にご連絡いたします。"),
    ("営業時間：月曜日～金曜日 9:00～18:00"),
    ("12月10日開催のセミナーのご案内です。"),
    ("我已于11月1日离职。"),
    ("12월 10일 행사에 초대합니다."),
    ("I'm off sick and do not know when I will return."),
    ("夏季休業：8月10日～8月16日"),
    ("退職しました。後任は鈴木です。"),
    ("只今席を外しております。12:00に戻ります。"),
    ("I am out of the office. Wishing you happy holidays and a happy new year!"),
    ("I'm away. Have a nice weekend!"),
    ("Ich bin abwesend. Ich wünsche Ihnen ein schönes Wochenende und ein gutes neues Jahr."),
    ("Je suis absent. Bonne fin de semaine et bonne année."),
    ("Out of office.\n\nAcme GmbH, HRB 12345, ISO 9001:2015, Mon-Fri 9-17, Tel +49 30 12.12.12"),
    ("I am on leave. Copyright 2026 Acme. Registered 1 May 1990."),
    ("I left the office at 5pm on 3 December 2025."),
    ("The meeting on Monday is cancelled. I am out of the office."),
    ("I am out of the office. Your invoice is due on 5 December."),
    ("I work part-time and am not in the office on Fridays."),
    ("Freitags bin ich nicht im Büro."),
    ("Since I am on parental leave since 1 October, please contact Bob."),
    ("I changed jobs on 1 November. Contact Bob."),
    ("Seit 1. November bin ich im Ruhestand."),
    ("Desde el 1 de noviembre estoy jubilado."),
    ("Ich arbeite ab dem 1. Dezember bei der Beispiel AG."),
    ("ご連絡ありがとうございます。11月30日をもって退職いたします。"),
    ("12月1日より社名が変更になります。"),
    ("12月1日よりメールアドレスが変更となります。"),
    ("冬季休業についてはホームページをご覧ください。更新日：11月25日"),
    ("Ab dem 1.12. lautet meine neue Adresse ann@beispiel.example."),
    ("From 1 December please use my new address."),
    ("Our office has moved as of 1 December."),
    ("Sprechzeiten: Mo-Fr 9-12 Uhr. Ich bin derzeit im Urlaub."),
    ("Versandt am 20.11.2026. Ich bin krank."),
    ("Letzte Aktualisierung: 19.11.2026 14:30"),
    ("OOO - back in 2027"),
    ("I'm out. If urgent call 1-800-555-12-03 or 12/7 hotline"),
    ("I am out of office. Price 12.5 EUR, 3/4 inch, room 12.1"),
]


@pytest.mark.parametrize("text", OF_SOMETHING_ELSE)
def test_a_day_of_something_else_is_no_return(text: str) -> None:
    assert return_date.stated(text, RECEIVED).day is None
