"""The repository @grpc_protos: protos of gRPC's own services, from Debian's package grpc-proto."""

_FOLDER = "/usr/share/grpc-proto"

_PROTOS = [
    "grpc/health/v1/health.proto",
    "grpc/reflection/v1/reflection.proto",
    "grpc/reflection/v1alpha/reflection.proto",
]

_BUILD = """# Generated from //tools/bazel:grpc_protos.bzl.
load("@tandem//tools/bazel:proto.bzl", "tandem_proto")

package(default_visibility = ["//visibility:public"])

tandem_proto(
    name = "grpc_protos_cc",
    srcs = {srcs},
    import_root = "",
    services = [proto for proto in {srcs} if "reflection" in proto],
)
"""

def _grpc_protos_impl(ctx):
    for proto in _PROTOS:
        source = ctx.path(_FOLDER + "/" + proto)
        if not source.exists:
            fail("%s is missing. Run tools/setup, which installs it." % source)
        ctx.symlink(source, proto)
    ctx.file("BUILD", _BUILD.format(srcs = repr(_PROTOS)))

grpc_protos_repository = repository_rule(
    implementation = _grpc_protos_impl,
    doc = "Health and reflection as one library, with the gRPC stubs of reflection.",
    local = True,
)
