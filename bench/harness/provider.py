"""Stands for the provider's control URLs: takes an order, notes when it came, answers 200. `provider.py PORT FILE`"""

import asyncio
import json
import sys
import time


async def serve(reader, writer, orders):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            at = time.time()
            lines = head.decode("latin-1").split("\r\n")
            length = next(
                (int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")), 0)
            body = json.loads(await reader.readexactly(length) or b"{}")
            orders.write(f"{lines[0].split('/')[1]} {body.get('type')} {at}\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main():
    port, path = int(sys.argv[1]), sys.argv[2]
    with open(path, "a", encoding="ascii", buffering=1) as orders:
        server = await asyncio.start_server(lambda r, w: serve(r, w, orders), "127.0.0.1", port)
        async with server:
            await server.serve_forever()


asyncio.run(main())
