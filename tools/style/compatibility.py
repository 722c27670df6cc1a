"""Compares the protos with those that were published, protos/image.binpb, by `buf breaking`:

    python3 tools/style/compatibility.py            checks; first, that removals are still found
    python3 tools/style/compatibility.py --renew    checks, then publishes the protos as they are now
    python3 tools/style/compatibility.py --renew --even-breaking    publishes what breaks, too

docs/compatibility.md says when to renew. `buf` works on the whole tree, which no test's sandbox holds.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
from typing import Any, Callable, Dict, List

BUF = "tools/node/node_modules/.bin/buf"
IMAGE = "protos/image.binpb"
PROTOS = "protos"

Json = Dict[str, Any]


def buf(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([BUF, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)


def build(path: str) -> None:
    done = buf("build", PROTOS, "--exclude-source-info", "-o", path)
    if done.returncode != 0:
        raise SystemExit("buf build: " + done.stderr)


def breaking(against: str) -> str:
    """What breaks, a line each; empty when nothing does."""
    done = buf("breaking", PROTOS, "--exclude-imports", "--against", against)
    return done.stdout + done.stderr if done.returncode != 0 else ""


def find(entries: List[Json], name: str) -> Json:
    return next(entry for entry in entries if entry["name"] == name)


def programme(image: Json) -> Json:
    return find(find(image["file"], "tandem/needs/v1/programme.proto")["messageType"], "Programme")


def needs_service(image: Json) -> Json:
    return find(image["file"], "tandem/needs/v1/needs_service.proto")["service"][0]


# What once was there and is no more, made by adding it to the image -> a part of what buf must say.
def add_field(image: Json) -> str:
    programme(image)["field"].append({"name": "gone", "number": 999, "label": "LABEL_OPTIONAL",
                                      "type": "TYPE_STRING", "jsonName": "gone"})
    return 'Previously present field "999"'


def other_type(image: Json) -> str:
    find(programme(image)["field"], "external_id")["type"] = "TYPE_INT64"
    return "changed type"


def add_method(image: Json) -> str:
    methods = needs_service(image)["method"]
    methods.append(dict(methods[0], name="Gone"))
    return 'Previously present RPC "Gone"'


def blind_spots(scratch: str) -> List[str]:
    """The changes that `buf breaking`, as buf.yaml sets it up, no longer finds."""
    now = pathlib.Path(scratch) / "now.json"
    build(str(now))
    spots = []
    changes: List[Callable[[Json], str]] = [add_field, other_type, add_method]
    for change in changes:
        image = json.loads(now.read_text("utf-8"))
        expected = change(image)
        published = pathlib.Path(scratch) / (change.__name__ + ".json")
        published.write_text(json.dumps(image), "utf-8")
        said = breaking(str(published))
        if expected not in said:
            spots.append("buf breaking should find %s, but says: %s" % (expected, said or "nothing"))
    return spots


def main() -> int:
    options = set(sys.argv[1:])
    if options - {"--renew", "--even-breaking"}:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        problems = blind_spots(scratch)
    broken = breaking(IMAGE)
    if broken and "--even-breaking" not in options:
        problems.append(broken + "These break clients of the published protos: add beside what is there, "
                        "or bring it as v2 (docs/compatibility.md)")
    if not problems and "--renew" in options:
        build(IMAGE)
        print("%s holds the protos as they are now" % IMAGE)
    print("\n".join(problems) or "nothing breaks")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
