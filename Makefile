# The house's commands. `make` alone lists them; `make ci` is what must pass before a merge.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

SWIFT ?= swift
export SWIFT

# One scratch path for each combination of configuration, traits and sanitizer: SwiftPM rebuilds
# everything when a path is asked for another combination.
SCRATCH := .build

# The last two make the small disks that tests run full.
DEBIAN_PACKAGES := liburing-dev zlib1g-dev libsnappy-dev liblz4-dev libzstd-dev pkg-config \
	xfsprogs btrfs-progs

# SwiftPM hands traits on in the order of a set, which is another one each time it runs; and what is optimized
# is compiled anew wherever its flags have another order. Of builds alone: tests are to have what order comes.
BUILD := SWIFT_DETERMINISTIC_HASHING=1 $(SWIFT) build

STRICT := -Xswiftc -warnings-as-errors -Xcc -Werror
ALL_TRAITS := --enable-all-traits
# Of a release build: some tests need modules that are open.
TESTABLE := -Xswiftc -enable-testing
RELEASE_TARGETS := SimulationTests CrashTests

# All tests are Swift Testing's; XCTest's empty run leaks, which AddressSanitizer reports. Swift's own
# backtracer can hang on a crash, under a sanitizer always.
NO_BACKTRACE := SWIFT_BACKTRACE=enable=no
TEST := $(NO_BACKTRACE) $(SWIFT) test --disable-xctest

# `find`, so that this works without git too. Nested packages have scratch directories to skip.
SWIFT_FILES = $(shell find $(wildcard Package.swift Sources Tests Benchmarks Examples) \
	-name .build -prune -o -name '*.swift' -print | sort)

# Suites that make threads race end in `RaceTests`; ThreadSanitizer runs these and no others.
TSAN_FILTER ?= RaceTests
TSAN_TARGETS := VarveFormatTests VarveSystemTests VarveTests VarveTestingTests
# Their files, and what tests share. To compile the others takes minutes.
TSAN_SOURCES = $(sort $(shell grep -rlE --include='*.swift' '$(TSAN_FILTER)' Tests/*Tests) \
	$(shell find Tests/*Tests -name '*.swift' ! -name '*Tests.swift'))

# The tests of transfers, and what tests share.
RINGLESS_SOURCES = $(sort $(shell find Tests/VarveTests -path '*/Transfer/*.swift' \
	-o -name '*.swift' ! -name '*Tests.swift'))

# The fuzz products: each folder Tests/Fuzz/Sources/Fuzz* is an executable of that name, but for
# what they share, and for the canary, which Scripts/fuzz runs to hear it crash.
FUZZ_PRODUCTS ?= $(filter-out FuzzSupport FuzzCanary,$(notdir $(wildcard Tests/Fuzz/Sources/Fuzz*)))
FUZZ_SECONDS ?= 60
FUZZ_SMOKE_SECONDS ?= 5
# How many run at a time.
FUZZ_JOBS ?= 1
# AddressSanitizer sees what unsafe code does beyond its bounds, and leaks.
FUZZ_FLAGS := -c release --package-path Tests/Fuzz --scratch-path $(SCRATCH)/fuzz \
	-Xswiftc -sanitize=fuzzer,address -Xcc -fsanitize=fuzzer-no-link,address \
	-Xswiftc -use-ld=lld

# How many programs `make sim` runs, and from which seed on: a long run goes on where one ended.
SEEDS ?= 10000
FIRST_SEED ?= 1

# How many histories of keys `make histories` compacts, and from which one on.
HISTORIES ?= 20000
FIRST_HISTORY ?= 0
# How many images of a moment are tried: all combinations of twelve things, and those of a smoke test.
IMAGES ?= 4096
SMOKE_IMAGES ?= 4
# What unsafe code does wrong shows in few programs; the rest is for builds that are fast.
ASAN_SEEDS ?= 10
ASAN_SKIP := SyncMutationTests|SyncSiteTests|FaultLoopTests|StaleBytesTests|CrashPointTests|ImageTests
# In CI without Kafka's fixtures, whose bytes go through parsers that the fuzzers run under it, without
# simulations and processes that are killed, without races, which ThreadSanitizer has, and without what
# takes two minutes alone. `make asan` has all of it.
ASAN_SMOKE_TARGETS := VarveFormatTests VarveSystemTests VarveTests
SIMULATED := (Truncation|Compaction|Producer|Retention)(Crash|Sync)Tests
ASAN_SMOKE_SKIP := $(ASAN_SKIP)|$(SIMULATED)|RaceTests|OverwrittenDiskTests|twoThousandReceiversAtOnce

# How many processes `make crash` kills, and from which seed on.
KILLS ?= 1000
FIRST ?= 1

# In the order in which they begin, two at a time: the long ones first.
CI_STEPS ?= format-check lint test sim-smoke asan-smoke tsan release-builds crash-smoke soak-smoke fuzz-smoke \
	consumer-quick test-ringless bench-test examples-test bench-smoke docs

# $(call if_there,path,commands): a subject that does not exist yet is reported as absent, by a
# line that Scripts/run-steps looks for; once it exists, it runs.
define if_there
	@if [ -e $(1) ]; then set -x; $(2); else echo "absent: $@, for there is no $(1) yet"; fi
endef

# $(call clean_build,flags,scratch name): what the compilers let through, SwiftPM may still warn
# of: a file that no target claims, say.
define clean_build
	@mkdir -p $(SCRATCH)
	$(BUILD) $(1) $(STRICT) --scratch-path $(SCRATCH)/$(2) 2>&1 | tee $(SCRATCH)/$(2).log
	@! grep 'warning:' $(SCRATCH)/$(2).log
endef

.PHONY: help
help:
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /\1\t/' | expand -t 18

.PHONY: swift
swift:
	@command -v $(SWIFT) >/dev/null || { \
	  echo "'$(SWIFT)' is not on the PATH: install the Swift 6.3 toolchain, or make SWIFT=/path/to/swift." >&2; \
	  exit 1; }

.PHONY: deps
deps: ## install the Debian packages that are missing
	@Scripts/install-packages $(DEBIAN_PACKAGES)

.PHONY: build
build: swift deps ## debug build of everything, tests too, with all traits
	$(BUILD) --build-tests $(ALL_TRAITS) $(STRICT) --scratch-path $(SCRATCH)/debug-all

.PHONY: test
test: swift deps ## debug tests with all traits; warnings are errors; TEST_FLAGS='--filter …'
	$(TEST) $(ALL_TRAITS) $(STRICT) --scratch-path $(SCRATCH)/debug-all $(TEST_FLAGS)

.PHONY: demo
demo: swift deps ## a log at work: appends, look-ups, a tail, a client over TCP, closing and reopening
	$(SWIFT) build -c release --package-path Examples --scratch-path $(SCRATCH)/examples \
	  --product demo
	@$(SCRATCH)/examples/release/demo $(SCRATCH)/demo-log

# A partition that a real Kafka wrote: transactions, committed and aborted.
DEMO_FIXTURE := kafka-4.3.1/broker-clean/payments-0

.PHONY: demo-kafka
demo-kafka: swift deps ## read what a real Kafka wrote, and write a batch that it can read
	@mkdir -p $(SCRATCH)/demo
	@tar -xzf Tests/Fixtures/kafka-4.3.1.tar.gz -C $(SCRATCH)/demo $(DEMO_FIXTURE)
	$(SWIFT) run --package-path Examples --scratch-path $(SCRATCH)/examples \
	  kafka-partition $(SCRATCH)/demo/$(DEMO_FIXTURE)

# What later versions are to find. GOLDEN=0.2 is the version that leaves it.
.PHONY: golden
golden: export VARVE_TEST_TARGETS = KafkaCompatibilityTests
golden: export VARVE_GOLDEN = $(GOLDEN)
golden: swift deps ## keep a store as this version writes it: Tests/Fixtures/varve-$(GOLDEN).tar.gz
	@test -n '$(GOLDEN)' || { echo "make golden GOLDEN=<version>"; exit 2; }
	$(TEST) $(ALL_TRAITS) --scratch-path $(SCRATCH)/debug-all \
	  --filter GoldenStoreTests.theStoreOfThisVersionIsKept

.PHONY: release-builds release-none release-default release-all
release-builds: release-none release-default release-all ## release builds with no, default and all traits
# Without tests, and what tests start.
release-none release-default: export VARVE_TEST_TARGETS =
release-none: swift deps
	$(call clean_build,-c release --disable-default-traits,release-none)
release-default: swift deps
	$(call clean_build,-c release,release-default)
# The one that simulations, killed processes and the soak use. They run what this has built: a `swift test`
# that builds takes other flags, so that SwiftPM would compile all of it anew, and again for `swift build`.
release-all: export VARVE_TEST_TARGETS = $(RELEASE_TARGETS)
release-all: swift deps
	$(call clean_build,-c release --build-tests $(ALL_TRAITS) $(TESTABLE),release-tests)

.PHONY: format format-check lint
format: swift ## format the Swift sources in place
	$(SWIFT) format format --in-place --parallel $(SWIFT_FILES)
format-check: swift ## show what `make format` would change
	@Scripts/format-check $(SWIFT_FILES)
lint: swift ## lint the Swift sources
	@$(SWIFT) format lint --strict --parallel $(SWIFT_FILES)

.PHONY: asan asan-smoke
asan: swift deps ## the tests under AddressSanitizer
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tests/leaks.supp:print_suppressions=0 \
	  ASAN_OPTIONS=suppressions=$(CURDIR)/Tests/overflows.supp \
	  VARVE_SIM_SEEDS=$(ASAN_SEEDS) $(TEST) $(ALL_TRAITS) --sanitize address \
	  --scratch-path $(SCRATCH)/debug-asan --skip '$(ASAN_SKIP)' $(TEST_FLAGS)
asan-smoke: ## the same, of the tests that CI has the time for
	@$(MAKE) asan ASAN_SKIP='$(ASAN_SMOKE_SKIP)' VARVE_TEST_TARGETS='$(ASAN_SMOKE_TARGETS)'

.PHONY: tsan
tsan: swift deps ## the tests that race under ThreadSanitizer; TSAN_FILTER=regex
	@if ! grep -rqE --include='*.swift' --exclude-dir=.build '$(TSAN_FILTER)' Tests; then \
	  echo "absent: $@, for no test is called '$(TSAN_FILTER)' yet"; exit; \
	fi; set -x; \
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/races.supp:print_suppressions=0 \
	VARVE_TEST_TARGETS='$(TSAN_TARGETS)' VARVE_TEST_SOURCES='$(TSAN_SOURCES)' \
	$(TEST) $(ALL_TRAITS) --sanitize thread \
	  --scratch-path $(SCRATCH)/debug-tsan --filter '$(TSAN_FILTER)'

.PHONY: test-ringless
test-ringless: swift deps ## the tests of transfers where io_uring is not in the build
	VARVE_TEST_TARGETS=VarveTests VARVE_TEST_SOURCES='$(RINGLESS_SOURCES)' $(TEST) --disable-default-traits \
	  $(STRICT) --scratch-path $(SCRATCH)/debug-ringless --skip RaceTests $(TEST_FLAGS)

# Optimized, a program takes a fifteenth of the time.
RELEASE_TEST = VARVE_TEST_TARGETS='$(RELEASE_TARGETS)' \
	$(TEST) --skip-build -c release $(ALL_TRAITS) $(TESTABLE) $(STRICT) --scratch-path $(SCRATCH)/release-tests
.PHONY: sim sim-smoke images faults
sim: release-all ## simulate crashes of SEEDS=10000 programs, FIRST_SEED=1 on; VARVE_SIM_SEED=n alone
	VARVE_SIM_SEEDS=$(SEEDS) VARVE_SIM_FIRST_SEED=$(FIRST_SEED) \
	  $(RELEASE_TEST) --filter SimulationTests.SeedTests
images: release-all ## try all that power cuts may leave of short passages; IMAGES=4096 a moment
	VARVE_SIM_IMAGES=$(IMAGES) $(RELEASE_TEST) --filter SimulationTests.ImageTests
faults: release-all ## each operation crashing, each call failing in each way
	VARVE_SIM_STRIDE=1 VARVE_SIM_WHOLE=1 \
	  $(RELEASE_TEST) --filter 'CrashPointTests|FaultLoopTests|SyncMutationTests'
# Of operations and calls every fifth: what fails at one mostly fails at its neighbours.
sim-smoke: release-all ## 1,000 programs, some images, calls failing in each way, each sync left out
	VARVE_SIM_SEEDS=1000 VARVE_SIM_IMAGES=$(SMOKE_IMAGES) VARVE_SIM_STRIDE=5 VARVE_SIM_WHOLE=1 \
	  $(RELEASE_TEST) --filter SimulationTests

RELEASE_ENGINE_TEST = VARVE_TEST_TARGETS=VarveTests \
	$(TEST) -c release $(ALL_TRAITS) $(TESTABLE) $(STRICT) --scratch-path $(SCRATCH)/release-histories
.PHONY: histories bits overwrite
histories: swift deps ## compact HISTORIES=20000 random histories of keys, FIRST_HISTORY=0 on
	VARVE_HISTORIES=$(HISTORIES) VARVE_FIRST_HISTORY=$(FIRST_HISTORY) \
	  $(RELEASE_ENGINE_TEST) --filter VarveTests.CompactionModelTests
bits: swift deps ## flip each bit of a small log's segments and indexes, of which CI flips a few
	VARVE_ALL_BITS=1 $(RELEASE_ENGINE_TEST) --filter VarveTests.BitFlipTests

overwrite: swift deps ## write ten times as much to a compacted log as its disk holds, which is nearly full
	VARVE_DISK_ROUNDS=10 $(RELEASE_ENGINE_TEST) --filter VarveTests.OverwrittenDiskTests

# Of a simulated device that a test makes slow, so that it is a test and not a benchmark.
SLOW_SECONDS ?= 5
.PHONY: slow
slow: swift deps ## what appends take while syncs, renames and unlinks take SLOW_SECONDS=5 each
	VARVE_SLOW_SECONDS=$(SLOW_SECONDS) $(RELEASE_ENGINE_TEST) --filter VarveTests.SlowDeviceFigures

# The least that tests write is a gibibyte.
MEMORY_GIB ?= 20
.PHONY: memory
memory: swift deps ## write MEMORY_GIB=20 within 256 MiB of memory, page cache and all, each way
	VARVE_MEMORY_GIB=$(MEMORY_GIB) $(RELEASE_ENGINE_TEST) --filter VarveTests.SmallMemoryTests

.PHONY: crash crash-smoke
crash: release-all ## kill KILLS=1000 processes that append, FIRST=1 on, and look what is left
	VARVE_CRASH_KILLS=$(KILLS) VARVE_CRASH_FIRST=$(FIRST) \
	  $(RELEASE_TEST) --filter CrashTests
crash-smoke: ## the same, of 50 processes
	@$(MAKE) crash KILLS=50

# How long a store is kept under load, and from which seed on. Of what the release tests build.
SOAK_SECONDS ?= 1800
SOAK_SEED ?= 1
.PHONY: soak soak-smoke
soak: release-all ## a store under load for SOAK_SECONDS=1800, killed and opened again; SOAK_SEED=1
	$(SCRATCH)/release-tests/release/soak seconds=$(SOAK_SECONDS) seed=$(SOAK_SEED) \
	  directory=$(CURDIR)/$(SCRATCH)/soak-store
soak-smoke: ## the same, for 30 seconds
	@$(MAKE) soak SOAK_SECONDS=30

.PHONY: fuzz fuzz-smoke
fuzz: swift deps ## run every fuzz product; FUZZ_SECONDS=60 for each, FUZZ_JOBS=1, FUZZ_PRODUCTS='…'
	$(call if_there,Tests/Fuzz,FUZZ_JOBS=$(FUZZ_JOBS) Scripts/fuzz $(FUZZ_SECONDS) \
	  '$(FUZZ_PRODUCTS)' $(FUZZ_FLAGS))
# The same inputs each time: what nobody has seen yet is looked for in longer runs.
fuzz-smoke: ## the same, for seconds
	@FUZZ_ARGUMENTS=-seed=1 $(MAKE) fuzz FUZZ_SECONDS=$(FUZZ_SMOKE_SECONDS) FUZZ_JOBS=2

# Where what was measured is left for `make bench-plots`.
BENCH_JSON ?= $(SCRATCH)/bench.json
PEERS_JSON ?= $(SCRATCH)/peers.json

.PHONY: bench bench-build bench-smoke bench-check bench-test
bench-build: swift deps
	$(call if_there,Benchmarks,$(BUILD) -c release --package-path Benchmarks \
	  --scratch-path $(SCRATCH)/bench)
bench: bench-build ## run the benchmarks, for half an hour; BENCH_FLAGS='append scan …' runs some
	$(call if_there,Benchmarks,$(SCRATCH)/bench/release/varve-bench --json $(BENCH_JSON) \
	  $(BENCH_FLAGS))
bench-smoke: ## run every benchmark once, briefly: what is counted must meet its goals
	@$(MAKE) bench BENCH_JSON=$(SCRATCH)/bench-smoke.json BENCH_FLAGS='--smoke --check'
# Of as many samples as `make bench`: of three of 50 ms the median is the weather's, off by a quarter.
bench-check: ## counts must meet their goals, ratios half of theirs, whatever the machine's speed
	@$(MAKE) bench BENCH_JSON=$(SCRATCH)/bench-check.json BENCH_FLAGS='--gate $(BENCH_FLAGS)'
# One test at a time: while one counts retains, no other may so much as copy a string (references.c).
bench-test: swift deps ## the benchmarks' own tests
	$(call if_there,Benchmarks,$(TEST) --package-path Benchmarks \
	  --scratch-path $(SCRATCH)/bench-debug --no-parallel $(TEST_FLAGS))

# What Varve is compared with. Nothing else here needs them, so `make deps` has no part in it.
PEER_PACKAGES := librocksdb-dev liblmdb-dev libsqlite3-dev libleveldb-dev

.PHONY: peer-deps bench-peers bench-peers-test
peer-deps: deps
	@Scripts/install-packages $(PEER_PACKAGES)
bench-peers: swift peer-deps ## compare with RocksDB, LMDB, LevelDB and SQLite, for six minutes; PEERS_FLAGS='…'
	$(SWIFT) build -c release --package-path Benchmarks/Peers --scratch-path $(SCRATCH)/peers
	$(SCRATCH)/peers/release/varve-bench-peers --samples 3 --seconds 0.4 --json $(PEERS_JSON) \
	  $(PEERS_FLAGS)
bench-peers-test: swift peer-deps ## the comparison's own tests
	$(TEST) --package-path Benchmarks/Peers --scratch-path $(SCRATCH)/peers-debug $(TEST_FLAGS)

# What was committed comes first, so that a run of some benchmarks replaces these and no others.
BENCH_PAGE := Docs/Benchmarks
RESULTS ?= $(wildcard $(BENCH_PAGE)/results.json $(BENCH_JSON) $(PEERS_JSON))

.PHONY: bench-plots
bench-plots: bench-build ## draw what `make bench` and `make bench-peers` have measured: Docs/Benchmarks
	$(SCRATCH)/bench/release/varve-plots $(BENCH_PAGE) $(RESULTS)

.PHONY: examples-test
examples-test: swift deps ## the examples, end to end: servers, clients and kills
	$(call if_there,Examples,$(TEST) --package-path Examples \
	  --scratch-path $(SCRATCH)/examples-debug $(TEST_FLAGS))

# Of modules that are built for that alone: a build of one target and one of all tests take the same modules
# for different ones, and would build them by turns. DocC comes with the toolchain.
DOCC ?= docc
export DOCC
DOCS := $(SCRATCH)/docs
DOCS_PORT ?= 8080
# Varve or VarveTesting.
DOCS_MODULE ?= Varve
.PHONY: docs docs-preview
docs: swift deps ## the documentation, as archives in .build/docs; what DocC warns of is an error
	$(BUILD) --target VarveTesting $(ALL_TRAITS) $(STRICT) --scratch-path $(SCRATCH)/debug-docs
	Scripts/documentation $(SCRATCH)/debug-docs/debug $(DOCS)
docs-preview: docs ## serve the documentation at localhost; DOCS_MODULE=Varve, DOCS_PORT=8080
	$(DOCC) preview Sources/$(DOCS_MODULE)/$(DOCS_MODULE).docc --port $(DOCS_PORT) \
	  --output-dir $(DOCS)/preview --additional-symbol-graph-dir $(DOCS)/graphs/$(DOCS_MODULE) \
	  --dependency $(DOCS)/Varve.doccarchive \
	  --fallback-display-name $(DOCS_MODULE) --fallback-bundle-identifier varve.$(DOCS_MODULE) \
	  --enable-experimental-external-link-support

.PHONY: consumer consumer-quick
consumer: swift deps ## prove that packages can depend on this one, in all the ways they may
	Scripts/consumer-proof
consumer-quick: swift deps ## the ways that matter most
	Scripts/consumer-proof --quick

.PHONY: ci
ci: swift deps ## everything that must pass before a merge
	@Scripts/run-steps $(CI_STEPS)

.PHONY: clean
clean: ## remove all that was built
	rm -rf $(SCRATCH) Tests/Fuzz/.build Tests/Consumer/.build Benchmarks/.build Benchmarks/Peers/.build \
	  Examples/.build
