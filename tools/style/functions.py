"""Finds the functions of a source file and where they begin and end.

Works on text, without a compiler, so it is quick and needs no flags. C++ is read by its braces
after comments, literals and preprocessor lines are blanked out; Python and Starlark by Python's
own parser; shell by `name() {` and the `}` that stands below it.
"""

import ast
import re
from typing import List, NamedTuple


class Function(NamedTuple):
    """A function from the first line of its declaration to the line of its last brace."""

    name: str
    first_line: int
    last_line: int

    @property
    def lines(self) -> int:
        return self.last_line - self.first_line + 1


def functions_in(path: str, text: str) -> List[Function]:
    """The outermost functions of a file; methods count, lambdas are part of their function."""
    if path.endswith((".cc", ".h")):
        return cpp_functions(text)
    if path.endswith((".py", ".bzl")):
        return python_functions(text)
    if path.endswith(".sh") or re.match(r"#!.*\b(ba)?sh\b", text):
        return shell_functions(text)
    if re.match(r"#!.*\bpython3?\b", text):
        return python_functions(text)
    return []


def python_functions(text: str) -> List[Function]:
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([node.lineno] + [d.lineno for d in node.decorator_list])
            found.append(Function(node.name, first, node.end_lineno))
    return sorted(found, key=lambda f: f.first_line)


def shell_functions(text: str) -> List[Function]:
    found = []
    lines = text.split("\n")
    for index, line in enumerate(lines):
        start = re.match(r"( *)(?:function +)?([\w:.-]+) *\(\) *[{(]", line)
        if not start:
            continue
        closing = re.compile(start.group(1) + r"[})]")
        if re.search(r"[})] *$", line):
            end = index
        else:
            end = next((i for i in range(index + 1, len(lines)) if closing.match(lines[i])), index)
        found.append(Function(start.group(2), index + 1, end + 1))
    return found


_LITERAL = re.compile(
    r'//(?:\\\n|[^\n])*'  # a comment to the end of the line
    r"|/\*.*?\*/"
    r'|R"(?P<mark>[^()\\\s]{0,16})\(.*?\)(?P=mark)"'  # a raw string
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"  # not the separator of 1'000'000
    r"|^[ \t]*\#(?:\\\n|[^\n])*",  # a preprocessor line
    re.DOTALL | re.MULTILINE,
)


def blank_literals(text: str) -> str:
    """C++ without comments, literals and preprocessor lines; every line keeps its number."""

    def blanked(match: "re.Match") -> str:
        return re.sub(r"[^\n]", " ", match.group(0))

    return _LITERAL.sub(blanked, text)


def _matching_brace(code: str, opening: int) -> int:
    depth = 0
    for match in re.compile(r"[{}]").finditer(code, opening):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return len(code) - 1


def _without_template_lists(head: str) -> str:
    """The head of a declaration without `template <...>`, which may hold the word class."""
    while True:
        start = re.search(r"\btemplate\s*<", head)
        if not start:
            return head
        depth, end = 1, start.end()
        while end < len(head) and depth > 0:
            depth += {"<": 1, ">": -1}.get(head[end], 0)
            end += 1
        head = head[: start.start()] + " " + head[end:]


_SCOPE = re.compile(
    r"^\s*(?:inline\s+|typedef\s+|static\s+|const\s+)*"
    r"(?:(?:class|struct|union)\b(?:\s*(?:alignas|__attribute__)\s*\(+[^()]*\)+)?"
    r"[^():]*(?:::[^():]*)*(?:$|:(?!:))"  # the name, then the bases if there are any
    r"|namespace\b|extern\s*$)"
)
_ENUM = re.compile(r"^\s*(?:typedef\s+)?enum\b")
_ACCESS = re.compile(r"^\s*(?:(?:public|private|protected)\s*:\s*)+")


def cpp_functions(text: str) -> List[Function]:
    code = blank_literals(text)
    found: List[Function] = []
    _scan_scope(code, 0, len(code), found)
    return found


def _scan_scope(code: str, position: int, end: int, found: List[Function]) -> None:
    """Adds the functions between two offsets of a namespace, a class or the file."""
    head_start = position
    token = re.compile(r"[;{}]")
    while True:
        match = token.search(code, position, end)
        if not match:
            return
        position = match.end()
        if match.group() != "{":
            head_start = position
            continue
        closing = _matching_brace(code, match.start())
        head = _ACCESS.sub("", _without_template_lists(code[head_start : match.start()]))
        follows = code[closing + 1 : end].lstrip()[:1]
        if _SCOPE.match(head):
            _scan_scope(code, match.end(), closing, found)
        elif follows in (",", "{") and not _ENUM.match(head):
            # An initialiser in a constructor's list: the declaration goes on behind it.
            position = closing + 1
            continue
        elif "(" in head and not _ENUM.match(head):
            found.append(_function(code, head_start, match.start(), closing))
        position = closing + 1
        head_start = position


def _function(code: str, head_start: int, opening: int, closing: int) -> Function:
    head = code[head_start:opening]
    skipped = len(head) - len(_ACCESS.sub("", head).lstrip())
    first = code.count("\n", 0, head_start + skipped) + 1
    plain = _without_template_lists(head)
    name = re.search(r"([\w:~]+(?:\s*operator\s*\S+?)?)\s*\(([^()]*)", plain)
    label = name.group(1) if name else plain.strip()
    if name and re.match(r"(TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P|BENCHMARK\w*)$", label):
        label = ".".join(part.strip() for part in name.group(2).split(","))
    return Function(label, first, code.count("\n", 0, closing) + 1)
