SHELL := /bin/bash
DEBIAN := $(CURDIR)/.tools/debian
LIBRARIES := $(DEBIAN)/usr/lib/$(shell uname -m)-linux-gnu
export PATH := $(CURDIR)/.venv/bin:$(DEBIAN)/usr/lib/chromium:$(DEBIAN)/usr/bin:$(PATH):$(CURDIR)/.tools/uv/bin
# What deploy/parts.sh unpacks finds its libraries, and its fonts where the machine has none.
export LD_LIBRARY_PATH := $(LIBRARIES):$(LIBRARIES)/pulseaudio$(if $(LD_LIBRARY_PATH),:$(LD_LIBRARY_PATH))
ifeq ($(wildcard /etc/fonts/fonts.conf),)
export FONTCONFIG_SYSROOT := $(DEBIAN)
endif

.PHONY: demo test soak scorecard lint environment lock clean

demo: environment  ## simulate a cluster, collect a day of it, show what was found
	@deploy/parts.sh prometheus
	@ocpperf demo

test: environment  ## everything the tests need, then formatting, types and tests
	@deploy/parts.sh prometheus etcd node-exporter chromium pango
	ruff format --check .
	ruff check .
	mypy
	pytest -n 3 --dist loadfile --no-loadscope-reorder

soak: environment  ## a day of schedules in fast motion, with kills; some twenty minutes
	@deploy/parts.sh prometheus faketime
	pytest -v -s tests/soak/soak.py

scorecard: environment  ## precision and recall of the findings on simulated clusters; about an hour
	@deploy/parts.sh prometheus
	python -m benchmarks.scorecard

environment:
	@deploy/environment.sh

lock: environment  ## renew requirements.lock from pyproject.toml
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	  --no-header --python-version 3.11 --all-extras --group dev pyproject.toml -o requirements.lock

clean:  ## remove the environment, the demo's data and every cache
	rm -rf .venv .tools .demo .mypy_cache .ruff_cache .pytest_cache dist build
