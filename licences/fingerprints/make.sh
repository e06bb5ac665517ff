#!/bin/sh
# Fingerprints of the AI and dataset licence texts. The texts are their authors' and are not here:
# give the directory that holds them and their INDEX.tsv (file, id, title).
# Usage: licences/fingerprints/make.sh TEXTS_DIR [GENLICENCE]
set -eu
texts=$1
gen=${2:-build/genlicence}
out=$(dirname "$0")
grep -v '^#' "$texts/INDEX.tsv" | while IFS="$(printf '\t')" read -r file id title _; do
	"$gen" --fingerprint "$id" "$title" "$texts/$file" "$out/${file%.txt}.fp"
done
