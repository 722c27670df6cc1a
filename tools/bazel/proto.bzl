"""tandem_proto: protos to one C++ library, with the code generators that Debian ships."""

load("@system//:versions.bzl", "VERSIONS")

TandemProtoInfo = provider(
    doc = "Proto sources, for the protos that import them.",
    fields = {
        "roots": "depset of the folders that imports start from",
        "sources": "depset of all proto files, those of the dependencies too",
    },
)

def _join(*parts):
    return "/".join([part for part in parts if part])

def _stem(proto):
    return proto.basename[:-len(".proto")]

def _declare(ctx, source, suffixes):
    """The files that a generator writes beside a source, which may stand in a subfolder."""
    folder = source.dirname[len(_join(ctx.label.workspace_root, ctx.label.package)):].lstrip("/")
    return [ctx.actions.declare_file(_join(folder, _stem(source) + suffix)) for suffix in suffixes]

def _generate(ctx, args, inputs, outputs, what):
    ctx.actions.run(
        executable = "/usr/bin/protoc",
        arguments = [args],
        inputs = inputs,
        outputs = outputs,
        # The generators are no inputs; their versions make an upgrade run them again.
        env = {"TANDEM_GENERATORS": repr(VERSIONS)},
        mnemonic = "TandemProto",
        progress_message = "Generating %s of %s" % (what, ctx.label),
    )

def _protoc_args(ctx, roots):
    args = ctx.actions.args()
    args.add_all(roots, format_each = "-I%s", uniquify = True)
    return args

def _proto_sources_impl(ctx):
    root = _join(ctx.label.workspace_root, ctx.attr.import_root) or "."
    deps = [dep[TandemProtoInfo] for dep in ctx.attr.deps]
    roots = depset([root], transitive = [dep.roots for dep in deps])
    sources = depset(ctx.files.srcs, transitive = [dep.sources for dep in deps])
    out_root = _join(ctx.bin_dir.path, ctx.label.workspace_root, ctx.attr.import_root)

    code = []
    stubs = []
    for source in ctx.files.srcs:
        code += _declare(ctx, source, [".pb.cc", ".pb.h"])
    for source in ctx.files.services:
        stubs += _declare(ctx, source, [".grpc.pb.cc", ".grpc.pb.h"])

    args = _protoc_args(ctx, roots)
    args.add("--cpp_out=" + out_root)
    args.add_all(ctx.files.srcs)
    _generate(ctx, args, sources, code, "messages")
    if stubs:
        args = _protoc_args(ctx, roots)
        args.add("--plugin=protoc-gen-grpc=/usr/bin/grpc_cpp_plugin")
        args.add("--grpc_out=" + out_root)
        args.add_all(ctx.files.services)
        _generate(ctx, args, sources, stubs, "services")

    descriptor = ctx.outputs.descriptor
    args = _protoc_args(ctx, roots)
    args.add("--include_imports")
    args.add("--include_source_info")
    args.add("--descriptor_set_out=" + descriptor.path)
    args.add_all(ctx.files.srcs)
    _generate(ctx, args, sources, [descriptor], "descriptor set")

    outputs = code + stubs
    headers = cc_common.create_compilation_context(
        headers = depset([out for out in outputs if out.extension == "h"]),
        # System headers, since generated code is not ours to warn about.
        system_includes = depset([out_root]),
    )
    return [
        DefaultInfo(files = depset([out for out in outputs if out.extension == "cc"])),
        CcInfo(compilation_context = headers),
        TandemProtoInfo(roots = roots, sources = sources),
    ]

_proto_sources = rule(
    implementation = _proto_sources_impl,
    attrs = {
        "deps": attr.label_list(providers = [TandemProtoInfo]),
        "descriptor": attr.output(mandatory = True),
        "import_root": attr.string(),
        "services": attr.label_list(allow_files = [".proto"]),
        "srcs": attr.label_list(allow_files = [".proto"], mandatory = True),
    },
    doc = "Runs protoc over the protos of one package.",
)

def _sources_target(label):
    """The target with the proto sources of a tandem_proto."""
    if ":" not in label:
        label = label + ":" + label.split("/")[-1]
    return label + "_sources"

def tandem_proto(
        name,
        srcs,
        deps = [],
        services = None,
        import_root = "protos",
        visibility = None,
        tags = None):
    """One C++ library with the messages and the service stubs of a proto package.

    Include `tandem/profiles/v1/mentor.pb.h` and, for a file in `services`, `....grpc.pb.h`.
    `<name>_descriptor` is the descriptor set with all imports and the comments.

    Args:
      name: the library's name, `<package>_cc` by convention
      srcs: the proto files
      deps: other tandem_proto targets whose files are imported
      services: those of srcs that declare a service; by default all named `*_service.proto`
      import_root: the folder, from the repository's root, that import paths start from
      visibility: of the library and of its descriptor set
      tags: of all its targets
    """
    if services == None:
        services = [src for src in srcs if src.endswith("_service.proto")]
    _proto_sources(
        name = name + "_sources",
        srcs = srcs,
        descriptor = name + "_descriptor.binpb",
        import_root = import_root,
        services = services,
        tags = tags,
        visibility = visibility,
        deps = [_sources_target(dep) for dep in deps],
    )
    native.filegroup(
        name = name + "_descriptor",
        srcs = [name + "_descriptor.binpb"],
        tags = tags,
        visibility = visibility,
    )
    native.cc_library(
        name = name,
        srcs = [name + "_sources"],
        # The server reads access rules from the descriptor of a service, which no symbol refers to.
        alwayslink = True,
        copts = ["-w"],
        tags = tags,
        visibility = visibility,
        deps = deps + [name + "_sources"] + [
            "@system//:grpc" if services else "@system//:protobuf",
        ],
    )
