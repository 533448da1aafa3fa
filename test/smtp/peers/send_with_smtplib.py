"""Sends mails with Python's smtplib: one JSON plan on standard input, one JSON answer on standard output.

The plan: host, port (or path, a unix socket, for LMTP), client ("smtp", "smtps" or "lmtp"), ca (a PEM file), starttls,
login ([user, password, mechanism or null]), steps (a list of [method, ...arguments]; bytes are given as {"base64": …}).
The answer: a list with the result of each step, or {"error": class, "text": text}.
"""

import base64
import json
import smtplib
import ssl
import sys


def plain(value):
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def unpack(value):
    if isinstance(value, dict) and "base64" in value:
        return base64.b64decode(value["base64"])
    return value


def connect(plan, context):
    if plan["client"] == "lmtp":
        return smtplib.LMTP(plan.get("path") or plan["host"], plan.get("port") or 0)
    if plan["client"] == "smtps":
        return smtplib.SMTP_SSL(plan["host"], plan["port"], context=context)
    return smtplib.SMTP(plan["host"], plan["port"])


plan = json.load(sys.stdin)
context = ssl.create_default_context(cafile=plan["ca"]) if "ca" in plan else None
answers = []
client = connect(plan, context)
try:
    if plan.get("starttls"):
        answers.append(plain(client.starttls(context=context)))
    if "login" in plan:
        user, password, mechanism = plan["login"]
        client.ehlo()
        if mechanism:
            client.esmtp_features["auth"] = mechanism
        answers.append(plain(client.login(user, password)))
    for method, *arguments in plan["steps"]:
        try:
            answers.append(plain(getattr(client, method)(*[unpack(argument) for argument in arguments])))
        except smtplib.SMTPException as error:
            answers.append({"error": type(error).__name__, "text": str(error)})
except smtplib.SMTPException as error:
    answers.append({"error": type(error).__name__, "text": str(error)})
finally:
    client.close()
json.dump(answers, sys.stdout)
