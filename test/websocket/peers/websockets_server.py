"""An echo server with Python's websockets on a free port, which it prints. Says "bye" with 1000 when it hears "close"."""

import asyncio

import websockets


async def echo(socket):
    async for message in socket:
        if message == "close":
            await socket.close(1000, "bye")
        elif message == "fragments":
            await socket.send(["frag", "men", "ts"])
        elif message == "ping":
            await (await socket.ping())
            await socket.send("pong")
        else:
            await socket.send(message)


async def main():
    async with websockets.serve(echo, "127.0.0.1", 0, max_size=2**25) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


asyncio.run(main())
