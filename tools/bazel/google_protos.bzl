"""The repository @google_protos: Google's common protos from the npm package google-proto-files."""

# Files by folder: those that Tandem's protos and its error details use.
_PROTOS = [
    "google/api/annotations.proto",
    "google/api/client.proto",
    "google/api/field_behavior.proto",
    "google/api/http.proto",
    "google/api/launch_stage.proto",
    "google/api/resource.proto",
    "google/longrunning/operations.proto",
    "google/rpc/code.proto",
    "google/rpc/error_details.proto",
    "google/rpc/status.proto",
    "google/type/date.proto",
    "google/type/datetime.proto",
    "google/type/dayofweek.proto",
    "google/type/interval.proto",
    "google/type/month.proto",
    "google/type/timeofday.proto",
]

_BUILD = """# Generated from //tools/bazel:google_protos.bzl.
load("@tandem//tools/bazel:proto.bzl", "tandem_proto")

package(default_visibility = ["//visibility:public"])

tandem_proto(
    name = "google_protos_cc",
    srcs = {srcs},
    import_root = "",
    services = ["google/longrunning/operations.proto"],
)
"""

def _google_protos_impl(ctx):
    root = ctx.path(Label("//:WORKSPACE")).dirname
    package = root.get_child("tools").get_child("node").get_child("node_modules") \
        .get_child("google-proto-files")
    if not package.exists:
        fail("%s is missing. Run tools/setup, which installs it." % package)
    for proto in _PROTOS:
        source = package
        for part in proto.split("/"):
            source = source.get_child(part)
        ctx.symlink(source, proto)
    ctx.file("BUILD", _BUILD.format(srcs = repr(_PROTOS)))

google_protos_repository = repository_rule(
    implementation = _google_protos_impl,
    doc = "Google's common protos as one library, with the gRPC stub of long-running operations.",
    local = True,
)
