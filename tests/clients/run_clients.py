"""Starts tandemd with the sample and runs the programs of examples/ against it: see tools/test-clients.

    python3 tests/clients/run_clients.py NAME...

Runs in the root of the repository, on what Bazel built and tools/test-clients installed. Each program
must end with code 0 and print what every integrator's round shows, whatever the language.
"""

import pathlib
import re
import subprocess
import sys
from typing import Dict, List

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/gateway"))
from live_tandem import LiveTandem  # noqa: E402

BUILT = "bazel-bin/"
TIMEOUT_S = 60
# So few that a program reaches its quota within moments.
OPTIONS = ["--calls-per-second", "100", "--burst-calls", "300", "--reflection"]

NODE = "examples/node/node_modules/.bin/node"
# Program -> its command; {grpc} and {http} are where the server listens.
COMMANDS: Dict[str, List[str]] = {
    "python": ["examples/python/out/venv/bin/python", "-B", "examples/python/integrator.py", "{grpc}"],
    "node-grpc": [NODE, "examples/node/integrator.mjs", "{grpc}"],
    "node-connect": [NODE, "examples/node/integrator_connect.mjs", "{http}"],
    "curl": ["bash", "examples/curl/integrator.sh", "{http}"],
}

# What each program must print: patterns of whole lines.
EXPECTED = [
    r"upserted: EX-\S+ created",
    r"repeated: same answer",
    r"error: ALREADY_EXISTS REQUEST_ID_REUSED",
    r"ranked: [1-9]\d* of 66 eligible",
    r"  1\. mentors/\S+ [1-9]\d*\.\d\d points",
    r"solved: 1 of 1 needs served, certificate checked",
    r"events: followed, none twice, own change of the need seen",
    r"error: ABORTED ETAG_MISMATCH",
    r"edited: Edited by me",
    r"error: INVALID_ARGUMENT FIELDS_INVALID",
    r"  field engagement_request\.programme: \S.*",
    r"  field engagement_request\.roles: \S.*",
    r"error: NOT_FOUND RESOURCE_NOT_FOUND",
    r"error: UNAVAILABLE no reason: repeat",
    r"error: RESOURCE_EXHAUSTED RATE_EXCEEDED",
    r"quota: waited as RetryInfo says, then answered",
]
# One process a call is too slow to reach the quota.
NOT_EXPECTED = {"curl": EXPECTED[-2:]}


def problems_of(name: str, output: str) -> List[str]:
    return ["it prints no line %r" % pattern for pattern in EXPECTED
            if pattern not in NOT_EXPECTED.get(name, []) and not re.search("^%s$" % pattern, output, re.MULTILINE)]


def run(name: str, tandem: LiveTandem) -> bool:
    addresses = {"grpc": tandem.grpc, "http": tandem.variables["TANDEM_HTTP"]}
    command = [part.format(**addresses) for part in COMMANDS[name]]
    try:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT_S)
        output, problems = done.stdout, problems_of(name, done.stdout)
        if done.returncode != 0:
            problems.append("it ends with code %d" % done.returncode)
    except subprocess.TimeoutExpired as late:
        output, problems = (late.stdout or b"").decode("utf-8", "replace"), ["it does not end in %d s" % TIMEOUT_S]
    if problems:
        print("%s: WRONG: %s; its output:\n%s" % (name, "; ".join(problems), output))
    else:
        print("%s: fine" % name)
    return not problems


def main() -> int:
    with LiveTandem(BUILT, OPTIONS) as tandem:
        results = [run(name, tandem) for name in sys.argv[1:]]
    return 0 if results and all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
