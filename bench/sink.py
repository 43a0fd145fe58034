"""An SMTP sink in a process of its own, so that it takes no time of whoever is measured: prints its port, and ends with
its standard input."""

import sys

from tests.servers.smtp_sink import SmtpSink

if __name__ == "__main__":
    sink = SmtpSink(password=sys.argv[1])
    print(sink.port, flush=True)
    sys.stdin.read()
    sink.stop()
