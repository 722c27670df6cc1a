"""Starts tandemd with the sample and runs the programs of examples/ against it: see tools/test-clients.

    python3 tests/clients/run_clients.py [NAME,NAME...]

Runs in the root of the repository, on what Bazel built and tools/setup installed, and fetches and builds
what each program needs (preparations.py). Each must end with code 0 and print what every integrator's
round shows, whatever the language. Says of each whether it is fine, wrong, or skipped and why; the last
line is "N passed, N failed, N skipped".
"""

import pathlib
import re
import subprocess
import sys
import time
from typing import Callable, Dict, List, NamedTuple, Optional

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/gateway"))
import preparations  # noqa: E402
from live_tandem import LiveTandem  # noqa: E402
from preparations import Failed, Skipped  # noqa: E402

BUILT = "bazel-bin/"
TIMEOUT_S = 60
# So few that a program reaches its quota within moments.
OPTIONS = ["--calls-per-second", "100", "--burst-calls", "300", "--reflection"]

# What an integrator's round prints: patterns of whole lines.
ROUND = [
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
# What a look at the server by reflection prints.
EXPLORED = [
    r"grpc\.reflection\.v1\.ServerReflection",
    r"grpc\.reflection\.v1alpha\.ServerReflection",
    r"tandem\.matching\.v1\.MatchingService has \d\d methods, described in \d{3} lines",
    r"google\.longrunning\.Operations has [1-9] methods, described in [1-9]\d lines",
    r"message GetProgrammeRequest \{",
    r'      "external_id": "LDC-2027",',
    r'  "up_to_date": true',
    r"  Code: NotFound",
    r'\s+"reason": "RESOURCE_NOT_FOUND"',
    r"reflection v1: [1-9]\d* files with what EventsService uses",
    r"reflection v1alpha: [1-9]\d* files with what EventsService uses",
]


class Client(NamedTuple):
    """A program, by its command: {grpc} and {http} are where the server listens. It must print `expected`."""

    prepare: Optional[Callable[[], None]]
    command: List[str]
    expected: List[str] = ROUND


NODE = "examples/node/node_modules/.bin/node"
CONFIG = "examples/service_config.json"
SUITE = preparations.CONFORMANCE
CLIENTS: Dict[str, Client] = {
    "python": Client(preparations.python,
                     ["examples/python/out/venv/bin/python", "-B", "examples/python/integrator.py", "{grpc}"]),
    "node-grpc": Client(preparations.node, [NODE, "examples/node/integrator.ts", "{grpc}"]),
    "node-connect": Client(preparations.node, [NODE, "examples/node/integrator_connect.ts", "{http}"]),
    # One process a call is too slow to reach the quota.
    "curl": Client(None, ["bash", "examples/curl/integrator.sh", "{http}"], ROUND[:-2]),
    "java": Client(preparations.java,
                   ["java", "-cp", "examples/java/target/integrator.jar:examples/java/target/lib/*", "Integrator",
                    "{grpc}", CONFIG]),
    "go": Client(preparations.go, ["examples/go/out/integrator", "{grpc}", CONFIG]),
    "cpp": Client(preparations.cpp, ["examples/cpp/out/integrator", "{grpc}", CONFIG]),
    "grpcurl": Client(preparations.grpcurl, ["bash", "examples/grpcurl/explore.sh", "{grpc}"], EXPLORED),
    # Starts its own servers.
    "connect-conformance": Client(preparations.connect_conformance,
                                  [SUITE + "/out/connectconformance", "--mode", "server", "--conf", SUITE + "/config.yaml",
                                   "--known-failing", "@%s/known_failing.txt" % SUITE, "--",
                                   BUILT + SUITE + "/conformance_server"], [r"[1-9]\d\d+ passed, 0 failed"]),
}


def problems_of(client: Client, output: str) -> List[str]:
    return ["it prints no line %r" % pattern for pattern in client.expected
            if not re.search("^%s$" % pattern, output, re.MULTILINE)]


def run(client: Client, tandem: LiveTandem) -> None:
    """Raises Failed unless the client does and prints what it should."""
    addresses = {"grpc": tandem.grpc, "http": tandem.variables["TANDEM_HTTP"]}
    command = [part.format(**addresses) for part in client.command]
    try:
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, timeout=TIMEOUT_S)
        output, problems = done.stdout, problems_of(client, done.stdout)
        if done.returncode != 0:
            problems.append("it ends with code %d" % done.returncode)
    except subprocess.TimeoutExpired as late:
        output, problems = (late.stdout or b"").decode("utf-8", "replace"), ["it does not end in %d s" % TIMEOUT_S]
    if problems:
        raise Failed("%s; its output:\n%s" % ("; ".join(problems), output))


class Results:
    """Counts, and says of each client how it went."""

    def __init__(self) -> None:
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}

    def step(self, name: str, what: str, work: Callable[[], None], last: bool) -> bool:
        """Does `work`; a client passes with its `last` step."""
        start = time.monotonic()
        try:
            work()
        except Skipped as reason:
            return self._count(name, "skipped", "skipped: %s" % reason)
        except Failed as problem:
            return self._count(name, "failed", "WRONG: %s" % problem)
        done = "%s in %.0f s" % (what, time.monotonic() - start)
        if last:
            self._count(name, "passed", done)
        else:
            print("%s: %s" % (name, done), flush=True)
        return True

    def _count(self, name: str, kind: str, text: str) -> bool:
        self.counts[kind] += 1
        print("%s: %s" % (name, text), flush=True)
        return False


def main() -> int:
    names = sys.argv[1].split(",") if len(sys.argv) > 1 else list(CLIENTS)
    unknown = [name for name in names if name not in CLIENTS]
    if unknown:
        print("there is no %s; there are: %s" % (", ".join(unknown), ", ".join(CLIENTS)))
        return 2
    results = Results()
    ready = [name for name in names if CLIENTS[name].prepare is None
             or results.step(name, "prepared", CLIENTS[name].prepare, last=False)]
    if ready:
        with LiveTandem(BUILT, OPTIONS) as tandem:
            for name in ready:
                results.step(name, "fine", lambda: run(CLIENTS[name], tandem), last=True)
    print("%(passed)d passed, %(failed)d failed, %(skipped)d skipped" % results.counts)
    return 0 if results.counts["passed"] and not results.counts["failed"] else 1


if __name__ == "__main__":
    sys.exit(main())
