#!/usr/bin/env bash
# Runs a Python test file in its folder. (Bazel 4's py_test needs a command named `python`.)
set -euo pipefail
cd "$(dirname "$1")"
exec python3 -B "$(basename "$1")"
