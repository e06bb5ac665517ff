#!/usr/bin/env bats
# Installed tree: the program runs from there, and README's example compiles against the library.

@test "make install into DESTDIR; the program runs; the example of the README builds and runs" {
	cd "$BATS_TEST_DIRNAME/../.."
	D="$BATS_TEST_TMPDIR/root"
	make -s install B="$B" DESTDIR="$D" PREFIX=/usr
	"$D/usr/bin/assay" version
	[ -f "$D/usr/share/man/man1/assay.1" ] && [ -d "$D/usr/share/assay/rules/known" ]
	awk '/^```c$/ { on = 1; next } /^```$/ { on = 0 } on' README.md >"$BATS_TEST_TMPDIR/example.c"
	sed -i "s|^prefix=.*|prefix=$D/usr|" "$D/usr/lib/pkgconfig/assay.pc"
	export PKG_CONFIG_PATH="$D/usr/lib/pkgconfig"
	cc -std=c17 -Wall -Wextra -Werror "$BATS_TEST_TMPDIR/example.c" -o "$BATS_TEST_TMPDIR/example" \
		$(pkg-config --cflags --libs assay)
	run "$BATS_TEST_TMPDIR/example" fixtures/demo-model
	[ "$status" -eq 1 ]
	[[ "$output" == *"PKL-CALL-DANGEROUS"* ]]
}

@test "starts in under 10 ms" {
	best=1000000
	for i in 1 2 3 4 5 6 7 8 9 10; do
		t0=$(date +%s%N)
		"$ASSAY" scan -q -o json=/dev/null "$BATS_TEST_DIRNAME/install.bats" || true
		t1=$(date +%s%N)
		[ $((t1 - t0)) -lt $((best * 1000)) ] && best=$(((t1 - t0) / 1000))
	done
	echo "best of ten: $best us"
	[ "$best" -lt 10000 ]
}
