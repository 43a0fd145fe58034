"""The servers that tests stand on."""

import psycopg
import pytest

from tests.servers import ground


@pytest.mark.integration
@pytest.mark.postgres
def test_the_cluster_is_durable_and_empty(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        assert connection.execute("show fsync").fetchone() == ("on",)
        assert connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)


def test_what_is_missing_is_named_with_its_package() -> None:
    with pytest.raises(ground.Missing, match="apt-get install -y --no-install-recommends dovecot-imapd"):
        ground.program("no-such-program", "dovecot-imapd")
