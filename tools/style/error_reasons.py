"""Compares the reasons of errors in the source with their catalogue, in both directions:

    python3 tools/style/error_reasons.py

The catalogue is the enum ErrorReason in protos/tandem/common/v1/error_reason.proto. In the source a
reason is the literal that a function of services/common/errors.h takes. A reason must be in the
catalogue with the code that it is made with, and every one of the catalogue must be made somewhere.
"""

import pathlib
import re
import sys
from typing import Dict, Iterator, List, NamedTuple, Optional, Set

CATALOGUE = "protos/tandem/common/v1/error_reason.proto"

# Function -> (argument with the reason, its code; None: in the first argument).
MAKERS = {
    "MakeError": (1, None),
    "FailedPrecondition": (0, "FAILED_PRECONDITION"),
    "PermissionDenied": (1, "PERMISSION_DENIED"),
    "QuotaExceeded": (0, "RESOURCE_EXHAUSTED"),
    "Unavailable": (0, "UNAVAILABLE"),
}
# What PermissionDenied takes where none is given.
DEFAULT_REASON = {"PermissionDenied": "ROLE_NOT_ALLOWED"}
# Where these functions are defined, and take the reasons of others.
DEFINED_IN = {"services/common/errors.h", "services/common/errors.cc"}


class Use(NamedTuple):
    """One place that makes an error."""

    place: str  # "path:line"
    reason: Optional[str]  # None when it is no literal
    code: Optional[str]  # None when it is not written there


def without_comments(text: str) -> str:
    return re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda m: m.group(1) or "", text)


def arguments(text: str, start: int) -> List[str]:
    """The arguments of the call whose opening parenthesis stands at `start`."""
    depth, begin, found, i = 0, start + 1, [], start
    while i < len(text):
        char = text[i]
        if char == '"':
            i = re.compile(r'"(?:\\.|[^"\\])*"').match(text, i).end()
            continue
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
            if depth == 0:
                return found + [text[begin:i].strip()]
        elif char == "," and depth == 1:
            found.append(text[begin:i].strip())
            begin = i + 1
        i += 1
    return found


def code_of(argument: str) -> Optional[str]:
    """"NOT_FOUND" of "absl::StatusCode::kNotFound"."""
    found = re.fullmatch(r"(?:absl::)?StatusCode::k(\w+)", argument)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", found.group(1)).upper() if found else None


def uses_in(path: str, text: str) -> Iterator[Use]:
    text = without_comments(text)
    # A declaration or definition has the type of its result before it.
    for call in re.finditer(r"(?<![\w.])(absl::Status )?((?:common::)?)(%s)\(" % "|".join(MAKERS), text):
        if call.group(1):
            continue
        name = call.group(3)
        position, code = MAKERS[name]
        given = arguments(text, call.end() - 1)
        reason = given[position] if position < len(given) else '"%s"' % DEFAULT_REASON[name]
        literal = re.fullmatch(r'"([A-Z0-9_]+)"', reason)
        if literal is None and path in DEFINED_IN:
            continue
        yield Use("%s:%d" % (path, text.count("\n", 0, call.start()) + 1),
                  literal.group(1) if literal else None, code or code_of(given[0]))
    if path in DEFINED_IN:
        for found in re.finditer(r'\bExplain\(status, [\w:.()]+,\s*"([A-Z_]+)"', text):
            yield Use("%s:%d" % (path, text.count("\n", 0, found.start()) + 1), found.group(1), None)


def catalogue_of(proto: str) -> Dict[str, Set[str]]:
    """Reason -> its codes."""
    found = {}
    for entry in re.finditer(r"ERROR_REASON_(\w+) = \d+([^;]*);", without_comments(proto)):
        codes = re.search(r"codes: \[([A-Z_, ]*)\]", entry.group(2))
        found[entry.group(1)] = set(codes.group(1).split(", ")) if codes else set()
    found.pop("UNSPECIFIED", None)
    return found


def problems(catalogue: Dict[str, Set[str]], uses: List[Use]) -> Iterator[str]:
    for use in uses:
        if use.reason is None:
            yield "%s: the reason is no literal, so it cannot be found" % use.place
        elif use.reason not in catalogue:
            yield "%s: %s is not in %s: add it there with its code and what clients do about it" % (
                use.place, use.reason, CATALOGUE)
        elif use.code and catalogue[use.reason] and use.code not in catalogue[use.reason]:
            yield "%s: %s comes with %s, but the catalogue says %s" % (
                use.place, use.reason, use.code, ", ".join(sorted(catalogue[use.reason])))
    made = {use.reason for use in uses}
    for reason in sorted(set(catalogue) - made):
        yield "%s: nothing makes %s any more: reserve its number and name" % (CATALOGUE, reason)


def sources(root: pathlib.Path) -> Iterator[pathlib.Path]:
    for path in sorted((root / "services").rglob("*")):
        relative = path.relative_to(root).as_posix()
        if path.suffix in (".cc", ".h") and not relative.endswith("_test.cc") \
                and "/testing/" not in relative and "/engine/" not in relative:
            yield path


def main() -> int:
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    uses = [use for path in sources(root)
            for use in uses_in(path.relative_to(root).as_posix(), path.read_text("utf-8"))]
    found = list(problems(catalogue_of((root / CATALOGUE).read_text("utf-8")), uses))
    print("\n".join(found) or "%d places make errors; all reasons are in the catalogue" % len(uses))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
