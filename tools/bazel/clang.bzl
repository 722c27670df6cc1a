"""The repository @clang: clang as a second C++ toolchain, beside GCC, in the same build.

Used by configuration transitions (variants.bzl) for fuzzers, which need clang's libFuzzer, and for
tests that compare what both compilers make of the same code.
"""

load("@bazel_tools//tools/cpp:unix_cc_configure.bzl", "configure_unix_toolchain")

def _clang_impl(ctx):
    clang = ctx.which("clang")
    if not clang:
        fail("clang is missing. Run tools/setup, which installs what the build needs.")
    configure_unix_toolchain(ctx, "k8", {"gcc": str(clang)})

clang_repository = repository_rule(
    implementation = _clang_impl,
    configure = True,
    doc = "clang, configured as Bazel configures the system's compiler; fetched when first used.",
)
