"""Runs the curl calls of the documents against a live tandemd with the sample:

    python3 tests/gateway/documented_calls.py

Every command of a ```sh block that begins with "curl " is run by bash as it stands, with the variables
and the function that the documents name. It must end with code 0, and its output must hold what the
line "# ..." right below it says, if there is one; a stream must not end with an error but for the end
of its time.

Those that read run first; then those that write, of which those that retire or erase run last.
"""

import os
import pathlib
import re
import subprocess
import sys
from typing import Dict, Iterator, List, NamedTuple, Optional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from live_tandem import LiveTandem  # noqa: E402

README = "services/gateway/README.md"
API = ["docs/api/%s.md" % page for page in ("profiles", "needs", "matching", "access", "events", "audit")]
API_README = "docs/api/README.md"
READS = ("Get", "List", "Rank", "Explain", "Compare", "Report", "Export", "Watch")
# A run that ends takes back the matches that were proposed before: it starts after they were decided on.
SOLVES = ("Solve",)
RETIRES = ("Deactivate", "Reactivate", "Erase", "Revoke")


class Call(NamedTuple):
    """A curl call of a document."""

    place: str  # "path:line"
    command: str
    expected: Optional[str]  # a part of its output

    def rank(self) -> int:
        method = re.search(r"Service/(\w+)", self.command).group(1)
        for rank, prefixes in ((0, READS), (2, SOLVES), (3, RETIRES)):
            if method.startswith(prefixes):
                return rank
        return 1


def shell_blocks(text: str) -> Iterator["re.Match[str]"]:
    return re.finditer(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def calls_in(path: str) -> Iterator[Call]:
    text = pathlib.Path(path).read_text("utf-8")
    for block in shell_blocks(text):
        line = text.count("\n", 0, block.start(1)) + 1
        for command in re.finditer(r"^(curl (?:.*\\\n)*.*)\n(?:# (.*))?", block.group(1), re.MULTILINE):
            yield Call("%s:%d" % (path, line + block.group(1).count("\n", 0, command.start())),
                       command.group(1), command.group(2))


def problem_of(call: Call, preamble: str, variables: Dict[str, str]) -> Optional[str]:
    done = subprocess.run(["bash", "-uc", preamble + call.command], env=dict(os.environ, **variables),
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        return "ended with %d: %s%s" % (done.returncode, output, done.stderr.decode("utf-8", "replace"))
    if call.expected and call.expected not in output:
        return "does not answer %s, but: %s" % (call.expected, output)
    if "framed" in call.command:
        end = output.rpartition("\x02\x00")[2]
        if not end.endswith("{}") and '"code":"deadline_exceeded"' not in end:
            return "ends with " + end
    return None


def run(calls: List[Call], preamble: str, variables: Dict[str, str]) -> int:
    failures = 0
    for call in calls:
        problem = problem_of(call, preamble, variables)
        if problem:
            failures += 1
            print("%s: %s\n  %s" % (call.place, call.command, problem))
    print("%d calls, %d failed" % (len(calls), failures))
    return failures


def page_calls() -> List[Call]:
    """Those of all pages of the reference; every method has one."""
    calls = []
    for page in API:
        found = list(calls_in(page))
        methods = len(re.findall(r"^grpcurl ", pathlib.Path(page).read_text("utf-8"), re.MULTILINE))
        if not found or len(found) != methods:
            raise SystemExit("%s has %d methods, but %d calls of curl" % (page, methods, len(found)))
        calls += found
    return sorted(calls, key=Call.rank)


def main() -> int:
    readme = list(calls_in(README))
    pages = page_calls()
    if len(readme) < 5:
        raise SystemExit("%s has %d calls: the pattern no longer finds them" % (README, len(readme)))
    functions = [block.group(1) for block in shell_blocks(pathlib.Path(API_README).read_text("utf-8"))
                 if block.group(1).startswith("framed()")]
    with LiveTandem() as tandem:
        variables = dict(tandem.variables, AUTH="tandem-role: admin")
        return 1 if run(readme, "", variables) + run(pages, functions[0], variables) else 0


if __name__ == "__main__":
    sys.exit(main())
