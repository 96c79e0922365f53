"""Stands for Vapi on the telephone line: sends messages at an even rate, whether or not the last ones were answered.

`telephone.py PORT SECRET KIND RATE SECONDS CLINICS SEED`. What counts is how long after its moment an answer was there, so a
server that falls behind is not spared by a sender that waits for it.
"""

import asyncio
import json
import sys
import time

CONNECTIONS = 64
_CALLED = "+4420{:08d}"


def call_id(seed, n):
    return f"bench-{seed}-{n}"


def message(kind, seed, n, clinics):
    about = {
        "id": call_id(seed, n), "type": "inboundPhoneCall", "status": "queued", "phoneCallProvider": "twilio",
        "phoneCallProviderId": f"CA{seed}{n}",
        "monitor": {"controlUrl": f"http://127.0.0.1:9/{call_id(seed, n)}/control"}}
    body = {
        "type": kind, "timestamp": int(time.time() * 1000), "call": about,
        "phoneNumber": {"number": _CALLED.format(10_000_000 + n % clinics)},
        "customer": {"number": f"+4477{(seed * 7919 + n) % 100_000_000:08d}"}}
    if kind == "tool-calls":
        # Free times are looked for, then one is taken: each clinic's calls want the days after one another.
        name, wish = ("checkAvailability", {}) if n % 2 == 0 else ("bookClinicAppointment", _booking(seed, n, clinics))
        body["toolCallList"] = [{
            "id": f"tool-{seed}-{n}", "type": "function", "function": {"name": name, "arguments": wish}}]
    if kind == "end-of-call-report":
        ended = time.time()
        said = [
            {"role": "bot", "message": "Good morning, how can I help?", "secondsFromStart": 1.2},
            {"role": "user", "message": "I would like to ask what fillers cost, it is rather urgent.", "secondsFromStart": 5.1}]
        said += [
            {"role": ("bot", "user")[turn % 2], "message": f"Sentence {turn} of a conversation of the usual length.",
             "secondsFromStart": 10 + 4 * turn}
            for turn in range(30)]
        body |= {
            "endedReason": "customer-ended-call", "cost": 0.11, "durationSeconds": 130.4,
            "startedAt": _iso(ended - 131), "endedAt": _iso(ended - 0.6),
            "recordingUrl": "https://storage.example/recording.wav",
            "analysis": {"summary": "The caller asked for the price of fillers and will call back."},
            "artifact": {
                "messages": said,
                "transcript": "\n".join(f"{'AI' if part['role'] == 'bot' else 'User'}: {part['message']}" for part in said)}}
    return json.dumps({"message": body}).encode()


def _booking(seed, n, clinics):
    nth = n // clinics + 20 * (seed // 1_000)
    day = time.gmtime(time.time() + (2 + nth // 8) * 86_400)
    return {"date": time.strftime("%Y-%m-%d", day), "time": f"{9 + nth % 8:02}:00", "name": "Ann Lee"}


def _iso(moment):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment)) + f".{int(moment % 1 * 1000):03d}Z"


async def _talk(port, secret, queue, found):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /api/vapi/webhook HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nx-vapi-secret: {secret}\r\n"
        "content-type: application/json\r\ncontent-length: ").encode()
    while (job := await queue.get()) is not None:
        due, body = job
        writer.write(head + str(len(body)).encode() + b"\r\n\r\n" + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in answer.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        text = await reader.readexactly(length)
        good = answer.startswith(b"HTTP/1.1 200") and b'"error"' not in text and b"I am sorry" not in text
        found.append((time.perf_counter() - due, good, text if not good else b""))
    writer.close()


async def main():
    port, secret, kind, rate, seconds, clinics, seed = sys.argv[1:]
    rate, seconds, clinics, seed = float(rate), float(seconds), int(clinics), int(seed)
    queue, found = asyncio.Queue(), []
    lines = [asyncio.create_task(_talk(int(port), secret, queue, found)) for _ in range(CONNECTIONS)]
    begun = time.perf_counter()
    for n in range(int(rate * seconds)):
        due = begun + n / rate
        await asyncio.sleep(max(0, due - time.perf_counter()))
        queue.put_nowait((due, message(kind, seed, n, clinics)))
    for _ in lines:
        queue.put_nowait(None)
    await asyncio.gather(*lines)
    took = sorted(each for each, _, _ in found)
    print(json.dumps({
        "sent": len(found), "failed": sum(not good for _, good, _ in found),
        "failure": next((text.decode(errors="replace")[:300] for _, good, text in found if not good), None),
        "p50_ms": took[len(took) // 2] * 1000, "p99_ms": took[len(took) * 99 // 100] * 1000, "worst_ms": took[-1] * 1000,
        "per_second": len(found) / (time.perf_counter() - begun)}))


if __name__ == "__main__":
    asyncio.run(main())
