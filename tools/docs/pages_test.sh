#!/usr/bin/env bash
# The committed reference pages are those that the protos of today give.
set -euo pipefail
made=$(mktemp -d "${TEST_TMPDIR:-/tmp}/pages.XXXXXX")
tools/docs/reference_pages "$made" "$@"
status=0
for page in errors.md $(cd "$made" && echo api/*.md); do
  diff -u "docs/$page" "$made/$page" || status=1
done
for page in docs/api/*.md; do
  [[ $page == docs/api/README.md || -f $made/${page#docs/} ]] || { echo "$page describes no service"; status=1; }
done
((status == 0)) || echo "run tools/docs/generate, look at the change, and commit it"
exit $status
