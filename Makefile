# make              build everything: build/yuangate, build/yuanctl, plugins, tests
# make run          install what is missing, build, start on http://127.0.0.1:8080
# make test         install what is missing, build, run every test
# make check        what CI runs: format, gcc and clang, cppcheck, tests, sanitizers
# make bench        throughput beside nginx      make bench-million  the same with a full store
# make bench-rules  rules beside other engines, also the end of make bench
# make bench-diff   a million stored payments judged by two packs, and by two books
# make bench-rollout  payments while policies are activated, and with one in shadow
# make bench-lists  sanctions lists: how long they load, what they take in memory
# make bench-life   a clock moved past a million payments that wait, and a restart
# make bench-feed   payments beside a thousand who listen to the feed and 100 webhooks
# make bench-history  what the bank's memory costs a payment
# make bench-names  recall and false alarms of name matching, and its timings
# make fuzz         libFuzzer on CEL, packs, lists, exceptions, FUZZ_SECONDS each (default 600)
# make install      into PREFIX (default /usr/local)
# make setup        install by apt what any of these needs
# make format       clang-format in place          make clean   remove build/
#
# Knobs: CC=clang  SAN=1 (ASan, UBSan)  TSAN=1  FUZZ_SECONDS=60  ARGS="options for make run"

ifeq ($(origin CC),default)
CC      := gcc
endif
SAN     ?= 0
TSAN    ?= 0
FUZZ    ?= 0# set by make fuzz
FUZZ_SECONDS ?= 600
PREFIX  ?= /usr/local
B       ?= build$(if $(filter 1,$(SAN)),/san)$(if $(filter 1,$(TSAN)),/tsan)

WARN := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wpointer-arith -Wcast-qual -Wwrite-strings -Wformat=2 -Wvla -Wundef
CPPFLAGS += -I. -D_GNU_SOURCE -MMD -MP
CFLAGS   += -std=c11 -g -O2 -fPIC -fvisibility=hidden -fno-omit-frame-pointer \
            -ffile-prefix-map=$(CURDIR)=. $(WARN)
LLHTTP   := -DLLHTTP_STRICT_MODE=1 -I/usr/share/include/llhttp
comma    := ,
SANFLAGS := $(if $(filter 1,$(SAN)),-fsanitize=address$(comma)undefined -fno-sanitize-recover=all) \
            $(if $(filter 1,$(TSAN)),-fsanitize=thread) \
            $(if $(filter 1,$(FUZZ)),-fsanitize=fuzzer-no-link$(comma)address$(comma)undefined \
                 -fno-sanitize-recover=all)
CFLAGS  += $(SANFLAGS)
LDFLAGS += $(SANFLAGS) -pthread
LDLIBS  += -levent_core -levent_pthreads -lcjson -lsqlite3 -lcurl -lcrypto -lpcre2-8 -lxml2 \
           -licui18n -licuuc -ldl -lm

GATEWAY := $(patsubst %.c,$(B)/%.o,$(wildcard gateway/*.c))
CORE    := $(patsubst %.c,$(B)/%.o,$(wildcard gateway/*/*.c policy/*.c policy/goods/*.c \
                                           policy/rules/*.c policy/rules/cel/*.c \
                                           policy/screening/*.c)) \
           $(patsubst %,$(B)/llhttp/%.o,api http llhttp) $(B)/gateway/api/openapi_json.o
CLIENTS := $(patsubst %.c,$(B)/%.o,$(wildcard clients/*.c))
SUPPORT := $(patsubst %.c,$(B)/%.o,$(wildcard tests/support/*.c) clients/gateway_process.c clients/answer.c)
PLUGINS := $(patsubst policy/plugins/%.c,$(B)/plugins/%.so,$(wildcard policy/plugins/*.c))
TESTS   := $(patsubst tests/%.c,$(B)/tests/%,$(wildcard tests/*/test_*.c))
FUZZED  := $(patsubst %.c,$(B)/%.o,$(filter-out tests/fuzz/entry.c,$(wildcard tests/fuzz/*.c)))
FIXTURES := $(patsubst tests/abi/%.c,$(B)/tests/abi/%.so,$(filter-out tests/abi/test_%,$(wildcard tests/abi/*.c)))
BENCHES := $(patsubst %.c,$(B)/%,$(wildcard tests/bench/*.c))
PROGRAMS := $(if $(GATEWAY),$(B)/yuangate) $(if $(wildcard clients/yuanctl.c),$(B)/yuanctl)

SUBMAKE  = $(MAKE) -s --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(shell nproc))

all: programs $(TESTS) $(FIXTURES)

programs: $(PROGRAMS) $(PLUGINS)

# Before anything is compiled: are the libraries there?  If not, one line says so.
require-build require-test: require-%:
	@tests/support/setup.sh require $*

$(B)/yuangate: $(GATEWAY) $(CORE)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(B)/yuanctl: $(CLIENTS) $(CORE)
	$(CC) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The tests of the clients link their parts too: all but the one with main().
$(filter $(B)/tests/scenarios/%,$(TESTS)): $(filter-out $(SUPPORT) %/yuanctl.o,$(CLIENTS))

# Two tests count what is allocated while they look.
$(addprefix $(B)/tests/screening/,test_screen test_good_guys): LDFLAGS += -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

# The fuzzers' targets are replayed on their corpora by a test as well.
$(B)/tests/rules/test_corpus: $(FUZZED)

$(B)/fuzz_%: $(B)/tests/fuzz/entry_%.o $(FUZZED) $(CORE) $(B)/tests/support/payment_document.o
	$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS) -lcmocka

$(B)/tests/fuzz/entry_%.o: tests/fuzz/entry.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -DTARGET=fuzz_$* -c -o $@ $<

$(B)/llhttp/%.o: /usr/share/llhttp/%.c | require-build
	@mkdir -p $(@D)
	$(CC) $(LLHTTP) -O2 -g -fPIC -w $(SANFLAGS) -c -o $@ $<

$(B)/gateway/http/%.o: CPPFLAGS += -isystem /usr/share/include/llhttp -DLLHTTP_STRICT_MODE=1

$(B)/policy/screening/%.o: CPPFLAGS += -isystem /usr/include/libxml2

$(B)/%.o: %.c | require-build
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/gateway/api/openapi_json.o: gateway/api/openapi_json.S gateway/api/openapi.json
	@mkdir -p $(@D)
	$(CC) -c -o $@ $<

$(B)/plugins/%.so: policy/plugins/%.c | require-build
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -shared -o $@ $<

$(B)/tests/abi/%.so: tests/abi/%.c | require-build
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -shared -o $@ $<

$(B)/tests/bench/%: tests/bench/%.c $(CORE) | require-build
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.o,$^) $(LDLIBS)

$(B)/tests/bench/names_bench: $(B)/tests/support/ofac.o

$(B)/tests/%: tests/%.c $(CORE) $(SUPPORT) | require-test
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.o,$^) $(LDLIBS) -lcmocka

run:
	@tests/support/setup.sh install build
	@$(SUBMAKE) programs
	@tests/support/start.sh $(B) $(ARGS)

test:
	@tests/support/setup.sh install build test
	@$(SUBMAKE) all
	@tests/support/run.sh $(B)

check:
	@.ci/run

bench bench-million bench-rules bench-diff bench-rollout bench-lists bench-life bench-history bench-feed bench-names:
	@tests/support/setup.sh install build bench
	@$(SUBMAKE) programs $(BENCHES)
	@tests/bench/$(subst -,_,$@).sh $(B)
	@$(if $(filter bench,$@),echo; tests/bench/bench_rules.sh $(B))

fuzz:
	@tests/support/setup.sh install build test fuzz
	@$(SUBMAKE) CC=clang-14 FUZZ=1 B=build/fuzz $(addprefix build/fuzz/fuzz_,cel pack ofac xml targets entities good_guys)
	@tests/fuzz/run.sh build/fuzz $(FUZZ_SECONDS)

setup:
	@tests/support/setup.sh install build test check bench fuzz

install: programs
	tests/support/install.sh $(B) "$(DESTDIR)$(PREFIX)"

format:
	clang-format-14 -i $$(find gateway policy clients tests -name '*.[ch]')

clean:
	rm -rf build

.PHONY: all programs run test check bench bench-million bench-rules bench-diff bench-rollout \
        bench-lists bench-life bench-history bench-feed bench-names fuzz setup install format clean \
        require-build require-test
.SECONDARY:
-include $(shell find $(B) -name '*.d' 2>/dev/null)
