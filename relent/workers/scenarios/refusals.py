"""How events of a story fail: a flow refuses them, or the process dies."""


class Refused(Exception):
    """A flow refused what an event asks for. ``changed_nothing``: there was nothing to refuse, and nothing to do."""

    def __init__(self, code: str, detail: str = "", *, changed_nothing: bool = False) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.changed_nothing = changed_nothing


class Crashed(BaseException):
    """The process dies. Not an Exception, so that no flow takes it for a failure that it can handle."""
