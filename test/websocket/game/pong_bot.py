"""Plays pong with Python's websockets: follows the ball until the game is over. Arguments: the URL and a name."""

import asyncio
import json
import sys

import websockets


async def main():
    url, name = sys.argv[1:]
    async with websockets.connect(url) as socket:
        await socket.send(json.dumps({"type": "join", "name": name}))
        side, seq, direction, state, kinds = None, 0, 0, {}, {}
        async for text in socket:
            message = json.loads(text)
            kind = message["type"]
            kinds[kind] = kinds.get(kind, 0) + 1
            if kind == "welcome":
                side = message["side"]
            if kind not in ("snapshot", "delta"):
                continue
            if kind == "delta" and message["from"] != state["tick"]:
                raise SystemExit(f"a delta from {message['from']}, and the last state is {state['tick']}")
            state.update(message)
            if state["phase"] == "over":
                break
            way = state["ball"][1] - state["paddles"][side]
            wanted = 0 if abs(way) < 300 else (-1 if way < 0 else 1)
            if wanted != direction:
                seq, direction = seq + 1, wanted
                await socket.send(
                    json.dumps({"type": "input", "seq": seq, "tick": state["tick"] + 2, "direction": direction})
                )
    print(json.dumps({"side": side, "winner": state["winner"], "score": state["score"], "inputs": seq, "acked": state["acks"][side], "kinds": kinds}))


asyncio.run(main())
