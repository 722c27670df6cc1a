"""Checks that every file has at most 500 lines and every function at most 70.

Prints what is too long, one a line, and exits with 1 if anything is.

    python3 tools/style/sizes.py     # from the repository's root
"""

import os
import subprocess
import sys
from typing import Iterable, List

import functions

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 70

# Data, files that a tool writes, and the lists of targets in BUILD files may be as long as they are.
# Folders of pages that a tool writes, one page a service (tools/docs).
GENERATED_FOLDERS = ("docs/api/",)
DATA_ENDINGS = (".csv", ".json", ".txt", ".svg", ".png", ".binpb", ".min", ".lock", ".sum", "BUILD")


def repository_files() -> List[str]:
    """The files of the working tree that git tracks or would offer to track."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True,
        stdout=subprocess.PIPE,
    ).stdout.decode()
    return sorted(f for f in set(listed.split("\0")) if f and os.path.isfile(f))


def findings(path: str, text: str) -> Iterable[str]:
    lines = text.count("\n") + (not text.endswith("\n") and text != "")
    if lines > MAX_FILE_LINES:
        yield f"{path}: {lines} lines; split it, a file has at most {MAX_FILE_LINES}"
    for function in functions.functions_in(path, text):
        if function.lines > MAX_FUNCTION_LINES:
            yield (
                f"{path}:{function.first_line}: {function.name} has {function.lines} lines; "
                f"split it, a function has at most {MAX_FUNCTION_LINES}"
            )


def main() -> int:
    problems = []
    checked = 0
    for path in repository_files():
        if path.endswith(DATA_ENDINGS) or path.startswith(GENERATED_FOLDERS):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            problems.extend(findings(path, file.read()))
        checked += 1
    print("\n".join(problems) if problems else f"{checked} files", flush=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
