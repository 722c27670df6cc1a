"""Runs the curl calls of the documents against a live tandemd with the sample:

    python3 tests/gateway/documented_calls.py

Every line of a ```sh block that begins with "curl " is run by bash as it stands, with the variables
that the documents name. It must end with code 0, and its output must hold what the line "# ..."
right below it says, if there is one.
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


class Call(NamedTuple):
    """A curl call of a document."""

    place: str  # "path:line"
    command: str
    expected: Optional[str]  # a part of its output


def calls_in(path: str, text: str) -> Iterator[Call]:
    for block in re.finditer(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        line = text.count("\n", 0, block.start(1)) + 1
        for command in re.finditer(r"^curl (?:.*\\\n)*.*\n(?:# (.*))?", block.group(1), re.MULTILINE):
            yield Call("%s:%d" % (path, line + block.group(1).count("\n", 0, command.start())),
                       re.sub(r"\n# .*\Z", "", command.group(0)), command.group(1))


def problem_of(call: Call, variables: Dict[str, str]) -> Optional[str]:
    done = subprocess.run(["bash", "-c", "set -o pipefail; " + call.command],
                          env=dict(os.environ, **variables), stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60)
    output = done.stdout.decode("utf-8", "replace")
    if done.returncode != 0:
        return "ended with %d: %s%s" % (done.returncode, output, done.stderr.decode("utf-8", "replace"))
    if call.expected and call.expected not in output:
        return "does not answer %s, but: %s" % (call.expected, output)
    return None


def run(calls: List[Call], variables: Dict[str, str]) -> int:
    failures = 0
    for call in calls:
        problem = problem_of(call, variables)
        if problem:
            failures += 1
            print("%s: %s\n  %s" % (call.place, call.command.strip(), problem))
    print("%d calls, %d failed" % (len(calls), failures))
    return failures


def main() -> int:
    readme = list(calls_in(README, pathlib.Path(README).read_text("utf-8")))
    if len(readme) < 5:
        print("%s has %d calls: the pattern no longer finds them" % (README, len(readme)))
        return 1
    with LiveTandem() as tandem:
        return 1 if run(readme, tandem.variables) else 0


if __name__ == "__main__":
    sys.exit(main())
