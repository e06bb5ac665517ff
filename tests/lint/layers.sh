#!/usr/bin/env bash
# Includes point down the storeys only, and every file starts with banned.h.
set -u
order="base io ext audit format unpack licence declare weights detect legal policy report scan cli gen"
level() { case $1 in licence | declare | weights) echo 6 ;; detect | legal) echo 7 ;; *) local i=0 w
	for w in $order; do [ "$w" = "$1" ] && { [ $i -gt 6 ] && i=$((i - 1)); echo $i; return; }; i=$((i + 1)); done; echo 99 ;; esac; }
bad=0
for f in src/*/*.[ch]; do
	room=${f#src/} room=${room%%/*}
	[ "$room" = gen ] && continue
	here=$(level "$room")
	while read -r inc; do
		to=${inc%%/*}
		[ "$(level "$to")" -gt "$here" ] && { echo "$f includes $inc, which lies above it"; bad=1; }
	done < <(sed -n 's/^#include "\([a-z]*\/[^"]*\)".*/\1/p' "$f")
	case $f in *.c) grep -q '^#include "base/banned.h"' "$f" || { echo "$f does not include base/banned.h"; bad=1; } ;; esac
done
for lib in archive.h yaml.h cjson openssl zlib.h pcre2.h cblas.h lapacke.h; do
	grep -ln "#include <$lib\|#include <$lib/" src/*/*.[ch] | grep -v '^src/ext/' && { echo "<$lib> is included outside of src/ext"; bad=1; }
done
exit $bad
