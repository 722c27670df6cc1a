"""Starts tandemd with the sample and runs the clients of this folder against it: see tools/test-connect.

Runs in the root of the repository, on what Bazel built.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
from live_tandem import LiveTandem  # noqa: E402

BUILT = "bazel-bin/"
NPM = pathlib.Path("tools/node/node_modules")
TIMEOUT_S = 120


def run_node(tandem: LiveTandem) -> bool:
    with tempfile.TemporaryDirectory() as scratch:
        # The types of the details of errors, which no service's protos import.
        details = scratch + "/error_details.binpb"
        subprocess.run(["protoc", "-I", str(NPM / "google-proto-files"), "--include_imports",
                        "--descriptor_set_out=" + details, "google/rpc/error_details.proto"], check=True)
        services = [BUILT + "protos/tandem/%s/v1/%s_cc_descriptor.binpb" % (name, name)
                    for name in ("needs", "profiles", "matching")]
        return subprocess.run([str(FOLDER / "node_modules/.bin/node"), str(FOLDER / "calls.mjs"),
                               tandem.variables["TANDEM_HTTP"], tandem.variables["RUN"], details]
                              + services, timeout=TIMEOUT_S).returncode == 0


def run_buf(tandem: LiveTandem, protocol: str) -> bool:
    """A listing by `buf curl`."""
    done = subprocess.run([str(NPM / ".bin/buf"), "curl", "--schema", ".", "--protocol", protocol,
                           "-H", "tandem-role: staff", "-d", '{"filter": "external_id = \\"LDC-2027\\""}',
                           "http://%s/tandem.needs.v1.NeedsService/ListProgrammes"
                           % tandem.variables["TANDEM_HTTP"]],
                          capture_output=True, text=True, timeout=TIMEOUT_S)
    good = done.returncode == 0 and len(json.loads(done.stdout)["programmes"]) == 1
    print("buf curl by %s: %s" % (protocol, "fine" if good else "WRONG\n" + done.stdout + done.stderr))
    return good


def main() -> int:
    with LiveTandem(BUILT) as tandem:
        results = [run_node(tandem)] + [run_buf(tandem, protocol) for protocol in ("connect", "grpcweb")]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
