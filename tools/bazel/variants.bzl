"""Programs of the same code, built in another way than the rest of the build.

    built_with(
        name = "digests_clang",
        testonly = True,
        compiler = "clang",
        copts = ["-O0"],
        program = ":digests",
    )

builds :digests and everything below it once more, in an output folder of its own; the usual build
is untouched. `fuzz_test` does the same with clang's libFuzzer and the sanitizers, and runs the
fuzzer as a test.
"""

_CROSSTOOL = "//command_line_option:crosstool_top"
_MODE = "//command_line_option:compilation_mode"
_COPT = "//command_line_option:copt"
_LINKOPT = "//command_line_option:linkopt"
_STRIP = "//command_line_option:strip"

# Clang knows fewer of GCC's warnings, and has others; GCC and clang-tidy decide about warnings.
_CLANG_COPTS = ["-Wno-error", "-Wno-unknown-warning-option"]

_SANITIZE = "-fsanitize=address,undefined"

def _built_with_impl(settings, attr):
    clang = attr.compiler == "clang"
    return {
        _CROSSTOOL: "@clang//:toolchain" if clang else settings[_CROSSTOOL],
        _MODE: attr.mode,
        _COPT: settings[_COPT] + (_CLANG_COPTS if clang else []) + attr.copts,
    }

_built_with = transition(
    implementation = _built_with_impl,
    inputs = [_CROSSTOOL, _COPT],
    outputs = [_CROSSTOOL, _MODE, _COPT],
)

def _fuzz_impl(settings, _attr):
    return {
        _CROSSTOOL: "@clang//:toolchain",
        _MODE: "opt",
        # Assertions on, as in no other build: the fuzzer is where they may fail.
        _COPT: settings[_COPT] + _CLANG_COPTS + [
            "-fsanitize=fuzzer-no-link",
            _SANITIZE,
            "-fno-sanitize-recover=all",
            # Debian's libraries hide some type information that the vptr check needs.
            "-fno-sanitize=vptr",
            "-O1",
            "-g1",
            "-fno-omit-frame-pointer",
            "-U_FORTIFY_SOURCE",
            "-UNDEBUG",
        ],
        _LINKOPT: settings[_LINKOPT] + ["-fsanitize=fuzzer", _SANITIZE, "-fsanitize-link-c++-runtime"],
        _STRIP: "never",
    }

_fuzz = transition(
    implementation = _fuzz_impl,
    inputs = [_COPT, _LINKOPT],
    outputs = [_CROSSTOOL, _MODE, _COPT, _LINKOPT, _STRIP],
)

_ALLOWLIST = attr.label(default = "@bazel_tools//tools/allowlists/function_transition_allowlist")

def _link_to(ctx, program):
    link = ctx.actions.declare_file(ctx.label.name + ".program")
    ctx.actions.symlink(output = link, target_file = program, is_executable = True)
    return link

def _built_with_rule_impl(ctx):
    executable = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.symlink(
        output = executable,
        target_file = ctx.executable.program,
        is_executable = True,
    )
    return [DefaultInfo(executable = executable)]

built_with = rule(
    implementation = _built_with_rule_impl,
    attrs = {
        "compiler": attr.string(default = "gcc", values = ["gcc", "clang"]),
        "copts": attr.string_list(doc = "Flags of the compiler, after those of the mode."),
        "mode": attr.string(default = "opt", values = ["opt", "dbg", "fastbuild"]),
        "program": attr.label(cfg = _built_with, executable = True, mandatory = True),
        "_allowlist_function_transition": _ALLOWLIST,
    },
    executable = True,
    doc = "A cc_binary, built by another compiler or with other flags.",
)

_FUZZ_SCRIPT = """#!/usr/bin/env bash
# Runs the fuzzer over its examples and then over {runs} changed ones. $TANDEM_FUZZ_RUNS is another
# number of runs, $TANDEM_FUZZ_SEED another seed, $TANDEM_FUZZ_CORPUS a folder that keeps what is found.
set -euo pipefail
found=${{TANDEM_FUZZ_CORPUS:-${{TEST_TMPDIR:-$(mktemp -d)}}/found}}
mkdir -p "$found"
# The quarantine of freed memory would count as memory in use.
export ASAN_OPTIONS=quarantine_size_mb=4:malloc_context_size=8:detect_stack_use_after_return=0
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
exec {program} -runs="${{TANDEM_FUZZ_RUNS:-{runs}}}" -seed="${{TANDEM_FUZZ_SEED:-1}}" \\
  -rss_limit_mb=256 -timeout=10 -max_len={max_len} -print_final_stats=1 -verbosity=1 -reload=0 \\
  -artifact_prefix="${{TEST_UNDECLARED_OUTPUTS_DIR:-$found}}/" {dictionary} "$found" {examples}
"""

def _fuzz_test_impl(ctx):
    program = _link_to(ctx, ctx.executable.program)
    files = [program] + ctx.files.examples
    dictionary = ""
    if ctx.file.dictionary:
        files.append(ctx.file.dictionary)
        dictionary = "-dict=" + ctx.file.dictionary.short_path
    folders = {file.dirname: None for file in ctx.files.examples}.keys()
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(script, _FUZZ_SCRIPT.format(
        dictionary = dictionary,
        examples = " ".join(folders),
        max_len = ctx.attr.max_len,
        program = program.short_path,
        runs = ctx.attr.runs,
    ), is_executable = True)
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(files = files))]

fuzz_test = rule(
    implementation = _fuzz_test_impl,
    attrs = {
        "dictionary": attr.label(allow_single_file = True, doc = "Words of the format."),
        "examples": attr.label_list(allow_files = True, doc = "Inputs to start from."),
        "max_len": attr.int(default = 2048, doc = "Of an input, in bytes."),
        "program": attr.label(
            cfg = _fuzz,
            doc = "A cc_binary of LLVMFuzzerTestOneInput without main, tagged manual.",
            executable = True,
            mandatory = True,
        ),
        "runs": attr.int(mandatory = True, doc = "How many inputs to try."),
        "_allowlist_function_transition": _ALLOWLIST,
    },
    doc = "Fuzzes a program; fails on a crash, 10 seconds for one input, or more than 256 MiB.",
    test = True,
)
