"""What absence notes say of the return, language by language. All arrive on Friday, 20 November 2026."""

from datetime import date

import pytest

from relent.mail import return_date

RECEIVED = date(2026, 11, 20)

ENGLISH = [
    ("I'll be back tomorrow.", "2026-11-21"),
    ("I am out of the office today.", "2026-11-21"),
    ("I am out of the office today and tomorrow.", "2026-11-22"),
    ("I will return on Tuesday.", "2026-11-24"),
    ("I'm away until Wednesday.", "2026-11-26"),
    ("I will be back next Monday.", "2026-11-23"),
    ("I'm on holiday and will be back on Monday, 30 November.", "2026-11-30"),
    ("Away until the end of next week.", "2026-11-30"),
    ("Back Wednesday of next week.", "2026-11-25"),
    ("I'll be back in two weeks.", "2026-12-04"),
    ("I will return to the office in 10 days.", "2026-11-30"),
    ("On leave from 3 to 14 December.", "2026-12-15"),
    ("I'm on annual leave 23-27 November and will be back on Monday 30 November.", "2026-11-30"),
    ("Out: December 3rd through December 9th", "2026-12-10"),
    ("I am out of the office 11/23 - 11/27, returning 11/30.", "2026-11-30"),
    ("I am out of the office from 30/11 to 4/12.", "2026-12-05"),
    ("I will be back on Wednesday 12/2.", "2026-12-02"),
    ("I'll be back on the 30th.", "2026-11-30"),
    ("I am out of the office until the 4th of December inclusive.", "2026-12-05"),
    ("I will not be in the office before 1 December 2026.", "2026-12-01"),
    ("I'll be back at 9:00 am on 26 November.", "2026-11-26"),
    ("I am away from the 23rd until 18:00 on 27 November.", "2026-11-28"),
    ("Our office is closed 24-26 December.", "2026-12-27"),
    ("I will reply on the first working day after 27 November.", "2026-11-30"),
    ("Thanks for your mail. Start: 23 Nov\nEnd: 27 Nov\nBack: 30 Nov", "2026-11-30"),
    ("I am currently out of the office and will be back in the office on\nMonday, November 30.", "2026-11-30"),
    ("I'm away until 28.11.26 with no access to mail.", "2026-11-29"),
    ("away 1-5 December and again 21-31 December", "2027-01-01"),
    ("I am out until Monday 30 Nov, back Tuesday 1 Dec.", "2026-12-01"),
    ("I am traveling through Dec 4 and will respond when I return on Dec 7.", "2026-12-07"),
    ("I won't be back in the office until Tuesday.", "2026-11-24"),
    ("I will be out of the office starting Monday, 23 November 2026 through Friday, 27 November 2026.", "2026-11-28"),
    ("Available again from 2 December.", "2026-12-02"),
    ("Out of office. Return date: 2 December 2026", "2026-12-02"),
    ("I'm out of the office with no e-mail access until the New Year's Eve, 31 December 2026.", "2027-01-01"),
]
GERMAN = [
    ("Ich bin morgen wieder im Büro.", "2026-11-21"),
    ("Ich bin heute nicht im Büro.", "2026-11-21"),
    ("Ich bin ab Montag wieder erreichbar.", "2026-11-23"),
    ("Ich bin bis Freitag, den 27.11., im Urlaub.", "2026-11-28"),
    ("Ich bin vom 3.–14. Dezember abwesend.", "2026-12-15"),
    ("Ich bin nächste Woche Montag wieder da.", "2026-11-23"),
    (
        "Ich bin vom 23.11. bis einschließlich 27.11.2026 nicht erreichbar und am 30.11. wieder für Sie da.",
        "2026-11-30",
    ),
    ("Ich bin in zwei Wochen zurück.", "2026-12-04"),
    ("Bis Ende nächster Woche bin ich auf Dienstreise.", "2026-11-30"),
    ("Ich bin nicht vor dem 1. Dezember zurück.", "2026-12-01"),
    ("Ich bin erst am 1.12. wieder erreichbar.", "2026-12-01"),
    (
        "Unser Büro ist vom 24.12.2026 bis 01.01.2027 geschlossen. Ab dem 4.1.2027 sind wir wieder für Sie da.",
        "2027-01-04",
    ),
    ("Ich bin ab dem 23.11. im Urlaub und ab dem 1.12. wieder im Büro.", "2026-12-01"),
    ("Ich kehre am Mittwoch, 2. Dezember, aus dem Urlaub zurück.", "2026-12-02"),
    ("Ich bin bis zum 30. nicht im Haus.", "2026-12-01"),
    ("Rückkehr: 02.12.26", "2026-12-02"),
]
FRENCH = [
    ("Je suis absent du 23 au 27 novembre.", "2026-11-28"),
    ("De retour demain.", "2026-11-21"),
    ("Je serai de retour lundi prochain.", "2026-11-23"),
    ("Je suis en congés jusqu'au vendredi 27 novembre inclus.", "2026-11-28"),
    ("Je suis absente jusqu'au 30/11.", "2026-12-01"),
    ("Je serai de retour au bureau à partir du 1er décembre.", "2026-12-01"),
    ("Je serai de retour mardi de la semaine prochaine.", "2026-11-24"),
    ("Absent du bureau aujourd'hui.", "2026-11-21"),
    ("Je reviendrai dans deux semaines.", "2026-12-04"),
    ("Notre bureau sera fermé du 24/12/2026 au 03/01/2027. Réouverture le 4 janvier 2027.", "2027-01-04"),
    ("Je ne serai pas disponible avant le 2 décembre.", "2026-12-02"),
]
SPANISH = [
    ("Regreso mañana.", "2026-11-21"),
    ("Estaré fuera de la oficina del 23 al 27 de noviembre.", "2026-11-28"),
    ("Vuelvo el próximo lunes.", "2026-11-23"),
    ("Estaré de vacaciones hasta el viernes 27 de noviembre inclusive.", "2026-11-28"),
    ("Estaré disponible de nuevo a partir del 1/12/2026.", "2026-12-01"),
    ("Me reincorporo el día 30.", "2026-11-30"),
    ("Volveré dentro de dos semanas.", "2026-12-04"),
    ("Estoy de baja hasta el 04/12.", "2026-12-05"),
    ("Hoy estoy fuera de la oficina.", "2026-11-21"),
    ("Estaré ausente desde el 23 de noviembre hasta el 4 de diciembre de 2026.", "2026-12-05"),
]
PORTUGUESE = [
    ("Volto amanhã.", "2026-11-21"),
    ("Estarei de férias de 23 a 27 de novembro.", "2026-11-28"),
    ("Estarei ausente até 30/11/2026.", "2026-12-01"),
    ("Regresso na próxima segunda-feira.", "2026-11-23"),
    ("Retorno em 1º de dezembro.", "2026-12-01"),
    ("Estou fora do escritório até sexta-feira, 27 de novembro, inclusive.", "2026-11-28"),
    ("Estarei de volta a partir do dia 2 de dezembro de 2026.", "2026-12-02"),
    ("Estarei ausente entre os dias 23/11 e 04/12.", "2026-12-05"),
    ("Voltarei daqui a duas semanas.", "2026-12-04"),
    ("Volto ao trabalho no dia 30.", "2026-11-30"),
]
ITALIAN = [
    ("Rientrerò domani.", "2026-11-21"),
    ("Sono in ferie dal 23 al 27 novembre.", "2026-11-28"),
    ("Sarò assente fino a venerdì 27 novembre compreso.", "2026-11-28"),
    ("Sarò di nuovo in ufficio lunedì prossimo.", "2026-11-23"),
    ("Rientro in ufficio il 1° dicembre.", "2026-12-01"),
    ("L'ufficio resterà chiuso dal 24/12/2026 al 06/01/2027.", "2027-01-07"),
    ("Sarò di ritorno fra due settimane.", "2026-12-04"),
    ("Oggi sono fuori ufficio.", "2026-11-21"),
    ("Sono assente fino al 30.11.2026.", "2026-12-01"),
]
DUTCH = [
    ("Ik ben morgen weer bereikbaar.", "2026-11-21"),
    ("Ik ben afwezig van 23 t/m 27 november.", "2026-11-28"),
    ("Vanaf maandag ben ik weer op kantoor.", "2026-11-23"),
    ("Ik ben tot 30 november met vakantie.", "2026-12-01"),
    ("Ik ben op vakantie en 1 december ben ik weer terug.", "2026-12-01"),
    ("Over twee weken ben ik terug.", "2026-12-04"),
    ("Ik ben t/m vrijdag 27-11 vrij.", "2026-11-28"),
    ("Volgende week maandag ben ik weer aanwezig.", "2026-11-23"),
    ("Ik ben vandaag niet aanwezig.", "2026-11-21"),
]
SWEDISH = [
    ("Jag är tillbaka i morgon.", "2026-11-21"),
    ("Jag har semester till och med den 27 november.", "2026-11-28"),
    ("Jag är tillbaka på måndag.", "2026-11-23"),
    ("Jag är ledig 23–27 november.", "2026-11-28"),
    ("Åter på kontoret måndag den 30 november.", "2026-11-30"),
    ("Jag är borta t.o.m. 27/11.", "2026-11-28"),
    ("Jag är tillbaka om två veckor.", "2026-12-04"),
    ("Jag är på tjänsteresa från den 23 november till den 4 december.", "2026-12-05"),
]
DANISH = [
    ("Jeg er tilbage i morgen.", "2026-11-21"),
    ("Jeg holder ferie til og med den 27. november.", "2026-11-28"),
    ("Jeg er tilbage på kontoret mandag den 30. november.", "2026-11-30"),
    ("Jeg er på ferie fra d. 23.11 til d. 27.11.", "2026-11-28"),
    ("Jeg er tilbage om to uger.", "2026-12-04"),
    ("Jeg er ikke på kontoret i dag.", "2026-11-21"),
    ("Jeg er tilbage på mandag.", "2026-11-23"),
    ("Kontoret holder lukket 24.-26. december.", "2026-12-27"),
]
NORWEGIAN = [
    ("Jeg er tilbake i morgen.", "2026-11-21"),
    ("Jeg har ferie til og med 27. november.", "2026-11-28"),
    ("Jeg er tilbake på kontoret mandag 30. november.", "2026-11-30"),
    ("Jeg er på ferie fra 23.11 til 27.11.", "2026-11-28"),
    ("Jeg er tilbake om to uker.", "2026-12-04"),
    ("Kontoret er stengt 24.-26. desember.", "2026-12-27"),
    ("Eg er attende på kontoret 1. desember.", "2026-12-01"),
    ("Jeg er tilbake på jobb tirsdag.", "2026-11-24"),
]
FINNISH = [
    ("Palaan toimistolle huomenna.", "2026-11-21"),
    ("Olen lomalla 23.–27. marraskuuta.", "2026-11-28"),
    ("Olen lomalla 27.11. asti.", "2026-11-28"),
    ("Olen tavoitettavissa jälleen 30.11.2026 alkaen.", "2026-11-30"),
    ("Palaan töihin ensi maanantaina.", "2026-11-23"),
    ("Olen poissa perjantaihin 27.11. saakka.", "2026-11-28"),
    ("Palaan kahden viikon kuluttua.", "2026-12-04"),
    ("En ole tavoitettavissa ennen 1.12.", "2026-12-01"),
    ("Olen poissa toimistolta tänään.", "2026-11-21"),
    ("Olen vuosilomalla 23.11.-4.12.2026.", "2026-12-05"),
]
POLISH = [
    ("Wracam jutro.", "2026-11-21"),
    ("Jestem na urlopie od 3 do 14 grudnia.", "2026-12-15"),
    ("Jestem nieobecny do 27 listopada włącznie.", "2026-11-28"),
    ("Będę dostępny od poniedziałku, 30 listopada.", "2026-11-30"),
    ("Wracam do biura 1 grudnia 2026 r.", "2026-12-01"),
    ("Nie ma mnie w biurze w dniach 23.11-27.11.2026.", "2026-11-28"),
    ("Wrócę za dwa tygodnie.", "2026-12-04"),
    ("Wracam w przyszły poniedziałek.", "2026-11-23"),
    ("W dniu dzisiejszym, 20.11.2026, przebywam na urlopie, wracam 23.11.2026.", "2026-11-23"),
]
CZECH = [
    ("Vrátím se zítra.", "2026-11-21"),
    ("Jsem na dovolené od 23. do 27. listopadu.", "2026-11-28"),
    ("Budu zpět v pondělí 30. listopadu.", "2026-11-30"),
    ("Do 27.11. včetně čerpám dovolenou.", "2026-11-28"),
    ("Jsem mimo kancelář do čtvrtka.", "2026-11-27"),
    ("Vracím se 1. prosince 2026.", "2026-12-01"),
    ("Vrátím se za dva týdny.", "2026-12-04"),
    ("Budu opět k dispozici od 1.12.2026.", "2026-12-01"),
]
TURKISH = [
    ("Yarın ofiste olacağım.", "2026-11-21"),
    ("3–14 Aralık tarihleri arasında izinliyim.", "2026-12-15"),
    ("27 Kasım tarihine kadar yıllık izindeyim.", "2026-11-28"),
    ("30 Kasım 2026 Pazartesi günü ofise döneceğim.", "2026-11-30"),
    ("1 Aralık'tan itibaren tekrar ofiste olacağım.", "2026-12-01"),
    ("27.11.2026'ya kadar ofis dışındayım.", "2026-11-28"),
    ("İki hafta sonra döneceğim.", "2026-12-04"),
    ("Bugün izinliyim.", "2026-11-21"),
    ("Önümüzdeki Pazartesi döneceğim.", "2026-11-23"),
]
RUSSIAN = [
    ("Вернусь завтра.", "2026-11-21"),
    ("Я в отпуске с 3 по 14 декабря.", "2026-12-15"),
    ("Я отсутствую до 27 ноября включительно.", "2026-11-28"),
    ("Буду на рабочем месте с понедельника, 30 ноября.", "2026-11-30"),
    ("Нахожусь в отпуске с 23.11 по 27.11.2026.", "2026-11-28"),
    ("Вернусь через две недели.", "2026-12-04"),
    ("Возвращаюсь 1 декабря 2026 г.", "2026-12-01"),
    ("Сегодня меня нет, вернусь в следующий понедельник.", "2026-11-23"),
    ("Выхожу на работу 01.12.2026.", "2026-12-01"),
]
UKRAINIAN = [
    ("Повернуся завтра.", "2026-11-21"),
    ("Я у відпустці з 3 по 14 грудня.", "2026-12-15"),
    ("Мене не буде до 27 листопада включно, я у відпустці.", "2026-11-28"),
    ("Повернуся до роботи у понеділок, 30 листопада.", "2026-11-30"),
    ("Перебуваю у відрядженні до 27.11.2026.", "2026-11-28"),
    ("Повернуся через два тижні.", "2026-12-04"),
    ("Буду доступний з 1 грудня 2026 р.", "2026-12-01"),
    ("Сьогодні я у відпустці.", "2026-11-21"),
]
JAPANESE = [
    ("明日出社いたします。", "2026-11-21"),
    ("本日は終日不在にしております。", "2026-11-21"),
    ("来週月曜日に出社いたします。", "2026-11-23"),
    ("来週火曜より出社予定です。", "2026-11-24"),
    ("翌営業日にご返信いたします。", "2026-11-23"),
    ("12月3日〜14日まで休暇をいただきます。", "2026-12-15"),
    ("12/3(木)~12/14(月)の間、不在にいたします。", "2026-12-15"),
    ("令和8年12月1日より出社いたします。", "2026-12-01"),
    ("令和八年十二月一日より業務を再開いたします。", "2026-12-01"),
    ("R8.12.1から出社します。", "2026-12-01"),
    ("２０２６年１２月１日（火）から通常営業いたします。", "2026-12-01"),
    ("12月29日から1月3日まで年末年始休業とさせていただきます。1月4日より営業いたします。", "2027-01-04"),
    ("休業期間：2026年12月29日（火）～2027年1月3日（日）", "2027-01-04"),
    ("30日まで不在にしております。", "2026-12-01"),
    ("11/24（火）は休暇をいただいております。", "2026-11-25"),
    ("復帰予定日：12月2日（水）", "2026-12-02"),
    ("出張のため、11月27日（金）まで席を外しております。お急ぎの場合は03-5555-0100までご連絡ください。", "2026-11-28"),
    (
        "誠に勝手ながら、下記の期間\n冬季休業とさせていただきます。\n期間：12月26日（土）～1月4日（月）\n1月5日（火）より通常営業",
        "2027-01-05",
    ),
    ("2週間後に復帰いたします。", "2026-12-04"),
    ("11月23日(月)から11月27日(金)まで夏季休暇のため、ご返信は11月30日以降になります。", "2026-11-30"),
    ("来週いっぱい休みをいただきます。", "2026-11-30"),
    ("月曜日まで不在です。", "2026-11-24"),
    ("11月いっぱいお休みをいただいております。", "2026-12-01"),
    ("週明けに対応いたします。", "2026-11-23"),
    ("12月1日（火）9時より業務を開始いたします。", "2026-12-01"),
    ("お問い合わせありがとうございます。11/30迄は出張、12/1に帰社します。", "2026-12-01"),
]
CHINESE = [
    ("我明天回到办公室。", "2026-11-21"),
    ("我正在休假，12月3日至14日无法回复邮件。", "2026-12-15"),
    ("我将于下周一返回办公室。", "2026-11-23"),
    ("11月23日至11月27日期间我不在办公室。", "2026-11-28"),
    ("我休假至11月27日，11月30日恢复上班。", "2026-11-30"),
    ("我會在12月1日（星期二）返回辦公室。", "2026-12-01"),
    ("我將休假至2026年11月27日。", "2026-11-28"),
    ("我今天不在办公室。", "2026-11-21"),
    ("我两周后回来。", "2026-12-04"),
    ("本人于二〇二六年十二月一日起恢复办公。", "2026-12-01"),
]
KOREAN = [
    ("내일 복귀합니다.", "2026-11-21"),
    ("12월 3일부터 14일까지 휴가입니다.", "2026-12-15"),
    ("다음 주 월요일에 복귀합니다.", "2026-11-23"),
    ("11월 27일(금)까지 출장으로 부재중입니다.", "2026-11-28"),
    ("12월 1일(화)부터 정상 근무합니다.", "2026-12-01"),
    ("11월 23일 ~ 11월 27일 휴가로 자리를 비웁니다.", "2026-11-28"),
    ("오늘은 휴가입니다.", "2026-11-21"),
    ("2주 후에 복귀합니다.", "2026-12-04"),
    ("2026.11.30까지 휴가이며 2026.12.01에 출근합니다.", "2026-12-01"),
]
IN_TWO_LANGUAGES = [
    ("Ich bin bis 27.11. im Urlaub.\n\nI am on vacation until 27 November.", "2026-11-28"),
    ("11月30日まで不在です。\nI am out of the office and will be back on December 1.", "2026-12-01"),
    ("Je serai de retour le 30/11. I will be back on 30 November.", "2026-11-30"),
]
ROWS = [
    pytest.param(text, day, id=f"{language}-{place}")
    for language, rows in list(globals().items())
    if language.isupper() and isinstance(rows, list)
    for place, (text, day) in enumerate(rows)
]


@pytest.mark.parametrize(("text", "day"), ROWS)
def test_the_day_is_read_in_its_language(text: str, day: str) -> None:
    found = return_date.stated(text, RECEIVED)
    assert (found.day, found.doubtful) == (date.fromisoformat(day), False)
