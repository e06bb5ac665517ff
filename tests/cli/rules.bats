#!/usr/bin/env bats
# Rules, licences, policy, waivers and baseline of the user's.

setup() {
	F="$BATS_TEST_DIRNAME/../../$B/fixtures"
	T="$BATS_TEST_TMPDIR"
}

@test "--add-rules: a name of one's own becomes dangerous or safe" {
	mkdir -p "$T/r/pickle"
	printf '\x80\x02cmycompany.models\nRebuild\n)R.' >"$T/m.pkl"
	"$ASSAY" scan -q -o json="$T/a.json" "$T/m.pkl" || true
	jq -e '[.findings[] | select(.rule == "PKL-UNKNOWN-CLASS")] | length == 1' "$T/a.json"
	printf 'safe:\n  mycompany.models: [Rebuild]\n' >"$T/r/pickle/safe.yaml"
	"$ASSAY" scan -q --add-rules "$T/r" -o json="$T/b.json" "$T/m.pkl" || true
	jq -e '[.findings[] | select(.rule | startswith("PKL-UNKNOWN"))] | length == 0' "$T/b.json"
	printf 'dangerous:\n  exec:\n    mycompany.models: [Rebuild]\n' >"$T/r/pickle/dangerous.yaml"
	rm "$T/r/pickle/safe.yaml"
	"$ASSAY" scan -q --add-rules "$T/r" -o json="$T/c.json" "$T/m.pkl" || true
	jq -e '[.findings[] | select(.rule == "PKL-CALL-DANGEROUS")] | length == 1' "$T/c.json"
}

@test "--add-rules: a file of one's own is flagged" {
	mkdir -p "$T/r/known"
	echo weights >"$T/w.bin"
	cat >"$T/r/known/mine.yaml" <<Y
version: 1
reasons: ["found by us"]
sources: ["incident 7"]
files:
  - ["$(sha256sum <"$T/w.bin" | cut -d' ' -f1)", w.bin, 8, evil/model, "", malicious, 0, 0]
Y
	run "$ASSAY" scan --add-rules "$T/r" "$T/w.bin"
	[ "$status" -eq 1 ]
	[[ "$output" == *KNOWN-FLAGGED* && "$output" == *"incident 7"* ]]
}

@test "--rules replaces: nothing is dangerous with an empty table" {
	mkdir -p "$T/r/pickle"
	printf 'safe:\n  posix: [system]\n' >"$T/r/pickle/safe.yaml"
	"$ASSAY" scan -q --rules "$T/r" -o json="$T/a.json" "$F/demo-model/optimizer.pt" || true
	jq -e '[.findings[] | select(.rule == "PKL-CALL-DANGEROUS")] | length == 0' "$T/a.json"
}

@test "a faulty rule file ends with 4 and names the line" {
	mkdir -p "$T/r/pickle"
	printf 'dangerous:\n  nonsense:\n    a: [b]\n' >"$T/r/pickle/dangerous.yaml"
	run "$ASSAY" scan --add-rules "$T/r" "$F/packages"
	[ "$status" -eq 4 ]
	[[ "$output" == *"dangerous.yaml:2"* ]]
	run "$ASSAY" scan --add-rules "$T" "$F/packages"
	[ "$status" -eq 4 ]
}

@test "a licence of one's own, as text and as fingerprint" {
	mkdir "$T/l" "$T/fp" "$T/target"
	for i in 1 2 3 4 5 6; do
		echo "The licensee of Example Works number $i may read this document on weekdays and keep $i copies in a drawer,"
		echo "provided that permission $i of the archivist was granted before and no copy leaves the building."
	done >"$T/l/Example-1.0.txt"
	cp "$T/l/Example-1.0.txt" "$T/target/LICENSE"
	"$ASSAY" scan -q -o json="$T/a.json" "$T/target" || true
	jq -e '[.licences[].matches[] | select(.id != null)] | length == 0' "$T/a.json"
	"$ASSAY" scan -q --licences "$T/l" -o json="$T/b.json" "$T/target" || true
	jq -e '.licences[0].matches[0].id == "LicenseRef-Example-1.0"' "$T/b.json"
	"$ASSAY" licence fingerprint "$T/l/Example-1.0.txt" >"$T/fp/Example-1.0.fp"
	! grep -qi drawer "$T/fp/Example-1.0.fp"
	"$ASSAY" scan -q --licences "$T/fp" -o json="$T/c.json" "$T/target" || true
	jq -e '.licences[0].matches[0].id == "LicenseRef-Example-1.0"' "$T/c.json"
}

@test "policy: denied licences and formats fail, an unknown key ends with 4 and a suggestion" {
	cd "$T"
	cp -r "$F/packages" .
	printf 'version: 1\nlicences:\n  deny: [GPL-3.0-or-later]\n' >.assay.yaml
	run "$ASSAY" scan packages
	[ "$status" -eq 1 ]
	[[ "$output" == *POL-* ]]
	printf 'version: 1\nlicenses:\n  deny: [MIT]\n' >.assay.yaml
	run "$ASSAY" scan packages
	[ "$status" -eq 4 ]
	[[ "$output" == *".assay.yaml:2"* && "$output" == *licences* ]]
}

@test "a policy inside the scanned target is not read" {
	mkdir "$T/model" && cp "$F/demo-model/optimizer.pt" "$T/model/"
	printf 'version: 1\nfail-on: never\n' >"$T/model/.assay.yaml"
	cd "$T"
	run "$ASSAY" scan model
	[ "$status" -eq 1 ]
}

@test "waivers: in force with a pin, expired ones are told" {
	sum=$(sha256sum <"$F/demo-model/optimizer.pt" | cut -d' ' -f1)
	cat >"$T/w.yaml" <<Y
version: 1
waivers:
  - {id: W-1, rule: PKL-CALL-DANGEROUS, path: "**/optimizer.pt", sha256: $sum, reason: "Only ever read by the converter.", owner: ml@example.org, expires: 2027-01-31}
Y
	run "$ASSAY" scan --today 2026-12-01 --waivers "$T/w.yaml" --fail-on critical "$F/demo-model"
	[ "$status" -eq 0 ]
	run "$ASSAY" scan --today 2027-02-01 --waivers "$T/w.yaml" --fail-on critical "$F/demo-model"
	[ "$status" -eq 1 ]
	[[ "$output" == *expired* ]]
}

@test "policy check and show; waiver list; baseline create, diff, prune; sbom" {
	cd "$T" && cp -r "$F/packages" "$F/demo-model" .
	printf 'version: 1\nfail-on: critical\n' >.assay.yaml
	run "$ASSAY" policy check
	[ "$status" -eq 0 ]
	run "$ASSAY" policy show --origin
	[[ "$output" == *critical* && "$output" == *.assay.yaml* ]]
	rm .assay.yaml
	"$ASSAY" baseline create demo-model >base.json
	run "$ASSAY" scan --baseline base.json demo-model
	[ "$status" -eq 0 ]
	run "$ASSAY" baseline diff --baseline base.json demo-model
	[ "$status" -eq 0 ]
	rm demo-model/optimizer.pt
	run "$ASSAY" baseline diff --baseline base.json demo-model
	[[ "$output" == *gone* ]]
	"$ASSAY" baseline prune --baseline base.json demo-model >base2.json
	[ "$(wc -l <base2.json)" -lt "$(wc -l <base.json)" ]
	"$ASSAY" sbom demo-model | jq -e '.bomFormat == "CycloneDX" and .components[0].type == "machine-learning-model"'
}
