#!/usr/bin/env bash
# Runs each program given after the golden file, in one thread and in four, and compares what it
# prints with that file. A program whose name ends in _avx2 is left out where the processor lacks
# AVX2, which is said.
set -euo pipefail
golden=$1
shift
status=0
for program in "$@"; do
  if [[ $program == *_avx2 ]] && ! grep -qw avx2 /proc/cpuinfo; then
    echo "$program: not run, this processor has no AVX2"
    continue
  fi
  for threads in 1 4; do
    if ! "$program" --threads $threads | diff "$golden" -; then
      echo "$program --threads $threads: other digests than in digests.golden"
      status=1
    else
      echo "$program --threads $threads: the same"
    fi
  done
done
((status == 0)) || echo "If answers were meant to change: bazel run //services/matching/engine/assignment/digests >" \
  "services/matching/engine/assignment/digests/digests.golden"
exit $status
