#!/usr/bin/env python3
"""Accuracy over labelled model files: models.py [-f FORMAT,...] [-e] [-j N] [CORPUS]

CORPUS holds TRUTH.tsv (path, label, format, technique, source). Each sample is scanned by itself
(its own directory where it has one). Prints, per format: malicious found at high or above and at
medium or above, benign that reach high and medium; -e lists the errors."""
import argparse
import collections
import concurrent.futures
import json
import os
import subprocess
import sys

ORDER = {"info": 0, "low": 1, "medium": 2, "high": 3, "critical": 4}


def scan(job):
    root, path, opts = job
    parts = path.split("/")
    target = os.path.join(root, *parts[:2]) if parts[0] == "g" and len(parts) > 2 else os.path.join(root, path)
    cmd = [opts.assay, "scan", "-o", "json", "--no-sandbox", "--fail-on", "never", target]
    try:
        r = subprocess.run(cmd, capture_output=True, timeout=120)
        doc = json.loads(r.stdout)
    except (subprocess.TimeoutExpired, ValueError) as e:
        return -1, "error: %s" % type(e).__name__
    best, why = -1, []
    for f in doc["findings"]:
        if f["kind"] not in ("safety", "integrity"):
            continue
        s = ORDER[f["severity"]]
        best = max(best, s)
        if s >= 1:
            why.append("%s:%s" % (f["severity"][0].upper(), f["rule"]) + " " + f["message"][:90])
    if not doc["coverage"]["complete"]:
        why.append("incomplete: " + "; ".join(c["text"] for c in doc["coverage"]["skipped"] if not c.get("benign"))[:120])
    why.sort(key=lambda w: "CHMLI".find(w[0]) if w[1] == ":" else 9)
    formats = sorted({e.get("format") or "?" for e in doc["entries"]})
    return best, "[%s] %s" % (",".join(formats), " | ".join(why[:3]))


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("corpus", nargs="?", default=os.path.join(os.environ.get("CORPORA", "../shared/corpora"), "model-files"))
    ap.add_argument("-f", "--formats", default="")
    ap.add_argument("-e", "--errors", action="store_true")
    ap.add_argument("-j", "--jobs", type=int, default=2)
    ap.add_argument("--assay", default="build/assay")
    opts = ap.parse_args()
    rows = []
    for line in open(os.path.join(opts.corpus, "TRUTH.tsv"), encoding="utf-8"):
        cols = line.rstrip("\n").split("\t")
        if not line.startswith("#") and len(cols) >= 4 and (not opts.formats or cols[2] in opts.formats.split(",")):
            rows.append(cols)
    with concurrent.futures.ThreadPoolExecutor(opts.jobs) as pool:
        results = list(pool.map(scan, [(opts.corpus, r[0], opts) for r in rows]))
    table = collections.defaultdict(collections.Counter)
    errors = []
    for (path, label, fmt, technique, *_), (best, why) in zip(rows, results):
        for key in (fmt, "(all)"):
            t = table[key]
            t[label] += 1
            t[label + ">=high"] += best >= 3
            t[label + ">=medium"] += best >= 2
        if (label == "malicious" and best < 3) or (label == "benign" and best >= 2):
            errors.append((label, best, fmt, technique, path, why))
    print("%-20s %5s %6s %6s | %5s %6s %6s | %5s %6s" % ("format", "mal", "high+", "med+", "ben", "high+", "med+", "gray", "med+"))
    for key in sorted(table):
        t = table[key]
        print("%-20s %5d %6d %6d | %5d %6d %6d | %5d %6d" % (
            key, t["malicious"], t["malicious>=high"], t["malicious>=medium"], t["benign"], t["benign>=high"],
            t["benign>=medium"], t["gray"], t["gray>=medium"]))
    if opts.errors:
        for e in sorted(errors):
            print("%s best=%d %s %s %s\n    %s" % e)
    return 0


if __name__ == "__main__":
    sys.exit(main())
