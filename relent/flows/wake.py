"""How a flow asks for a mailbox's turn. The engine that runs turns registers itself here; without one nothing is lost:
the engine also looks at what is due."""

from collections.abc import Callable

from django.db import transaction

# Set by the engine of this process; called with a mailbox id, from any thread.
listener: Callable[[int], None] | None = None


def request_turn(mailbox_id: int) -> None:
    """Ask for a turn of the mailbox once the present transaction is committed."""

    def ask() -> None:
        if listener is not None:
            listener(mailbox_id)

    transaction.on_commit(ask)
