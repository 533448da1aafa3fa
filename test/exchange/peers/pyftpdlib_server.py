"""pyftpdlib on a free port, which it prints. Argument: the folder of the user tester."""

import logging
import sys

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import FTPServer

logging.disable(logging.CRITICAL)
authorizer = DummyAuthorizer()
authorizer.add_user("tester", "secret", sys.argv[1], perm="elradfmwMT")


class Handler(FTPHandler):
    permit_foreign_addresses = True


Handler.authorizer = authorizer
server = FTPServer(("127.0.0.1", 0), Handler)
print(server.address[1], flush=True)
server.serve_forever()
