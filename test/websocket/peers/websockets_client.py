"""Talks to an echo server with Python's websockets. Argument: the URL. Prints one JSON object with what it saw."""

import asyncio
import json
import sys

import websockets


async def main():
    seen = {}
    async with websockets.connect(sys.argv[1], max_size=2**25, compression="deflate") as socket:
        seen["extensions"] = [extension.name for extension in socket.extensions]
        for length in (0, 1, 125, 126, 65535, 65536, 1048576):
            text = "ä" * (length // 2)
            await socket.send(text)
            assert await socket.recv() == text, length
            data = bytes(index % 251 for index in range(length))
            await socket.send(data)
            assert await socket.recv() == data, length
        await socket.send(["frag", "men", "ts"])
        seen["fragments"] = await socket.recv()
        await (await socket.ping("are you there"))
        seen["pong"] = True
        await socket.close(4001, "had enough")
    seen["close"] = [socket.close_code, socket.close_reason]
    print(json.dumps(seen))


asyncio.run(main())
