"""What servers answer, and what it says of the address, in the wording of servers, gateways and providers.

Each line is the status of the report ("-" where it gives none) and the answer."""
# ruff: noqa: E501

import pytest

from relent.mail.bounces import delivery_status
from relent.terms.events import BounceKind

NOBODY_THERE = """
5.1.1 550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table
5.0.0 550 Unknown user a@b.example
5.0.0 550 <a@b.example>: User unknown
- 550 Invalid recipient: <a@b.example>
- 550 sorry, no mailbox here by that name (#5.7.17)
5.5.0 550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [AM5EUR02FT035.eop-EUR02.prod.protection.example]
5.2.1 550 5.2.1 The email account that you tried to reach is inactive. For more information, go to
- 554 delivery error: dd This user doesn't have a webmail.example account (a@webmail.example) [-5] - mx1
- 554 delivery error: dd Sorry your message to a@webmail.example cannot be delivered. This account has been disabled or discontinued [#102].
5.0.0 552 1 Requested mail action aborted, mailbox not found
5.1.10 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient a@b.example not found by SMTP address lookup
5.4.1 550 5.4.1 Recipient address rejected: Access denied. AS(201806281)
5.4.310 550 5.4.310 DNS domain b.example does not exist [Message=InfoDomainNonexistent]
5.4.4 Host or domain name not found. Name service error for name=b.example type=A: Host not found
- 550 5.1.1 unknown or illegal alias: a@b.example
5.7.1 550 5.7.1 Recipient unknown
5.7.1 550 5.7.1 No such user!
- 550 No such recipient
- 550 Mailbox not found
5.2.1 550 5.2.1 Mailbox disabled, not accepting messages
5.2.0 550 5.2.0 Mailbox has been suspended
- 550 Account has been disabled
- 550 Requested action not taken: mailbox unavailable
5.1.6 551 5.1.6 User has moved; please try <c@d.example>
- 551 User not local; please try <forward>
5.1.10 556 5.1.10 Recipient address has null MX
5.7.17 550 5.7.17 Mailbox owner has changed
- 550 We would love to have gotten this email to a@webmail.example. But, your recipient never logged onto their account.
5.1.2 550 5.1.2 <a@b.example>... Host unknown (Name server: b.example: host not found)
5.1.3 501 5.1.3 Bad recipient address syntax
5.3.0 553 5.3.0 <a@b.example>... Addressee unknown
- 554 5.1.1 <a@b.example>: unknown user
5.0.0 550 Address invalid
5.0.0 550 MAILBOX NOT FOUND
5.1.1 User a (a@b.example) not listed in Domino Directory
- No such user in this domain
- unrouteable address
- mailbox unavailable
5.0.0 511 sorry, no mailbox here by that name (#5.1.1 - chkuser)
- 收件人邮箱不存在
- 该用户不存在
- ユーザーが見つかりません
- 宛先のアドレスは使われておりません
- El usuario no existe
- Utilisateur inconnu
- Benutzer unbekannt
- Der Empfänger ist unbekannt
- Пользователь не найден
- 존재하지 않는 사용자
- Użytkownik nie istnieje
- uživatel neexistuje
- Kullanıcı bulunamadı
- vastaanottaja tuntematon
- Modtageren findes ikke
- Mottakeren finnes ikke
- Okänd mottagare
""".strip().splitlines()

MAY_PASS = """
4.7.0 421-4.7.0 This message does not pass authentication checks (SPF and DKIM both do not pass).
5.2.2 552 5.2.2 The email account that you tried to reach is over quota. Please direct the recipient to
4.2.1 450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.
4.7.0 421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints - 4.16.55.1
5.4.316 550 5.4.316 Message expired, connection refused(Socket error code 10061)
5.4.317 550 5.4.317 Message expired, cannot connect to remote server
5.4.14 554 5.4.14 Hop count exceeded - possible mail loop ATTR1
5.2.2 554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException
4.4.7 550 4.4.7 QUEUE.Expired; message expired
4.4.2 timeout exceeded: conversation with mx.b.example timed out while receiving the initial server greeting
4.4.1 connect to mx.b.example[192.0.2.1]:25: Connection refused
5.4.6 mail for b.example loops back to myself
5.3.5 553 5.3.5 system config error
4.2.0 450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted, see http://postgrey.example/
4.3.2 421 4.3.2 Service not available, closing transmission channel
4.5.3 452 4.5.3 Too many recipients
5.5.3 550 5.5.3 too many recipients
4.2.2 452 4.2.2 Over Quota
- 552 Requested mail action aborted: exceeded storage allocation
- 552 sorry, that user is over quota
- 550 Mailbox quota exceeded / Mailbox voll
5.2.2 550 5.2.2 <a@b.example>: User's mailbox is full
5.1.1 550 5.1.1 <a@b.example>: quota exceeded
- 450 Requested mail action not taken: mailbox unavailable
- 451 Requested action aborted: local error in processing
4.3.0 temporary failure. Command output: lda: Error
5.3.0 Command died with status 17: "/usr/sbin/filter"
- retry timeout exceeded
- all hosts for 'b.example' have been failing for a long time (and retry time not reached)
- lowest numbered MX record points to local host
5.2.2 The recipient's mailbox is full. 收件人邮箱已满
- メールボックスの容量を超えています
- Das Postfach ist voll
- La boîte aux lettres est pleine
- El buzón está lleno
- A caixa de correio do destinatário está cheia
- La casella del destinatario è piena
- Postvak is vol
- Почтовый ящик переполнен
- 메일함 용량이 초과되었습니다
- schránka je plná
- Posta kutusu dolu
""".strip().splitlines()

OUR_FAULT = """
- 550 Connection frequency limited
- 554 HL:IHU
- 550 Refused due to recipient preferences
- Domain us.example has exceeded the max defers and failures per hour (5/5 (100%)) allowed. Message discarded.
- You have reached a limit for sending mail. Your message was not sent.
- Your message has been rejected because you are not a member of the list
- Het bericht is groter dan de maximale grootte die is toegestaan
5.7.1 550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).
5.7.606 550 5.7.606 Access denied, banned sending IP [192.0.2.1]. To request removal from this list please visit https://sender.example/
5.7.26 550-5.7.26 This mail has been blocked because the sender is unauthenticated. We require all senders to authenticate with either SPF or DKIM.
5.7.1 550-5.7.1 [192.0.2.1 12] Our system has detected that this message is likely unsolicited mail. To reduce the amount of spam sent to us, this message has been blocked.
5.7.9 554 5.7.9 Message not accepted for policy reasons. See https://postmaster.example/error-codes
5.0.0 553 5.7.1 [BL21] Connections will not be accepted from 192.0.2.1, because the ip is in a block list
5.7.133 550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group
5.7.124 550 5.7.124 RESOLVER.RST.SendToGroupNotAllowed; not in allowed senders list
5.7.1 550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized ##
5.7.708 550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP. AS(7230)
5.1.8 550 5.1.8 Access denied, bad outbound sender AS(42004)
5.2.3 550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient
5.3.4 552 5.3.4 Message size exceeds fixed maximum message size (10240000)
5.3.4 552 5.3.4 Error: message file too big
5.7.1 554 5.7.1 <a@b.example>: Relay access denied
5.7.1 550 5.7.1 Unable to relay for a@b.example
5.7.64 550 5.7.64 TenantAttribution; Relay Access Denied
- 553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)
- 550-Verification failed for <d@us.example> 550 Sender verify failed
5.1.0 550 5.1.0 <d@us.example> sender rejected : Sender address rejected
5.1.7 501 5.1.7 Bad sender address syntax
5.1.8 553 5.1.8 <d@us.example>... Domain of sender address d@us.example does not exist
5.7.1 550 5.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]
5.7.25 550-5.7.25 The IP address sending this message does not have a PTR record setup
5.7.1 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.list.example
5.7.1 550 5.7.1 Message rejected due to content restrictions
5.6.0 554 5.6.0 Message contains invalid header
5.6.1 550 5.6.1 Bare <CR> or <LF> found in headers
- 554 rejected due to spam content
- 550 High probability of spam
- 571 Message refused by recipient's filter
- 550 permanent failure for one or more recipients (a@b.example:blocked)
- 554 Transaction failed
5.7.27 550 5.7.27 Sender address has null MX
5.7.0 552-5.7.0 This message was blocked because its content presents a potential security issue.
5.7.1 550 5.7.1 Email rejected per DMARC policy for us.example
5.7.23 550 5.7.23 The message was rejected because of Sender Policy Framework violation
- 554 RLY:B1 http://postmaster.example/errors/421rlynw.html blocked
- 550 5.7.1 Mail from (a) refused, see http://www.example/rbl
5.0.0 550 Rejected by header based Anti-Spoofing policy
5.0.0 550 Administrative prohibition
- 550 Envelope blocked - User Entry
5.7.1 550 #5.7.1 Your access to submit messages to this e-mail system has been rejected.
- 554 5.7.1 Reject: Mail contained an URL rejected by SURBL
5.2.0 550 5.2.0 Message rejected as spam by Content Filtering
- メールの受信が拒否されました
- Die Nachricht wurde als Spam abgelehnt
- Le message a été refusé
""".strip().splitlines()


def judged(line: str) -> BounceKind:
    status, _, words = line.partition(" ")
    return delivery_status.kind("failed", status, words)


@pytest.mark.parametrize("line", NOBODY_THERE)
def test_nobody_is_there(line: str) -> None:
    assert judged(line) is BounceKind.HARD


@pytest.mark.parametrize("line", MAY_PASS)
def test_it_may_pass(line: str) -> None:
    assert judged(line) is BounceKind.SOFT


@pytest.mark.parametrize("line", OUR_FAULT)
def test_the_address_is_not_at_fault(line: str) -> None:
    assert judged(line) is BounceKind.POLICY
