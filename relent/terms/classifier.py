"""What can be wrong with the text classifier that the settings name."""

from relent.terms.sentences import Said


class ClassifierFault(Said):
    """Why the text classifier is not heard. The rules judge alone then, as they do without one."""

    MISSING = (
        "missing",
        "RELENT_CLASSIFIER: the file cannot be read. The rules judge alone.",
        "RELENT_CLASSIFIER のファイルを読み込めません。ルールのみで判定します。",
    )
    BROKEN = (
        "broken",
        "RELENT_CLASSIFIER: the file holds no text classifier. The rules judge alone.",
        "RELENT_CLASSIFIER のファイルはテキスト分類器ではありません。ルールのみで判定します。",
    )
    NOT_INSTALLED = (
        "not_installed",
        "RELENT_CLASSIFIER needs the extra: pip install relent[classifier]. The rules judge alone.",
        "RELENT_CLASSIFIER には追加パッケージ relent[classifier] が必要です。ルールのみで判定します。",
    )
