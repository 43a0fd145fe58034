"""What can be wrong with a mail. A malformed mail is still a mail: it is read as far as it goes, and says this."""

from relent.terms.sentences import Said


class Defect(Said):
    """One way in which a mail breaks its format, or exceeds what is read of it."""

    NO_HEADERS = "no_headers", "The mail has no headers.", "ヘッダーがありません。"
    JUNK_IN_HEADERS = "junk_in_headers", "A line among the headers is no header.", "ヘッダーの中に不正な行があります。"
    NO_BLANK_LINE = "no_blank_line", "The headers never end.", "ヘッダーの終わりがありません。"
    HEADER_CUT = (
        "header_cut",
        "A header is too long; only its beginning is read.",
        "ヘッダーが長すぎるため、先頭のみを読み取りました。",
    )
    TOO_MANY_HEADERS = (
        "too_many_headers",
        "There are too many headers; the rest is not read.",
        "ヘッダーが多すぎるため、残りは読み取りません。",
    )
    EIGHT_BIT_HEADER = (
        "eight_bit_header",
        "A header holds bytes that are not ASCII.",
        "ヘッダーにASCII以外のバイトが含まれています。",
    )
    NUL = "nul", "The headers hold a NUL byte.", "ヘッダーにNULバイトが含まれています。"
    REPEATED_FROM = (
        "repeated_from",
        "There is more than one From header; the first counts.",
        "Fromヘッダーが複数あります。最初のものを使います。",
    )
    NO_BOUNDARY = (
        "no_boundary",
        "A multipart names no boundary, or the boundary never occurs.",
        "マルチパートの境界がありません。",
    )
    UNCLOSED = "unclosed", "A multipart is not closed.", "マルチパートが閉じられていません。"
    TOO_DEEP = (
        "too_deep",
        "The parts are nested too deep; the inner ones are not read.",
        "パートの入れ子が深すぎるため、内側は読み取りません。",
    )
    TOO_MANY_PARTS = (
        "too_many_parts",
        "There are too many parts; the rest is not read.",
        "パートが多すぎるため、残りは読み取りません。",
    )
    BAD_ENCODING = (
        "bad_encoding",
        "A part's transfer encoding is broken.",
        "パートの転送エンコーディングが壊れています。",
    )
    UNKNOWN_CHARSET = "unknown_charset", "A part names an unknown character set.", "パートの文字コードが不明です。"
    TEXT_CUT = "text_cut", "The text is long; only its beginning is read.", "本文が長いため、先頭のみを読み取りました。"
    MAIL_CUT = (
        "mail_cut",
        "The mail is larger than what is fetched of it.",
        "メールが大きいため、一部のみを取得しました。",
    )
