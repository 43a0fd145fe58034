"""Mails of the cast, as bytes, written out so that a test shows what it depends on."""


def letter(text: str = "Hello Dana,\n\nsounds good.\n", **headers: str) -> bytes:
    """Return a mail from Ann to Dana; ``headers`` replace or add, with ``_`` for ``-``; an empty one is left out."""
    lines = {
        "From": "Ann <ann@acme.example>",
        "To": "Dana <dana@us.example>",
        "Subject": "Re: Onboarding at Acme",
        "Message-ID": "<answer-1@acme.example>",
        "Date": "Mon, 2 Mar 2026 10:00:00 +0000",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return (head + "\r\n" + text.replace("\n", "\r\n")).encode()


def mixed(*parts: tuple[str, str], subtype: str = "mixed", **headers: str) -> bytes:
    """Return a multipart mail of ``(content type, text)`` parts."""
    body = "".join(f"--cut\n{_head(content_type)}\n\n{text}\n" for content_type, text in parts) + "--cut--\n"
    return letter(body, **{"Content_Type": f"multipart/{subtype}; boundary=cut"} | headers)


def report(status: str, returned: str = "", words: str = "Your mail did not arrive.", **headers: str) -> bytes:
    """Return a delivery report (RFC 3464) about Ann from her server, with ``status`` as its second part."""
    answered = returned or "Message-ID: <step-1@us.example>\nTo: ann@acme.example\nSubject: Onboarding at Acme\n"
    machine = {
        "From": "Mail Delivery System <mailer-daemon@mx.acme.example>",
        "Subject": "Undelivered Mail Returned to Sender",
        "Return_Path": "<>",
        "Auto_Submitted": "auto-replied",
        "Content_Type": "multipart/report; report-type=delivery-status; boundary=cut",
    }
    parts = (("text/plain", words), ("message/delivery-status", status), ("text/rfc822-headers", answered))
    return mixed(*parts, subtype="report", **machine | headers)


def failed(status: str = "5.1.1", diagnostic: str = "", action: str = "failed", who: str = "ann@acme.example") -> str:
    """Return the machine's part of a delivery report about one recipient."""
    group = f"Final-Recipient: rfc822; {who}\nAction: {action}\nStatus: {status}\n"
    group += f"Diagnostic-Code: smtp; {diagnostic}\n" if diagnostic else ""
    return f"Reporting-MTA: dns; mx.acme.example\n\n{group}"


def _head(content_type: str) -> str:
    return content_type if ":" in content_type.partition(";")[0] else f"Content-Type: {content_type}"
