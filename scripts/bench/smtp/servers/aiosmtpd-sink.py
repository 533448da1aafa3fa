"""aiosmtpd with a handler that keeps the raw bytes of the newest mails."""

import asyncio
import collections
import sys

from aiosmtpd.smtp import SMTP


class Keeper:
    def __init__(self):
        self.mails = collections.deque()
        self.bytes = 0

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.original_content)
        self.bytes += len(envelope.original_content)
        while self.bytes > 32 * 1024 * 1024:
            self.bytes -= len(self.mails.popleft())
        return "250 OK"


async def main(port):
    keeper = Keeper()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(keeper, hostname="sink", data_size_limit=64 * 1024 * 1024), "127.0.0.1", port, backlog=4096
    )
    await server.serve_forever()


asyncio.run(main(int(sys.argv[1])))
