"""Summarises an airport's delays. Speaks Selvage's engine protocol over stdin and stdout; needs Python 3.8 and nothing else.

One JSON envelope a line (docs/engine-protocol.md). Stdout is for envelopes only: anything else goes to stderr.
"""

import base64
import csv
import io
import json
import queue
import sys
import threading
import uuid

OPERATION = "flights.delays/1"
KEPT = 256


class Failed(Exception):
    """A run that brings no result."""

    def __init__(self, code, category, retryable, message, detail=""):
        super().__init__(message)
        self.failure = {
            "code": code,
            "category": category,
            "retryable": retryable,
            "message": message,
            "detail": detail,
        }


class Cancelled(Exception):
    """Somebody wants the run to end."""


def send(key, **message):
    """Writes an envelope."""
    envelope = dict(message)
    if key:
        envelope["key"] = key
    with WRITING:
        sys.stdout.write(json.dumps(envelope, separators=(",", ":")) + "\n")
        sys.stdout.flush()


WRITING = threading.Lock()


def identity(key):
    """What makes a run's key: fields that are zero or empty may be left out of an envelope."""
    return (
        key.get("task", ""),
        key.get("subTask", ""),
        int(key.get("part", 0)),
        int(key.get("attempt", 0)),
        key.get("role", ""),
    )


def rows_of(start):
    """The cells month, carrier and dep_delay of the input's rows."""
    found = [it for it in start.get("inputs", []) if it.get("name") == "flights"]
    if len(found) != 1:
        raise Failed("REQUEST_INVALID", "USER", False, "Expected one input \"flights\".")
    place = found[0].get("place", {})
    if "path" in place:
        try:
            source = open(place["path"], encoding="utf-8", newline="")
        except OSError as e:
            raise Failed("ENGINE_FAILED", "EXTERNAL", False, "The flights cannot be read.", str(e))
    elif "inline" in place:
        source = io.StringIO(base64.b64decode(place["inline"]).decode("utf-8"), newline="")
    elif "text" in place:
        source = io.StringIO(place["text"], newline="")
    else:
        raise Failed("NOT_SUPPORTED", "USER", False, "The flights must come as a file or inline.")
    with source:
        reader = csv.reader(source)
        header = next(reader, [])
        try:
            at = [header.index(name) for name in ("month", "carrier", "dep_delay")]
        except ValueError:
            raise Failed("ENGINE_FAILED", "EXTERNAL", False, "The flights lack month, carrier or dep_delay.")
        for row in reader:
            yield [row[i] for i in at]


def summarise(start, cancelled):
    """The table, as CSV with a header."""
    month = str(json.loads(start.get("params") or "{}")["month"])
    carriers = {}
    read = 0
    for number, (row_month, carrier, delay) in enumerate(rows_of(start), 1):
        read = number
        if number % 10000 == 0 and cancelled.is_set():
            raise Cancelled()
        if row_month != month:
            continue
        counts = carriers.setdefault(carrier, [0, 0, 0])
        counts[0] += 1
        if delay:
            counts[1] += 1
            counts[2] += int(delay)
    lines = ["carrier,flights,known,minutes"]
    for carrier in sorted(carriers):
        lines.append(",".join([carrier] + [str(count) for count in carriers[carrier]]))
    return "\n".join(lines) + "\n", read


class Run:
    """One run of one key."""

    def __init__(self, key, start):
        self.key = key
        self.start = start
        self.cancelled = threading.Event()
        self.outcome = None

    def perform(self):
        try:
            if self.cancelled.is_set():
                raise Cancelled()
            operation = self.start.get("operation", {}).get("id")
            if operation != OPERATION:
                raise Failed("NO_ENGINE", "USER", False, "This worker offers " + OPERATION + " only.")
            send(self.key, accepted={"resumed": False})
            table, read = summarise(self.start, self.cancelled)
            outcome = {
                "outputs": [{"name": "table", "mediaType": "text/csv", "place": {"text": table}}],
                "usage": {"rowsRead": str(read)},
            }
        except Cancelled:
            outcome = {"failure": Failed("CANCELLED", "USER", False, "The run was cancelled.").failure}
        except Failed as e:
            outcome = {"failure": e.failure}
        except Exception as e:  # whatever happens, a run ends with an outcome
            print("run failed: %r" % (e,), file=sys.stderr)
            message = "The computation failed; the worker's log says why."
            outcome = {"failure": Failed("ENGINE_FAILED", "EXTERNAL", False, message, repr(e)).failure}
        self.outcome = outcome
        send(self.key, outcome=outcome)


class Worker:
    """Takes envelopes and keeps what it was asked, so that a repeated start is the same run."""

    def __init__(self):
        self.runs = {}
        self.waiting = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()

    def work(self):
        while True:
            run = self.waiting.get()
            run.perform()
            self.waiting.task_done()

    def receive(self, envelope):
        key = envelope.get("key", {})
        run = self.runs.get(identity(key))
        if "start" in envelope:
            self.begin(key, envelope["start"], run)
        elif "cancel" in envelope:
            if run:
                run.cancelled.set()
        elif "query" in envelope:
            state = "UNKNOWN" if not run else "DONE" if run.outcome else "RUNNING"
            send(key, status={"state": state})
        else:
            print("not understood: %s" % sorted(envelope), file=sys.stderr)

    def begin(self, key, start, known):
        if known and known.start.get("requestDigest") != start.get("requestDigest"):
            message = "The same run was requested before with other content."
            send(key, outcome={"failure": Failed("KEY_REUSED", "INTERNAL", False, message).failure})
            return
        if known:
            send(key, accepted={"resumed": True})
            if known.outcome:
                send(key, outcome=known.outcome)
            return
        run = Run(key, start)
        self.runs[identity(key)] = run
        while len(self.runs) > KEPT:
            del self.runs[next(iter(self.runs))]
        self.waiting.put(run)


def main():
    send(
        None,
        description={
            "engine": "python-lga",
            "version": "1.0 (Python %d.%d)" % sys.version_info[:2],
            "instance": str(uuid.uuid4()),
            "operations": [{"id": OPERATION}],
            "canQuery": True,
            "canCancel": True,
            "deterministic": True,
            "limits": {"runs": 1},
            "keepsOutcomeMs": "300000",
        },
    )
    worker = Worker()
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            worker.receive(json.loads(line))
        except (ValueError, AttributeError, TypeError) as e:
            print("not a message: %s" % e, file=sys.stderr)
    worker.waiting.join()


if __name__ == "__main__":
    main()
