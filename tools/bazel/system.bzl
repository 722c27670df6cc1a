"""The repository @system: Debian's C++ libraries as Bazel targets."""

# Target -> (pkg-config modules, Debian package whose version counts, further targets it needs).
# An empty list of modules means: headers only.
_LIBRARIES = {
    "boost": ([], "libboost-dev", []),
    "cli11": ([], "libcli11-dev", []),
    "gtest": (["gmock", "gtest"], "libgtest-dev", []),
    "gtest_main": (["gmock_main"], "libgtest-dev", ["gtest"]),
    "grpc": (["grpc++"], "libgrpc++-dev", ["absl", "protobuf"]),
    "lemon": (["lemon"], "liblemon-dev", []),
    "libical": (["libical"], "libical-dev", []),
    "openssl": (["openssl"], "libssl-dev", []),
    "prometheus": (["prometheus-cpp-core"], "prometheus-cpp-dev", []),
    "protobuf": (["protobuf"], "libprotobuf-dev", []),
    "rocksdb": (["rocksdb"], "librocksdb-dev", []),
    "tcmalloc": (["libtcmalloc_minimal"], "libgoogle-perftools-dev", []),
    "utf8proc": (["libutf8proc"], "libutf8proc-dev", []),
    "zlib": (["zlib"], "zlib1g-dev", []),
}

# Libraries that no code names, because they replace functions of libc: linked all the same.
_UNNAMED = ["tcmalloc"]

# Packages whose version only counts for the tools that generate code.
_TOOLS = ["protobuf-compiler", "protobuf-compiler-grpc"]

_HEADER = """# Generated from //tools/bazel:system.bzl.
package(default_visibility = ["//visibility:public"])
"""

_LIBRARY = """
cc_library(
    name = "{name}",
    defines = ["TANDEM_VERSION_{upper}={version}"],
    linkopts = {linkopts},
    deps = {deps},
)
"""

def _run(ctx, command):
    result = ctx.execute(command)
    if result.return_code != 0:
        fail("`%s` failed: %s\nRun tools/setup, which installs what the build needs." %
             (" ".join(command), result.stderr))
    return result.stdout.strip()

def _version(ctx, package):
    """Debian's version of a package in letters, digits and underscores.

    System headers are no inputs of an action, so this version stands in every compiler command
    instead: an upgraded library rebuilds what uses it.
    """
    version = _run(ctx, ["dpkg-query", "--show", "--showformat=${Version}", package])
    return "".join([c if c.isalnum() else "_" for c in version.elems()])

def _unique(words):
    return {word: None for word in words if word}.keys()

def _absl_modules(ctx):
    listed = _run(ctx, ["pkg-config", "--list-package-names"]).split("\n")
    modules = sorted([m.strip() for m in listed if m.startswith("absl_")])
    if not modules:
        fail("Abseil's pkg-config files are missing. Run tools/setup.")
    return modules

def _library(ctx, name, modules, package, deps):
    libs = []
    if modules:
        libs = _run(ctx, ["pkg-config", "--libs"] + modules).split(" ")

    # The linker keeps only what is used; the order of the libraries is pkg-config's.
    flags = _unique([lib for lib in libs if lib.startswith("-l")])
    if name in _UNNAMED:
        flags = ["-Wl,--no-as-needed"] + flags + ["-Wl,--as-needed"]
    return _LIBRARY.format(
        name = name,
        upper = name.upper(),
        version = _version(ctx, package),
        linkopts = repr((["-Wl,--as-needed"] if flags else []) + flags),
        deps = repr([":" + dep for dep in deps]),
    )

def _system_impl(ctx):
    build = _HEADER + _library(ctx, "absl", _absl_modules(ctx), "libabsl-dev", [])
    for name, (modules, package, deps) in _LIBRARIES.items():
        build += _library(ctx, name, modules, package, deps)
    ctx.file("BUILD", build)
    versions = {tool: _version(ctx, tool) for tool in _TOOLS}
    ctx.file("versions.bzl", "\"\"\"Versions of the code generators.\"\"\"\n\nVERSIONS = %s\n" % repr(versions))

system_repository = repository_rule(
    implementation = _system_impl,
    configure = True,
    doc = "Debian's libraries, found by pkg-config, with their versions as defines.",
    # Looked at again whenever the Bazel server starts, so that an upgrade is noticed.
    local = True,
)
