#!/usr/bin/env bash
# Every option and command of the tables is in the man page, and the man page names no other.
set -u
bad=0
[ -f man/assay.1 ] || { echo "no man page"; exit 1; }
for o in $(sed -n 's/^OPT([A-Z_0-9]*, "\([a-z0-9-]*\)".*/\1/p' src/cli/options.list); do
	grep -q -- "Fl Fl $o\b" man/assay.1 || { echo "man page lacks --$o"; bad=1; }
done
for v in $(sed -n 's/^VERB(V_[A-Z]*, "\([a-z]*\)".*/\1/p' src/cli/verbs.list); do
	grep -q "Cm $v\b" man/assay.1 || { echo "man page lacks the command $v"; bad=1; }
done
for o in $(sed -n 's/.*Fl Fl \([a-z0-9-]*\).*/\1/p' man/assay.1); do
	grep -q "\"$o\"" src/cli/options.list || { echo "man page has --$o, the table does not"; bad=1; }
done
python3 man/make.py --check || bad=1
mandoc -T lint -W warning man/*.[157] || bad=1
exit $bad
