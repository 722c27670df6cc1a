"""Checks the BUILD files with the rules of packages.py, on the targets that Bazel reports.

Prints what is wrong, one a line, and exits with 1 if anything is. $TANDEM_BAZEL is the Bazel
command, `bazel` by default.

    python3 tools/style/build_files.py     # from the repository's root
"""

import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from typing import Dict, List

import packages
import sizes

_KINDS = "alias|cc_library|cc_binary|cc_test|_proto_sources"


def query(expression: str) -> ElementTree.Element:
    command = shlex.split(os.environ.get("TANDEM_BAZEL", "bazel"))
    result = subprocess.run(
        command + ["query", "--output=xml", "--noshow_progress", expression],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        check=False,
    )
    if result.returncode != 0:
        sys.exit(result.stderr.decode() + "build_files: bazel query failed, see above")
    return ElementTree.fromstring(result.stdout)


def _labels(rule: ElementTree.Element, attribute: str) -> List[str]:
    found = rule.find(f"list[@name='{attribute}']")
    return [] if found is None else [label.get("value") for label in found]


def _string(rule: ElementTree.Element, attribute: str) -> str:
    found = rule.find(f"string[@name='{attribute}']")
    return "" if found is None else found.get("value")


def _paths(labels: List[str]) -> List[str]:
    return [re.sub("/?:", "/", label[2:]).lstrip("/") for label in labels if label[:2] == "//"]


def proto_headers(paths: List[str], import_root: str = "protos") -> List[str]:
    """What is included of a proto package: protos/tandem/x/v1/a.proto -> tandem/x/v1/a.pb.h."""
    stems = [os.path.relpath(path, import_root or ".")[:-len(".proto")] for path in paths]
    return [stem + ending for stem in stems for ending in (".pb.h", ".grpc.pb.h")]


def targets_of(root: ElementTree.Element) -> List[packages.Target]:
    rules = root.findall("rule")
    protos: Dict[str, List[str]] = {
        rule.get("name"): proto_headers(_paths(_labels(rule, "srcs")), _string(rule, "import_root"))
        for rule in rules if rule.get("class") == "_proto_sources"
    }
    aliases = {
        rule.get("name"): rule.find("label[@name='actual']").get("value")
        for rule in rules if rule.get("class") == "alias"
    }
    targets = []
    for rule in rules:
        if rule.get("class") in ("_proto_sources", "alias"):
            continue
        deps = [aliases.get(dep, dep) for dep in _labels(rule, "deps")]
        targets.append(packages.Target(
            label=rule.get("name"),
            kind=rule.get("class"),
            sources=_paths(_labels(rule, "srcs")),
            headers=_paths(_labels(rule, "hdrs")),
            deps=[dep for dep in deps if dep not in protos],
            generated_headers=[h for dep in deps for h in protos.get(dep, [])],
            visibility=_labels(rule, "visibility"),
            testonly=rule.get("class") == "cc_test"
            or rule.find("boolean[@name='testonly'][@value='true']") is not None,
        ))
    return targets


def _read(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def _with_default_testonly(target: packages.Target) -> packages.Target:
    """Bazel's answer leaves out `default_testonly`, which stands in the BUILD file."""
    default = "default_testonly = True" in _read(os.path.join(target.package, "BUILD"))
    return target._replace(testonly=target.testonly or default)


def main() -> int:
    targets = targets_of(query(f'kind("{_KINDS}", //...)'))
    targets = [_with_default_testonly(target) for target in targets]
    paths = {path for t in targets for path in t.sources + t.headers}
    texts = {path: _read(path) for path in paths if os.path.isfile(path)}
    provided = packages.providers(targets)
    problems = [p for t in targets for p in packages.target_problems(t, texts, provided)]
    for path in sizes.repository_files():
        if os.path.basename(path) == "BUILD" and not path.startswith("tools/bazel/stubs/"):
            problems.extend(packages.build_file_problems(path, _read(path)))
    print("\n".join(problems) if problems else f"{len(targets)} targets", flush=True)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
