"""The rules for BUILD files, on a plain model of the targets (see build_files.py, which reads it).

 1. Packages are private by default, and nothing is visible to everybody.
 2. A target depends directly on what it includes, and on nothing else.
 3. Dependencies point one way: see LAYERS.
"""

import re
from typing import Dict, Iterable, List, NamedTuple, Optional, Set


class Target(NamedTuple):
    """A C++ target: labels in full (`//base:csv`), files as paths from the repository's root."""

    label: str
    kind: str  # cc_library, cc_binary or cc_test
    sources: List[str]
    headers: List[str]
    deps: List[str]
    generated_headers: List[str]  # as they are included; those of a tandem_proto
    visibility: List[str]
    testonly: bool

    @property
    def package(self) -> str:
        return self.label[2:].split(":")[0]


# First part of an include -> the targets, any of which provides it. The first is the usual one.
SYSTEM_INCLUDES = {
    "CLI/": ["@system//:cli11"],
    "absl/": ["@system//:absl"],
    "boost/": ["@system//:boost"],
    "gmock/": ["@system//:gtest", "@system//:gtest_main"],
    "google/api/": ["@google_protos//:google_protos_cc"],
    "google/longrunning/": ["@google_protos//:google_protos_cc"],
    "google/protobuf/": ["@system//:protobuf", "@system//:grpc"],
    "google/rpc/": ["@google_protos//:google_protos_cc"],
    "google/type/": ["@google_protos//:google_protos_cc"],
    "grpc++/": ["@system//:grpc"],
    "grpc/health/": ["@grpc_protos//:grpc_protos_cc"],
    "grpc/reflection/": ["@grpc_protos//:grpc_protos_cc"],
    "grpc/": ["@system//:grpc"],
    "grpcpp/": ["@system//:grpc"],
    "gtest/": ["@system//:gtest", "@system//:gtest_main"],
    "lemon/": ["@system//:lemon"],
    "libical/": ["@system//:libical"],
    "openssl/": ["@system//:openssl"],
    "prometheus/": ["@system//:prometheus"],
    "rocksdb/": ["@system//:rocksdb"],
    "utf8proc.h": ["@system//:utf8proc"],
    "zlib.h": ["@system//:zlib"],
}

# Needed without an include of its own: a main function, and the runtime of generated code.
IMPLICIT = {"@system//:gtest_main"}

# What a package may depend on, by the longest matching prefix; its own folder always. This is the
# architecture in short: tools, tests -> services -> storage, services/common -> protos, base.
LAYERS = [
    ("base", []),
    ("protos", []),
    ("storage", ["base"]),
    ("services/common", ["base", "protos", "storage"]),
    ("services/matching/engine", ["base"]),
    ("services/tandemd", ["base", "protos", "storage", "services"]),
    ("services/", ["base", "protos", "storage", "services/common"]),
    ("tests", ["base", "protos", "storage", "services", "tools"]),
    ("tools", ["base", "protos", "storage", "services"]),
]

# Besides Google's own, the engine uses only Abseil; tests may use more.
ENGINE_SYSTEM = {"@system//:absl"}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]', re.MULTILINE)


def includes_of(text: str) -> List[str]:
    return _INCLUDE.findall(text)


def _inside(package: str, folder: str) -> bool:
    return package == folder or package.startswith(folder.rstrip("/") + "/")


def layer_problem(package: str, dep: str) -> Optional[str]:
    """Why a target of `package` must not depend on `dep`, or None if it may."""
    if not dep.startswith("//"):
        return None
    other = dep[2:].split(":")[0]
    for folder, allowed in LAYERS:
        if _inside(package, folder):
            own = "/".join(package.split("/")[:2]) if folder == "services/" else folder
            if any(_inside(other, a) for a in [own] + allowed):
                return None
            return f"{package} must not depend on {other} (may on: {', '.join([own] + allowed)})"
    return f"{package} is no known layer; add it to LAYERS in tools/style/packages.py"


def providers(targets: Iterable[Target]) -> Dict[str, Set[str]]:
    """Include path -> the targets that provide it.

    A library without headers implements those of its dependencies, so it provides them too.
    """
    by_label = {target.label: target for target in targets}
    found: Dict[str, Set[str]] = {}
    for target in by_label.values():
        headers = target.headers + target.generated_headers
        if not headers and target.kind == "cc_library":
            headers = [h for dep in target.deps if dep in by_label for h in by_label[dep].headers]
        for header in headers:
            found.setdefault(header, set()).add(target.label)
    return found


def _system_providers(include: str) -> List[str]:
    for prefix, labels in SYSTEM_INCLUDES.items():
        if include.startswith(prefix):
            return labels
    return []


def dependency_problems(target: Target, texts: Dict[str, str],
                        provided: Dict[str, Set[str]]) -> Iterable[str]:
    """Includes without a direct dependency, and dependencies without an include."""
    own = set(target.headers + target.sources)
    used = set(IMPLICIT)
    for path in sorted(own):
        for include in includes_of(texts.get(path, "")):
            labels = sorted(provided.get(include, ())) or _system_providers(include)
            if not labels and include.endswith(".pb.h"):
                yield f"{target.label}: {path} includes {include}, which no target provides"
            if include in own or not labels:
                continue
            direct = [label for label in labels if label in target.deps]
            used.update(direct)
            if not direct and target.label not in labels:
                yield f"{target.label}: {path} includes {include}; add {labels[0]} to its deps"
    if target.generated_headers or not own or not own.issubset(texts):
        return
    for dep in target.deps:
        if dep not in used:
            yield f"{target.label}: nothing of {dep} is included; take it out of its deps"


def target_problems(target: Target, texts: Dict[str, str],
                    provided: Dict[str, Set[str]]) -> Iterable[str]:
    yield from dependency_problems(target, texts, provided)
    for dep in target.deps:
        problem = layer_problem(target.package, dep)
        if problem:
            yield f"{target.label}: {problem}"
        if (_inside(target.package, "services/matching/engine") and not target.testonly
                and dep.startswith("@") and dep not in ENGINE_SYSTEM):
            yield f"{target.label}: the engine uses only {', '.join(ENGINE_SYSTEM)}, not {dep}"
    if "//visibility:public" in target.visibility:
        yield f"{target.label}: visible to everybody; name the packages that need it"


def build_file_problems(path: str, text: str) -> Iterable[str]:
    if not re.search(r'^package\([^()]*\bdefault_visibility = \["//visibility:private"\]', text,
                     re.MULTILINE):
        yield f'{path}: add package(default_visibility = ["//visibility:private"])'
