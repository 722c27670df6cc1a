#!/usr/bin/env bash
# Runs preparations_test.py. (Bazel 4's py_test needs a command named `python`.)
set -euo pipefail
cd tests/clients
exec python3 -B preparations_test.py
