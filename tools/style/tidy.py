"""Runs clang-tidy over C++ files and remembers those that were clean.

A file is checked again only when the file, a header of this repository that it includes (directly
or not), the flags, .clang-tidy or clang-tidy itself has changed. The digests of clean files are
kept in ~/.cache/tandem/tidy. Prints the findings and exits with 1 if there are any.

    python3 tools/style/tidy.py FOLDER...     # from the repository's root
"""

import concurrent.futures
import hashlib
import os
import subprocess
import sys
from typing import Dict, List, Optional

import packages
import sizes

# The checked packages use no generated code, so these flags are all that they need. Warnings are those
# of clang, with its analysis of what each mutex guards, which GCC lacks.
FLAGS = ["-std=c++17", "-I.", "-Wthread-safety", "-DNDEBUG"]

CACHE = os.path.expanduser("~/.cache/tandem/tidy")


def read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def closure(path: str, seen: Dict[str, str]) -> Dict[str, str]:
    """The file and every file of this repository that it includes, with their texts."""
    if path not in seen and os.path.isfile(path):
        seen[path] = read(path)
        for include in packages.includes_of(seen[path]):
            closure(include, seen)
    return seen


def digest(path: str, tool: str) -> str:
    """What the outcome of checking a file depends on."""
    total = hashlib.sha256("\0".join([tool] + FLAGS).encode())
    total.update(read(".clang-tidy").encode())
    for name, text in sorted(closure(path, {}).items()):
        total.update(f"\0{name}\0".encode() + text.encode())
    return total.hexdigest()


def check(path: str, tool: str) -> Optional[str]:
    """None when the file is clean, else what clang-tidy said."""
    stamp = os.path.join(CACHE, digest(path, tool))
    if os.path.exists(stamp):
        os.utime(stamp)
        return None
    result = subprocess.run(
        ["clang-tidy", "--quiet", path, "--"] + FLAGS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if result.returncode != 0:
        return result.stdout.decode() or result.stderr.decode()
    with open(stamp, "w", encoding="utf-8") as file:
        file.write(path + "\n")
    return None


def main(folders: List[str]) -> int:
    os.makedirs(CACHE, exist_ok=True)
    tool = subprocess.run(["clang-tidy", "--version"], check=True, stdout=subprocess.PIPE)
    version = tool.stdout.decode()
    inside = tuple(folder.rstrip("/") + "/" for folder in folders)
    # Tests are left to the compiler and the sanitizers: they double the time and rarely the findings.
    files = [
        f
        for f in sizes.repository_files()
        if f.startswith(inside) and f.endswith(".cc") and not f.endswith("_test.cc")
    ]
    # The largest first, so that both cores are busy to the end.
    files.sort(key=os.path.getsize, reverse=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        outcomes = list(pool.map(lambda file: check(file, version), files))
    failed = [outcome for outcome in outcomes if outcome is not None]
    print("\n".join(failed) if failed else f"{len(files)} files", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
