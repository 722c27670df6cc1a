"""What each program of examples/ needs before it can run: packages by its lock file, stubs, a build.

Every function prepares one client in the root of the repository. It raises Skipped where this machine
cannot have what the client needs, with the reason, and Failed where what it should have does not come.
What is there already is not fetched again. Needs what tools/setup installs.
"""

import functools
import hashlib
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import time
from typing import Dict, List, Optional, Tuple

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CONFORMANCE = "services/gateway/conformance"
NPM_BIN = ROOT / "tools/node/node_modules/.bin"
GOOGLE_PROTOS = "tools/node/node_modules/google-proto-files"
TIMEOUT_S = 1500
SHOWN_LINES = 30
# The first Go that fetches a newer one by itself when a go.mod asks for it.
GO_THAT_RENEWS_ITSELF = (1, 21)


class Skipped(Exception):
    """Why a client cannot run on this machine."""


class Failed(Exception):
    """Why a client that should run cannot be prepared."""


def run(what: str, command: List[str], folder: str = ".", env: Optional[Dict[str, str]] = None) -> str:
    """The output of a command; what it printed last is shown only when it fails."""
    try:
        done = subprocess.run(command, cwd=ROOT / folder, env={**os.environ, **(env or {})},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, errors="replace", timeout=TIMEOUT_S)
    except OSError as error:
        raise Failed("%s: %s" % (what, error))
    except subprocess.TimeoutExpired:
        raise Failed("%s does not end in %d s" % (what, TIMEOUT_S))
    if done.returncode != 0:
        raise Failed("%s failed; check that it reaches its registry, then run this again. Its last lines:\n%s" % (
            what, "\n".join(done.stdout.splitlines()[-SHOWN_LINES:])))
    return done.stdout


def fetched(folder: str, lock_file: str) -> Tuple[pathlib.Path, str, bool]:
    """Where the digest of the lock file is kept beside what was fetched by it, the digest now, and
    whether the two are the same, so that nothing has to be fetched."""
    stamp = ROOT / folder / ".tandem-lock"
    digest = hashlib.sha256((ROOT / lock_file).read_bytes()).hexdigest()
    return stamp, digest, stamp.exists() and stamp.read_text().strip() == digest


def debian_packages(packages: Dict[str, str]) -> None:
    """Installs the packages (command -> package) whose command is missing."""
    missing = [package for command, package in packages.items() if shutil.which(command) is None]
    if not missing:
        return
    if os.geteuid() != 0:
        raise Failed("these Debian packages are missing: %s; install them as root, then run this again" % " ".join(missing))
    print("installing %s from Debian ..." % " ".join(missing), flush=True)
    start = time.monotonic()
    env = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get update", ["apt-get", "-q", "update"], env=env)
    run("apt-get install", ["apt-get", "-q", "install", "-y", "--no-install-recommends"] + missing, env=env)
    print("installed in %.0f s" % (time.monotonic() - start), flush=True)


def python() -> None:
    out = "examples/python/out"
    stamp, digest, there = fetched(out + "/venv", "examples/python/requirements.txt")
    if not there:
        shutil.rmtree(ROOT / out / "venv", ignore_errors=True)
        run("python3 -m venv", ["python3", "-m", "venv", out + "/venv"])
        run("pip", [out + "/venv/bin/pip", "install", "--disable-pip-version-check", "-r", "examples/python/requirements.txt"])
        stamp.write_text(digest)
    shutil.rmtree(ROOT / out / "gen", ignore_errors=True)
    (ROOT / out / "gen").mkdir()
    protos = sorted(str(path.relative_to(ROOT / "protos")) for path in (ROOT / "protos/tandem").rglob("*.proto"))
    run("grpcio-tools", [out + "/venv/bin/python", "-m", "grpc_tools.protoc", "-I", "protos", "-I", GOOGLE_PROTOS,
                         "--python_out=%s/gen" % out, "--grpc_python_out=%s/gen" % out] + protos)


@functools.lru_cache(maxsize=None)  # two programs need it
def node() -> None:
    stamp, digest, there = fetched("examples/node/node_modules", "examples/node/package-lock.json")
    if not there:
        run("npm", ["npm", "install", "--prefix", "examples/node", "--no-save", "--no-audit", "--no-fund"])
        stamp.write_text(digest)
    shutil.rmtree(ROOT / "examples/node/gen", ignore_errors=True)
    run("buf generate", [str(NPM_BIN / "buf"), "generate"], "examples/node")
    run("tsc", ["node_modules/.bin/node", "node_modules/typescript/bin/tsc", "--project", "."], "examples/node")


def java() -> None:
    debian_packages({"javac": "default-jdk-headless", "mvn": "maven"})
    run("mvn", ["mvn", "-B", "-q", "-f", "examples/java/pom.xml", "package"])


def version(text: str) -> Tuple[int, ...]:
    """"1.26.0" as numbers that compare."""
    return tuple(int(part) for part in re.findall(r"\d+", text))


def need_go(module: str, what: str) -> None:
    """Skips unless there is a Go that takes the module in this folder, which uses `what`."""
    lines = (ROOT / module / "go.mod").read_text()
    needed = re.search(r"^go (\S+)$", lines, re.MULTILINE).group(1)
    current = re.search(r"\b%s v\S+" % re.escape(what), lines).group(0)
    wish = "%s takes Go %s or newer (%s/go.mod); Debian 12 has 1.19" % (current, needed, module)
    if shutil.which("go") is None:
        raise Skipped("there is no Go on this machine; " + wish)
    found = run("go version", ["go", "version"], "/").split()[2][len("go"):]
    if version(found) >= version(needed):
        return
    if version(found) < GO_THAT_RENEWS_ITSELF or run("go env", ["go", "env", "GOTOOLCHAIN"], "/").strip() == "local":
        raise Skipped("the Go on this machine is %s; %s" % (found, wish))


def go() -> None:
    need_go("examples/go", "google.golang.org/grpc")
    run("buf generate", [str(NPM_BIN / "buf"), "generate"], "examples/go")
    run("go vet", ["go", "vet", "."], "examples/go")
    run("go build", ["go", "build", "-o", "out/integrator", "."], "examples/go")


def cpp() -> None:
    debian_packages({"make": "make"})
    run("make", ["make", "-j%d" % (os.cpu_count() or 1), "-C", "examples/cpp"])


def grpcurl() -> None:
    need_go("examples/grpcurl", "github.com/fullstorydev/grpcurl")
    run("go install", ["go", "install", "github.com/fullstorydev/grpcurl/cmd/grpcurl"], "examples/grpcurl",
        {"GOBIN": str(ROOT / "examples/grpcurl/out")})


def connect_conformance() -> None:
    """Builds Connect's conformance suite, and the gateway as its server under test, with the suite's protos."""
    need_go(CONFORMANCE, "connectrpc.com/conformance")
    run("go install", ["go", "install", "connectrpc.com/conformance/cmd/connectconformance"], CONFORMANCE,
        {"GOBIN": str(ROOT / CONFORMANCE / "out")})
    listed = run("go list", ["go", "list", "-m", "-f", "{{.Dir}}", "connectrpc.com/conformance"], CONFORMANCE)
    part = "connectrpc/conformance/v1"
    target = ROOT / CONFORMANCE / "protos" / part
    target.mkdir(parents=True, exist_ok=True)
    for name in ("config.proto", "server_compat.proto", "service.proto"):
        source = pathlib.Path(listed.split()[-1]) / "proto" / part / name
        (target / name).write_bytes(source.read_bytes())
    bazel = shlex.split(os.environ.get("TANDEM_BAZEL", "bazel"))
    run("bazel build", bazel + ["build", "//%s:conformance_server" % CONFORMANCE])
