# assay: see README.md. Targets: all check check-asan check-tsan lint fuzz bench eval demo install
# uninstall dist clean deps. CFLAGS, LDFLAGS and CC are the user's; V=1 shows the commands.

VERSION  := 0.1.0
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
LIBDIR   ?= $(PREFIX)/lib
INCDIR   ?= $(PREFIX)/include
DATADIR  ?= $(PREFIX)/share
MANDIR   ?= $(DATADIR)/man
INSTALL  ?= install
PKG_CONFIG ?= pkg-config
B        ?= build
CORPORA  ?= ../shared/corpora

PKGS     := libarchive yaml-0.1 libpcre2-8 libcjson libcrypto zlib
SKIP_DEPS := clean deps demo check uninstall
ifneq ($(filter-out $(SKIP_DEPS),$(or $(MAKECMDGOALS),all)),)
ifneq ($(shell $(PKG_CONFIG) --exists $(PKGS) openblas lapacke 2>/dev/null && \
	test -d licences/node_modules/spdx-license-list && echo ok),ok)
$(error assay needs libraries that are not installed. Run: sudo make deps)
endif
endif

WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	    -Wno-error=deprecated-declarations -Werror
# Flags that only some compilers know.
have     = $(shell $(CC) $(1) -x c -c /dev/null -o /dev/null 2>/dev/null && echo $(1))
HARDEN   := -fstack-protector-strong -D_FORTIFY_SOURCE=2 -fPIE \
	    $(call have,-fcf-protection) $(call have,-ftrivial-auto-var-init=zero)
OPT      ?= -O2
AU_CFLAGS := -std=c17 -g $(OPT) $(WARN) $(HARDEN) -Isrc -Iinclude -I$(B)/gen \
	    -DAU_VERSION='"$(VERSION)"' -DAU_GEN_DIR='"$(abspath $(B)/gen)"' $(shell $(PKG_CONFIG) --cflags $(PKGS) openblas 2>/dev/null)
AU_LDFLAGS := -pie -Wl,-z,relro,-z,now -Wl,-z,noexecstack -Wl,--as-needed
LIBS     := $(shell $(PKG_CONFIG) --libs $(PKGS) openblas lapacke 2>/dev/null) -lm -lpthread

ifneq ($(V),1)
Q := @
say = @printf '  %-7s %s\n' $(1) $(2);
endif

LIB_SRC  := $(sort $(wildcard src/base/*.c src/io/*.c src/ext/*.c src/audit/*.c src/format/*.c \
	    src/unpack/*.c src/licence/*.c src/declare/*.c src/weights/*.c src/detect/*.c src/legal/*.c \
	    src/policy/*.c src/report/*.c src/scan/*.c))
CLI_SRC  := $(sort $(wildcard src/cli/*.c)) $(wildcard src/main.c)
GEN_SRC  := $(sort $(wildcard src/gen/*.c))
LIB_OBJ  := $(LIB_SRC:src/%.c=$(B)/obj/%.o)
CLI_OBJ  := $(CLI_SRC:src/%.c=$(B)/obj/%.o)
GEN_BIN  := $(GEN_SRC:src/gen/%.c=$(B)/%)
TESTS    := $(patsubst tests/unit/%.c,$(B)/tests/%,$(wildcard tests/unit/*/test_*.c))

all: $(B)/assay $(B)/libassay.a

$(B)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(AU_CFLAGS) -MMD -MP $(CFLAGS) -c $< -o $@

# Build tools: they make the tables that are compiled in. They link only what they need.
GEN_LIB  := $(patsubst src/%.c,$(B)/obj/%.o,$(wildcard src/base/*.c src/io/*.c) src/ext/yaml.c)

$(B)/genknown: $(B)/obj/gen/genknown.o $(B)/obj/detect/known_compile.o \
		$(B)/obj/detect/known_class.o $(B)/obj/detect/known_db.o $(GEN_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(AU_CFLAGS) $(CFLAGS) $^ $(AU_LDFLAGS) $(LDFLAGS) $(LIBS) -o $@

$(B)/gen/known.bin: $(B)/genknown $(wildcard rules/known/*.yaml)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(B)/genknown rules $@

$(B)/obj/detect/known_builtin.o: $(B)/gen/known.bin

# Tables that are compiled in as they are written.
$(B)/obj/declare/names.o: rules/licence-names.tsv
$(B)/obj/legal/tables.o: rules/hub-models.yaml rules/compatibility.yaml rules/obligations.yaml
$(B)/obj/policy/find.o: $(wildcard rules/policies/*.yaml)

$(B)/genrecords: $(B)/obj/gen/genrecords.o $(GEN_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(AU_CFLAGS) $(CFLAGS) $^ $(AU_LDFLAGS) $(LDFLAGS) $(LIBS) -o $@

$(B)/gen/records.bin: $(B)/genrecords $(wildcard licences/*/*.yaml)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(B)/genrecords licences $@

$(B)/obj/licence/record.o: $(B)/gen/records.bin

SPDX_JSON := licences/node_modules/spdx-license-list/spdx-full.json
GEN_LIC  := $(patsubst src/%.c,$(B)/obj/%.o,$(filter-out src/licence/builtin.c src/licence/record.c,$(wildcard src/licence/*.c)))

$(B)/genlicence: $(B)/obj/gen/genlicence.o $(GEN_LIC) $(GEN_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(AU_CFLAGS) $(CFLAGS) $^ $(AU_LDFLAGS) $(LDFLAGS) $(LIBS) -o $@

$(B)/gen/licence.bin: $(B)/genlicence $(wildcard rules/notices/*.yaml licences/*/*.yaml \
		licences/fingerprints/*.fp) $(SPDX_JSON)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(B)/genlicence $(SPDX_JSON) licences rules $@

$(B)/obj/licence/builtin.o: $(B)/gen/licence.bin

$(B)/genpickle: $(B)/obj/gen/genpickle.o $(B)/obj/detect/pickle_compile.o $(GEN_LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(AU_CFLAGS) $(CFLAGS) $^ $(AU_LDFLAGS) $(LDFLAGS) $(LIBS) -o $@

$(B)/gen/pickle.bin: $(B)/genpickle $(wildcard rules/pickle/*.yaml)
	@mkdir -p $(@D)
	$(call say,GEN,$@)
	$(Q)$(B)/genpickle rules $@

$(B)/obj/detect/pickle_names.o: $(B)/gen/pickle.bin

# Digest of all built-in rules, for the reports.
$(B)/gen/rules_sha256.h: $(B)/gen/known.bin $(B)/gen/pickle.bin $(B)/gen/licence.bin $(B)/gen/records.bin \
		$(wildcard rules/*.yaml rules/*.tsv)
	$(Q)printf '#define AU_RULES_SHA256 "%s"\n' "$$(cat $^ | sha256sum | cut -d' ' -f1)" >$@

$(B)/obj/cli/cmd_scan.o $(B)/obj/scan/api.o: $(B)/gen/rules_sha256.h

$(B)/libassay.a: $(LIB_OBJ)
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(LIB_OBJ)

$(B)/assay: $(CLI_OBJ) $(B)/libassay.a
	$(call say,LD,$@)
	$(Q)$(CC) $(AU_CFLAGS) $(CFLAGS) $(CLI_OBJ) $(B)/libassay.a $(AU_LDFLAGS) $(LDFLAGS) $(LIBS) -o $@

$(B)/tests/%: tests/unit/%.c $(B)/libassay.a
	@mkdir -p $(@D)
	$(call say,TEST,$@)
	$(Q)$(CC) $(AU_CFLAGS) -MMD -MP $(CFLAGS) $< $(B)/libassay.a $(AU_LDFLAGS) $(LDFLAGS) $(LIBS) -lcmocka -o $@

EVALS    := $(patsubst tests/eval/%.c,$(B)/eval-%,$(wildcard tests/eval/*.c))
$(B)/eval-%: tests/eval/%.c $(B)/libassay.a
	$(call say,LD,$@)
	$(Q)$(CC) $(AU_CFLAGS) -MMD -MP $(CFLAGS) $< $(B)/libassay.a $(AU_LDFLAGS) $(LDFLAGS) $(LIBS) -o $@

unit: $(TESTS)
	@fail=0; for t in $(TESTS); do $$t >$$t.log 2>&1 || { fail=1; echo "FAIL $$t"; cat $$t.log; }; done; exit $$fail

# Fuzz targets: replay-X feeds a corpus through X; fuzz-X is libFuzzer (clang).
FUZZ     := $(patsubst tests/fuzz/%.c,%,$(filter-out tests/fuzz/driver.c,$(wildcard tests/fuzz/*.c)))
REPLAY   := $(FUZZ:%=$(B)/fuzz/replay-%)

$(B)/fuzz/replay-%: tests/fuzz/%.c tests/fuzz/driver.c $(B)/libassay.a
	@mkdir -p $(@D)
	$(call say,FUZZ,$@)
	$(Q)$(CC) $(AU_CFLAGS) -Wno-missing-prototypes $(CFLAGS) $< tests/fuzz/driver.c $(B)/libassay.a $(AU_LDFLAGS) \
		$(LDFLAGS) $(LIBS) -o $@

SECONDS ?= 60
FUZZ_FLAGS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
# make fuzz [TARGET=pickle] [SECONDS=60]
fuzz:
	$(MAKE) B=build/fuzzer CC=clang OPT=-O1 CFLAGS="$(FUZZ_FLAGS)" build/fuzzer/libassay.a
	@for t in $(or $(TARGET),$(FUZZ)); do \
		mkdir -p build/fuzzer/found/$$t build/fuzzer/work/$$t tests/fuzz/corpus/$$t; \
		clang -std=c17 -g -O1 -Isrc -D_GNU_SOURCE -DAU_VERSION='"$(VERSION)"' -DAU_GEN_DIR='"$(abspath build/fuzzer/gen)"' \
			-fsanitize=fuzzer,address,undefined tests/fuzz/$$t.c build/fuzzer/libassay.a $(LIBS) \
			-o build/fuzzer/$$t && \
		build/fuzzer/$$t -max_total_time=$(SECONDS) -rss_limit_mb=2048 -timeout=20 -max_len=65536 \
			$$(test -f tests/fuzz/$$t.dict && echo -dict=tests/fuzz/$$t.dict) \
			-artifact_prefix=build/fuzzer/found/$$t/ build/fuzzer/work/$$t tests/fuzz/corpus/$$t || exit 1; \
	done

tests-built: all $(TESTS) $(REPLAY)

SAN := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
asan:
	$(MAKE) B=build/asan CC=clang OPT=-O1 CFLAGS="$(SAN)" tests-built
tsan:
	$(MAKE) B=build/tsan CC=clang OPT=-O1 CFLAGS="-fsanitize=thread" build/tsan/assay

# Everything: installs what is missing, builds with gcc and clang, runs every test.
check:
	@sh .ci/deps
	@$(MAKE) --no-print-directory tests-built
	@$(MAKE) --no-print-directory asan
	@$(MAKE) --no-print-directory tsan
	@tests/run $(B)

# Installs what is missing to build, builds, audits the bundled model repository.
demo:
	@sh .ci/deps --build
	@$(MAKE) --no-print-directory all
	@mkdir -p $(B)/demo
	@cd fixtures && ../$(B)/assay scan -o text -o json=../$(B)/demo/assay.json -o sarif=../$(B)/demo/assay.sarif \
		-o markdown=../$(B)/demo/assay.md -o html=../$(B)/demo/assay.html demo-model; \
		test $$? -le 2 || exit 1
	@echo; echo "Reports:"; for f in $(B)/demo/*; do echo "  $$f"; done

deps:
	@sh .ci/deps

eval: $(EVALS) all
	@test -d $(CORPORA) || { echo "no corpora at $(CORPORA): set CORPORA="; exit 1; }
	$(B)/eval-licences $(CORPORA) $(B)/eval-licences-errors.txt
	python3 tests/eval/models.py --assay $(B)/assay -e $(CORPORA)/model-files

bench: all
	tests/bench/run $(B)

install: all
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCDIR)/assay $(DESTDIR)$(MANDIR)/man1 \
		$(DESTDIR)$(MANDIR)/man5 $(DESTDIR)$(DATADIR)/assay $(DESTDIR)$(DATADIR)/bash-completion/completions \
		$(DESTDIR)$(DATADIR)/zsh/site-functions $(DESTDIR)$(DATADIR)/fish/vendor_completions.d
	$(INSTALL) -m 755 $(B)/assay $(DESTDIR)$(BINDIR)/assay
	$(INSTALL) -m 644 $(B)/libassay.a $(DESTDIR)$(LIBDIR)/libassay.a
	$(INSTALL) -m 644 include/assay/*.h $(DESTDIR)$(INCDIR)/assay/
	sed -e 's|@PREFIX@|$(PREFIX)|; s|@VERSION@|$(VERSION)|' -e 's|@PKGS@|$(PKGS) openblas lapacke|' assay.pc.in \
		>$(DESTDIR)$(LIBDIR)/pkgconfig/assay.pc
	$(INSTALL) -m 644 man/*.1 $(DESTDIR)$(MANDIR)/man1/
	$(INSTALL) -m 644 man/*.5 $(DESTDIR)$(MANDIR)/man5/
	cp -R rules $(DESTDIR)$(DATADIR)/assay/
	$(INSTALL) -d $(DESTDIR)$(DATADIR)/assay/licences
	for d in licences/*/; do case $$d in licences/node_modules/) ;; *) cp -R $$d $(DESTDIR)$(DATADIR)/assay/licences/ ;; esac; done
	$(B)/assay completion bash >$(DESTDIR)$(DATADIR)/bash-completion/completions/assay
	$(B)/assay completion zsh >$(DESTDIR)$(DATADIR)/zsh/site-functions/_assay
	$(B)/assay completion fish >$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/assay.fish

uninstall:
	rm -f $(DESTDIR)$(BINDIR)/assay $(DESTDIR)$(LIBDIR)/libassay.a $(DESTDIR)$(LIBDIR)/pkgconfig/assay.pc
	rm -f $(DESTDIR)$(MANDIR)/man1/assay.1 $(DESTDIR)$(MANDIR)/man5/assay*.5
	rm -f $(DESTDIR)$(DATADIR)/bash-completion/completions/assay $(DESTDIR)$(DATADIR)/zsh/site-functions/_assay \
		$(DESTDIR)$(DATADIR)/fish/vendor_completions.d/assay.fish
	rm -rf $(DESTDIR)$(INCDIR)/assay $(DESTDIR)$(DATADIR)/assay

clean:
	rm -rf build

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d)
.PHONY: all unit fuzz tests-built asan tsan check demo deps eval bench install uninstall clean
