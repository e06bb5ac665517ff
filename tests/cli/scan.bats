#!/usr/bin/env bats
# The command line: exit codes, streams, options, targets.

setup() {
	F="$BATS_TEST_DIRNAME/../../$B/fixtures"
	T="$BATS_TEST_TMPDIR"
}

@test "a clean folder passes with 0 and says clean" {
	mkdir "$T/clean" && echo 'hello world' >"$T/clean/a.txt"
	run "$ASSAY" scan --disable LIC-NONE "$T/clean"
	[ "$status" -eq 0 ]
	[[ "$output" == *PASS* ]]
}

@test "findings fail with 1, --exit-zero reports only, --fail-on never passes" {
	run "$ASSAY" scan "$F/demo-model"
	[ "$status" -eq 1 ]
	run "$ASSAY" scan --exit-zero "$F/demo-model"
	[ "$status" -eq 0 ]
	[[ "$output" == *PKL-CALL-DANGEROUS* ]]
	run "$ASSAY" scan --fail-on never "$F/demo-model"
	[ "$status" -eq 0 ]
}

@test "what could not be read gives 2, and is named; --allow-incomplete permits it" {
	run "$ASSAY" scan --fail-on never "$F/broken"
	[ "$status" -eq 2 ]
	[[ "$output" == *"cut.tar.gz"* ]]
	[[ "$output" != *clean* ]]
	run "$ASSAY" scan --fail-on never --allow-incomplete "$F/broken"
	[ "$status" -eq 0 ]
	[[ "$output" == *"allow-incomplete"* ]]
}

@test "nothing to scan gives 3" {
	mkdir "$T/empty"
	run "$ASSAY" scan "$T/empty"
	[ "$status" -eq 3 ]
}

@test "usage errors give 4 with a suggestion" {
	run "$ASSAY" scna x
	[ "$status" -eq 4 ]
	[[ "$output" == *"did you mean 'scan'"* ]]
	run "$ASSAY" scan --fial-on high .
	[ "$status" -eq 4 ]
	[[ "$output" == *"--fail-on"* ]]
	run "$ASSAY" scan -o jsn .
	[ "$status" -eq 4 ]
	[[ "$output" == *"json"* ]]
	run "$ASSAY" scan /does/not/exist
	[ "$status" -eq 4 ]
	[[ "$output" == *"/does/not/exist"* ]]
}

@test "a file, an archive and standard input are targets" {
	run "$ASSAY" scan "$F/demo-model/optimizer.pt"
	[ "$status" -eq 1 ]
	run "$ASSAY" scan "$F/nested/a.tar.gz"
	[ "$status" -eq 1 ]
	[[ "$output" == *"a.tar.gz!/a.tar!/b.zip!/c.pkl"* ]]
	run bash -c "'$ASSAY' scan - <'$F/nested/a.tar.gz'"
	[ "$status" -eq 1 ]
	[[ "$output" == *"!/b.zip!/c.pkl"* ]]
}

@test "several reports in one scan; only one may go to standard output" {
	run "$ASSAY" scan -o json="$T/a.json" -o sarif="$T/a.sarif" -o markdown="$T/a.md" -o text="$T/a.txt" "$F/demo-model"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	jq -e '.verdict.status == "fail"' "$T/a.json"
	jq -e '.runs[0].results | length > 0' "$T/a.sarif"
	grep -q FAILED "$T/a.md"
	run "$ASSAY" scan -o json -o sarif "$F/demo-model"
	[ "$status" -eq 4 ]
}

@test "SARIF: one location with a relative path and a region, for every result" {
	cd "$F/.."
	"$ASSAY" scan -q -o sarif="$T/a.sarif" fixtures/nested fixtures/mismatch || true
	jq -e '[.runs[].results[] | select((.locations | length) != 1
		or .locations[0].physicalLocation.region.endColumn == null
		or (.locations[0].physicalLocation.artifactLocation.uri | startswith("/")))] | length == 0' "$T/a.sarif"
	for f in $(jq -r '.runs[].results[].locations[0].physicalLocation.artifactLocation.uri' "$T/a.sarif"); do
		[ -e "$f" ]
	done
}

@test "same bytes whatever -j" {
	mkdir "$T/many"
	for i in $(seq 1 2000); do printf 'file %d SPDX-License-Identifier: MIT\n' "$i" >"$T/many/f$i.txt"; done
	cp -r "$F"/. "$T/many/fixtures"
	for j in 1 2 8; do
		"$ASSAY" scan -q -j$j -o json="$T/$j.json" -o sarif="$T/$j.sarif" -o text="$T/$j.txt" "$T/many" || true
	done
	cmp "$T/1.json" "$T/2.json" && cmp "$T/1.json" "$T/8.json"
	cmp "$T/1.sarif" "$T/8.sarif"
	cmp "$T/1.txt" "$T/8.txt"
}

@test "links are not followed out of the target; fifos and unreadable files are told" {
	mkdir "$T/t" && echo secret >"$T/outside" && ln -s ../outside "$T/t/link" && ln -s nowhere "$T/t/dangling"
	mkfifo "$T/t/fifo"
	run "$ASSAY" scan --fail-on never "$T/t"
	[ "$status" -eq 2 ]
	[[ "$output" == *"link: "* && "$output" == *"dangling: "* && "$output" == *"fifo: "* ]]
}

@test "hostile names are escaped in every report" {
	mkdir "$T/h"
	printf '\x80\x02cposix\nsystem\nX\x02\x00\x00\x00id\x85R.' >"$T/h/"$'a\e[31m\nb::error.pkl'
	run "$ASSAY" scan "$T/h"
	[ "$status" -eq 1 ]
	[[ "$output" != *$'\e'* ]]
	"$ASSAY" scan -q -o json="$T/h.json" "$T/h" || true
	jq -e '.findings | length > 0' "$T/h.json"
	run "$ASSAY" scan -o markdown "$T/h"
	[[ "$output" != *$'\e'* ]]
	! grep -q '^::' <<<"$output"
}

@test "hash writes what sha256sum reads, and checks lists" {
	cd "$F/demo-model"
	"$ASSAY" hash . >"$T/sums"
	sha256sum --quiet -c "$T/sums"
	run "$ASSAY" hash --check "$T/sums" .
	[ "$status" -eq 0 ]
	sed -i 's/^./f/' "$T/sums"
	run "$ASSAY" hash --check "$T/sums" .
	[ "$status" -eq 1 ]
}

@test "a listed file is found by its pointer, by its bytes and under another name" {
	printf 'X5O!P%%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >"$T/weights.bin"
	run "$ASSAY" scan "$T/weights.bin"
	[ "$status" -eq 1 ]
	[[ "$output" == *KNOWN-FLAGGED* ]]
	run "$ASSAY" scan "$F/poison"
	[[ "$output" == *KNOWN-FLAGGED* && "$output" == *KNOWN-LOOKALIKE* && "$output" == *KNOWN-RENAMED* ]]
}

@test "limits are options, and reaching one is told" {
	run "$ASSAY" scan --max-ratio 100 --fail-on critical "$F/bomb"
	[ "$status" -eq 2 ]
	[[ "$output" == *ARC-BOMB* && "$output" == *"--max-ratio"* ]]
	run "$ASSAY" scan --max-depth 1 --fail-on never "$F/nested"
	[ "$status" -eq 2 ]
	[[ "$output" == *"--max-depth"* ]]
}

@test "colour only on demand, NO_COLOR and --color" {
	run env FORCE_COLOR=1 "$ASSAY" scan "$F/demo-model"
	[[ "$output" == *$'\e['* ]]
	run env NO_COLOR=1 "$ASSAY" scan "$F/demo-model"
	[[ "$output" != *$'\e['* ]]
	run "$ASSAY" scan --color=always "$F/demo-model"
	[[ "$output" == *$'\e['* ]]
}

@test "the environment sets options, the command line wins" {
	run env ASSAY_FAIL_ON=never "$ASSAY" scan "$F/demo-model"
	[ "$status" -eq 0 ]
	run env ASSAY_FAIL_ON=never "$ASSAY" scan --fail-on high "$F/demo-model"
	[ "$status" -eq 1 ]
}

@test "help, completion and version" {
	run "$ASSAY" help scan
	[ "$status" -eq 0 ]
	[[ "$output" == *--fail-on* ]]
	"$ASSAY" completion bash >"$T/c.bash" && bash -n "$T/c.bash"
	run "$ASSAY" completion zsh
	[[ "$output" == *"#compdef assay"* ]]
	run "$ASSAY" completion fish
	[[ "$output" == *"complete -c assay"* ]]
	run "$ASSAY" version
	[[ "$output" == *libarchive* ]]
}

@test "licence records: list, show, a suggestion for a typo" {
	run "$ASSAY" licence show mit
	[ "$status" -eq 0 ]
	[[ "$output" == *permissive* ]]
	run "$ASSAY" licence show GPL-3.0-onyl
	[ "$status" -eq 4 ]
	[[ "$output" == *GPL-3.0-only* ]]
	[ "$("$ASSAY" licence list | wc -l)" -gt 800 ]
}

@test "an edited licence is not that licence, and the difference is shown" {
	sed 's/without restriction/without restriction except for commercial purposes of any kind/' LICENSE >"$T/LICENSE"
	run "$ASSAY" licence diff "$T/LICENSE" MIT
	[ "$status" -eq 1 ]
	[[ "$output" == *"commercial"* ]]
	"$ASSAY" scan -q -o json="$T/l.json" "$T/LICENSE" || true
	jq -e '[.licences[].matches[] | select(.verdict == "exact" or .verdict == "match")] | length == 0' "$T/l.json"
	"$ASSAY" scan -q -o json="$T/m.json" LICENSE || true
	jq -e '.licences[0].matches[0].id == "MIT" and .licences[0].matches[0].verdict == "exact"' "$T/m.json"
}

@test "the sandbox is on and can be switched off" {
	run "$ASSAY" scan -v --no-sandbox "$F/packages"
	[ "$status" -le 2 ]
	run "$ASSAY" scan -v "$F/packages"
	[ "$status" -le 2 ]
}
