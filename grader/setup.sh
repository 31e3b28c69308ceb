#!/bin/sh
# Checks what the grader needs, and fetches the modules that graded binaries are built
# with: after this, nothing uses the network. Each thing that is missing gets one
# sentence and the next step.
set -u
GO=${GO:-go}

fail() {
	printf 'make: %s\n  %s\n' "$1" "$2" >&2
	exit 1
}

command -v "$GO" >/dev/null 2>&1 ||
	fail "Go is not installed (there is no '$GO' on PATH)." "Install Go 1.26 or later: https://go.dev/doc/install"

version=$("$GO" env GOVERSION) || fail "'$GO env' does not work." "Run it and mend what it says."
minor=$(printf '%s' "$version" | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
case $version in
devel*) minor=99 ;;
esac
[ -n "$minor" ] && [ "$minor" -ge 26 ] ||
	fail "this is $version, and the course needs Go 1.26 or later." "Install a newer Go: https://go.dev/doc/install"

cc=$("$GO" env CC)
command -v "${cc%% *}" >/dev/null 2>&1 ||
	fail "there is no C compiler ('${cc%% *}'), and Go's race detector needs one." \
		"Install one: apt install gcc, dnf install gcc, or xcode-select --install"

if ! said=$(GOFLAGS=-mod=readonly "$GO" mod download 2>&1); then
	printf '%s\n' "$said" | head -n 3 >&2
	fail "the modules could not be downloaded." \
		"The first run needs a network once (or a GOPROXY that this machine reaches). Try again with one."
fi
