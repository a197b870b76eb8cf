#!/usr/bin/env python3
"""Stands in for a mail server, Slack and PagerDuty, and writes down what they are sent.

    receivers.py ADDRESS CERTIFICATE KEY FILE

Takes what is posted over TLS on port 443 and mail by STARTTLS on port 587, everything, and adds a
line of JSON for each to the file: the name it was sent to, and the text.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

address, certificate, key, file = sys.argv[1:]
tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
tls.load_cert_chain(certificate, key)


def remember(name, text):
    with open(file, "a") as memory:
        memory.write(json.dumps({"name": name, "text": text}) + "\n")


async def post(reader, writer):
    """Requests, one after another on a connection."""
    while await reader.readline():
        headers = {}
        while line := (await reader.readline()).decode().strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        remember(headers["host"], body.decode())
        # What PagerDuty answers; Slack's answer is not read.
        answer = b'{"status":"success","message":"taken","dedup_key":"lab"}'
        head = f"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n"
        writer.write(head.encode() + answer)
        await writer.drain()
    writer.close()


async def mail(reader, writer):
    """A session of SMTP (RFC 5321), of which nothing before STARTTLS counts."""
    secure = False
    writer.write(b"220 mail ready\r\n")
    while line := (await reader.readline()).decode().strip():
        command = line.split()[0].upper()
        if command == "STARTTLS":
            writer.write(b"220 go on\r\n")
            await writer.start_tls(tls)
            secure = True
        elif command == "EHLO":
            writer.write(b"250-mail\r\n250 8BITMIME\r\n" if secure else b"250-mail\r\n250 STARTTLS\r\n")
        elif command == "DATA" and secure:
            writer.write(b"354 go on\r\n")
            text = (await reader.readuntil(b"\r\n.\r\n"))[:-5]
            message = email.message_from_bytes(text, policy=email.policy.default)
            remember(message["To"], message["Subject"])
            writer.write(b"250 taken\r\n")
        elif command == "QUIT":
            writer.write(b"221 bye\r\n")
            break
        else:
            writer.write(b"250 taken\r\n" if secure else b"530 say STARTTLS first\r\n")
        await writer.drain()
    writer.close()


async def main():
    servers = [
        await asyncio.start_server(post, address, 443, ssl=tls),
        await asyncio.start_server(mail, address, 587),
    ]
    print("listening", flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


asyncio.run(main())
