# SPDX-License-Identifier: GPL-3.0-or-later
# Thin aliases. `make run` and `make test` work on a fresh Debian machine, as root or through sudo.
SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: setup build run figures test test-sanitized bench check-targets check-headers validate validate-full fuzz fuzz-experiments docs format install clean

JOBS ?= $(shell nproc)
PREFIX ?= /usr/local
RESULTS ?= results
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
PACKAGES := $(shell sed -e 's/\#.*//' packages.txt)
FIRST := two_bumps
# Debian's own, which has the packages, before another that may come first on the path.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)

setup:
	@missing=$$(for p in $(PACKAGES); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q '^install ok installed' || echo $$p; done); \
	if [ -n "$$missing" ]; then \
	  echo "Installing:" $$missing; \
	  $(SUDO) apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends $$missing; fi

build: setup
	@cmake --preset release --log-level=WARNING $(CMAKE_OPTIONS) > /dev/null && cmake --build build -j $(JOBS) --target umkehr

run: build
	@mkdir -p $(RESULTS)
	build/umkehr run experiments/$(FIRST).toml -o $(RESULTS)/$(FIRST).h5
	build/umkehr compare $(RESULTS)/$(FIRST).h5 --analytic --rtol 1e-2
	build/umkehr plot $(RESULTS)/$(FIRST).h5 -o $(RESULTS)/$(FIRST)

figures: build
	@mkdir -p $(RESULTS)
	@set -e; for file in experiments/*.toml; do name=$$(basename $$file .toml); \
	  build/umkehr run $$file -o $(RESULTS)/$$name.h5; build/umkehr plot $(RESULTS)/$$name.h5 -o $(RESULTS)/$$name; done

test: build
	@cmake --build build -j $(JOBS)
	@ctest --test-dir build --output-on-failure -j $(JOBS)

test-sanitized: setup
	@cmake --preset sanitized --log-level=WARNING > /dev/null && cmake --build build-sanitized -j $(JOBS)
	@ctest --test-dir build-sanitized --output-on-failure -j $(JOBS)

bench: setup
	@cmake --preset release -B build-bench -DUMKEHR_BENCHMARKS=ON -DUMKEHR_TESTS=OFF --log-level=WARNING > /dev/null
	@cmake --build build-bench -j $(JOBS)
	@$(PYTHON) validation/benchmarks/peers.py --build build-bench
	@build-bench/benchmark_backward --benchmark_min_time=0.1
	@build-bench/benchmark_control --benchmark_min_time=0.1
	@build-bench/benchmark_beside_other_work

# Everything is compiled for each, nothing is run: it needs no such processor. The third is a Zen 4 in the words of GCC 12.
TARGETS := x86-64-v2 x86-64-v3 zen4 skylake-avx512 sapphirerapids
FLAGS_OF_zen4 := znver3 $(addprefix -mavx512,f dq ifma cd bw vl bf16 vbmi vbmi2 vnni bitalg vpopcntdq) -mgfni
WARNINGS := -DUMKEHR_WARNINGS_ARE_ERRORS=ON
EVERYTHING := -DUMKEHR_TESTS=ON -DUMKEHR_BENCHMARKS=ON --log-level=WARNING

check-targets: setup
	@set -e; $(foreach target,$(TARGETS),echo "== $(target)"; \
	  cmake --preset release -B build-targets/$(target) $(WARNINGS) $(EVERYTHING) \
	    "-DUMKEHR_ARCHITECTURE=$(or $(FLAGS_OF_$(target)),$(target))" > /dev/null; \
	  cmake --build build-targets/$(target) -j $(JOBS);)

# No precompiled headers, no unity files, no optimisation; each header alone.
check-headers: setup
	@cmake --preset debug -B build-headers $(WARNINGS) $(EVERYTHING) -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
	  -DUMKEHR_UNITY_AND_PRECOMPILED=OFF -DUMKEHR_CHECK_HEADERS=ON > /dev/null
	@cmake --build build-headers -j $(JOBS)

validate: test

validate-full: test test-sanitized fuzz bench
	@UMKEHR_DAMAGED_FILES=500 build/tests/test_robustness_damaged_files --log_level=message
	@$(PYTHON) validation/robustness/signal_stress.py build/umkehr 200

fuzz: setup
	@command -v clang++ > /dev/null || { echo "make fuzz needs libFuzzer: apt-get install clang libclang-rt-14-dev"; exit 1; }
	@cmake -S . -B build-fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DUMKEHR_FUZZERS=ON -DUMKEHR_TESTS=OFF --log-level=WARNING > /dev/null
	@cmake --build build-fuzz -j $(JOBS) --target fuzz_formula fuzz_experiment
	@ctest --test-dir build-fuzz --output-on-failure -j 1

fuzz-experiments: build
	@$(PYTHON) validation/fuzzing/mutate_experiments.py build/umkehr . --jobs $(JOBS)

docs:
	@command -v doxygen > /dev/null || { echo "make docs needs Doxygen: apt-get install doxygen"; exit 1; }
	@mkdir -p build/docs && doxygen docs/Doxyfile

format:
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format -i

install: build
	@$(SUDO) cmake --install build --prefix $(PREFIX)

clean:
	rm -rf build build-debug build-sanitized build-bench build-fuzz build-targets build-headers $(RESULTS)
