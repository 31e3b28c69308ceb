# make grade   grade this checkout          make test   the grader's tests, and the course grading itself
# make demo    see what a scorecard can say  make help   the rest

GO ?= go
CHAPTER ?=

# A checkout that cannot be written, and a user without a home, still get their grade.
BIN := $(shell if [ -w . ]; then echo bin; else echo "$${TMPDIR:-/tmp}/lockstep-bin-$$(id -u)"; fi)
ifeq ($(shell [ -n "$$HOME" ] && [ -w "$$HOME" ] && echo yes),)
export HOME := $(shell mkdir -p "$${TMPDIR:-/tmp}/lockstep-home-$$(id -u)" && echo "$${TMPDIR:-/tmp}/lockstep-home-$$(id -u)")
endif
export GOTOOLCHAIN := local
GRADER := $(BIN)/grader
SOURCES := $(shell find grader -name '*.go' -not -name '*_test.go' -not -path '*/testdata/*' 2>/dev/null) go.mod go.sum

.PHONY: grade test demo check unit scripts bench bench-interleave notes tools clean help
.DEFAULT_GOAL := grade

# The scorecard is the last thing to see: what did not pass (1) is no error of make's.
grade: $(GRADER)
	@$(GRADER) grade $(CHAPTER) || [ $$? -eq 1 ] || [ $$? -eq 3 ]

demo: $(GRADER)
	@$(GRADER) grade --course grader/testdata/demo --submission grader/testdata/demo/submission || [ $$? -eq 1 ]

test: $(GRADER)
	@$(GO) run ./grader/internal/testrun -grader $(GRADER)

check: $(GRADER)
	@$(GRADER) check $(CHAPTER)

bench: $(GRADER)
	@$(GO) run ./grader/internal/bench -grader $(GRADER) $(ARGS)

bench-interleave:
	@$(GO) run ./grader/interleave/corpustest/bench $(ARGS)

# Weaves the notes' code and what their programs print into them.
notes:
	@for chapter in chapters/*/; do $(GO) run ./grader/internal/notes/weave $$chapter || exit 1; done

tools:
	@sh grader/install-tools.sh

help:
	@sed -n 's/^# \(make.*\)/\1/p' Makefile
	@echo 'make check   only the course grading itself (CHAPTER=5 for one chapter)'
	@echo 'make bench   the cost of grading, beside plain go test -race'
	@echo 'make bench-interleave   what exploring finds, beside plain go test -race (some minutes)'
	@echo 'make notes   weave code and output into the chapters'\'' notes'
	@echo 'make tools   install what Debian packages add (bubblewrap, chromium, slurm)'
	@echo 'make clean   remove what was built'

# The mv is for two makes at once: neither may run half a file of the other's.
$(GRADER): $(SOURCES) | $(BIN)/.setup
	@$(GO) build -o $(BIN)/.grader-$$$$ ./grader && mv -f $(BIN)/.grader-$$$$ $@

$(BIN)/.setup: go.mod go.sum grader/setup.sh
	@mkdir -p $(BIN)
	@GO=$(GO) sh grader/setup.sh
	@touch $@

clean:
	rm -rf $(BIN)
