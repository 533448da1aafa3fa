"""What Python's email package reads of each file named on standard input, as one JSON object by path."""

import email
import hashlib
import json
import sys
from email import policy


def leaves(message):
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in message.get_payload():
            yield from leaves(part)
    else:
        yield message


def is_body(part):
    is_text = part.get_content_type() in ("text/plain", "text/html") or part.get_content_maintype() == "multipart"
    return is_text and part.get_content_disposition() != "attachment" and not part.get_filename()


def file_of(part):
    content = part.get_payload(decode=True)
    return {
        "name": part.get_filename() or "",
        "type": part.get_content_type().split()[0],
        "sha256": None if content is None else hashlib.sha256(content).hexdigest(),
    }


def read(path):
    with open(path, "rb") as file:
        # Not message_from_binary_file(): that reads CRLF as LF.
        message = email.message_from_bytes(file.read(), policy=policy.default)
    return {
        "subject": str(message["subject"] or ""),
        "files": [file_of(part) for part in leaves(message) if not is_body(part)],
    }


json.dump({path: read(path) for path in sys.stdin.read().splitlines()}, sys.stdout)
