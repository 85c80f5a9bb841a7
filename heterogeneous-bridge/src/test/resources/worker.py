"""A standard engine in Python: envelopes of engine.proto, one JSON line each, over stdin and stdout."""

import csv
import json
import sys
import uuid


def send(envelope):
    sys.stdout.write(json.dumps(envelope) + "\n")
    sys.stdout.flush()


def delays(start):
    month = json.loads(start["params"])["month"]
    place = next(i["place"] for i in start["inputs"] if i["name"] == "flights")
    sums = {}
    with open(place["path"], newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if int(row["month"]) == month:
                sum_ = sums.setdefault(row["carrier"], [0, 0, 0])
                sum_[0] += 1
                if row["dep_delay"]:
                    sum_[1] += 1
                    sum_[2] += int(row["dep_delay"])
    lines = ["carrier,flights,known,minutes"]
    lines += [",".join([carrier, *map(str, sums[carrier])]) for carrier in sorted(sums)]
    return {"outputs": [{"name": "table", "mediaType": "text/csv", "place": {"text": "\n".join(lines) + "\n"}}]}


OPERATIONS = {"flights.delays/1": delays}

send({"description": {"engine": "python", "version": "1.0", "instance": str(uuid.uuid4()), "deterministic": True,
                      "operations": [{"id": name} for name in OPERATIONS]}})
for line in sys.stdin:
    message = json.loads(line)
    if "start" in message:
        key, start = message["key"], message["start"]
        send({"key": key, "accepted": {}})
        try:
            outcome = OPERATIONS[start["operation"]["id"]](start)
        except Exception as fault:
            print(repr(fault), file=sys.stderr)
            outcome = {"failure": {"code": "ENGINE_FAILED", "category": "EXTERNAL", "message": "The worker failed.",
                                   "detail": repr(fault)}}
        send({"key": key, "outcome": outcome})
