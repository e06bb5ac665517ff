#!/usr/bin/env python3
"""README says what the program does: its generated parts are made anew and compared (--write)."""
import os, re, subprocess, sys

assay = os.environ.get("ASSAY", "build/assay")
text = open("README.md").read()


def run(*args, cwd=None):
    return subprocess.run([os.path.abspath(assay), *args], cwd=cwd, capture_output=True, text=True,
                          env={**os.environ, "NO_COLOR": "1"}).stdout


demo = run("scan", "demo-model", cwd="fixtures").rstrip("\n")
rows = [l.split("\t") for l in run("rules", "formats").splitlines()]
table = "| format | name | checked |\n|---|---|---|\n" + "\n".join(
    f"| {title} | `{name}` | {checked} |" for name, title, checked in rows)
new = re.sub(r"(\$ assay scan demo-model\n).*?(\n```)", lambda m: m[1] + demo + m[2], text, count=1, flags=re.S)
new = re.sub(r"(### Formats and what is checked in each\n\n).*?(\n\n## )", lambda m: m[1] + table + m[2], new, count=1, flags=re.S)
if "--write" in sys.argv:
    open("README.md", "w").write(new)
elif new != text:
    sys.exit("README.md has drifted: python3 tests/lint/readme.py --write")
