# make test    the grader's tests, and the course grading itself
# make check   only the course grading itself (CHAPTER=5 for one chapter)
# make notes   weave code and output into the chapters' notes
# make bench   the cost of grading, beside plain go test -race
# make bench-class        the cost of grading a class, beside a loop of go test -race (ARGS="-forks 20" for a small one)
# make bench-interleave   what exploring finds, beside plain go test -race (some minutes)

.PHONY: test check notes bench bench-class bench-interleave

test: $(GRADER)
	@$(GO) run ./grader/internal/testrun -grader $(GRADER)

check: $(GRADER)
	@$(GRADER) check $(CHAPTER)

bench: $(GRADER)
	@$(GO) run ./grader/internal/bench -grader $(GRADER) $(ARGS)

bench-class: $(GRADER)
	@$(GO) run ./grader/internal/bench/class -grader $(GRADER) $(ARGS)

bench-interleave:
	@$(GO) run ./grader/interleave/corpustest/bench $(ARGS)

# Weaves the notes' code and what their programs print into them.
notes:
	@for chapter in chapters/*/; do $(GO) run ./grader/internal/notes/weave $$chapter || exit 1; done
