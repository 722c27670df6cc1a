#!/usr/bin/env bash
# The curl calls of the documents work as they stand there, against a live tandemd with the sample.
set -euo pipefail
exec python3 tests/gateway/documented_calls.py
