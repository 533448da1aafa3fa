"""aiosmtpd with STARTTLS and AUTH required, on a free port, which it prints. Arguments: certificate, key."""

import asyncio
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])


class Handler:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"alice", b"wonderland"))


def session():
    return SMTP(
        Handler(),
        hostname="aio.test",
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )


async def main():
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


asyncio.run(main())
