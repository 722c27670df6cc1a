"""Tests of what keeps a client from running: skipped with a reason, or failed, and never silently."""

import os
import pathlib
import tempfile
import unittest
from unittest import mock

import preparations
from preparations import Failed, Skipped

GO_MOD = "module example\n\ngo 1.26.0\n\nrequire (\n\texample.org/grpc v1.85.0\n)\n"


class NeedGoTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "module").mkdir()
        (self.root / "bin").mkdir()
        (self.root / "module/go.mod").write_text(GO_MOD)
        for change in (mock.patch.object(preparations, "ROOT", self.root),
                       mock.patch.dict(os.environ, PATH=str(self.root / "bin"))):
            change.start()
            self.addCleanup(change.stop)

    def install_go(self, version, toolchain="auto"):
        go = self.root / "bin/go"
        go.write_text('#!/bin/sh\n[ "$1" = version ] && echo go version go%s linux/amd64 || echo %s\n' % (version, toolchain))
        go.chmod(0o755)

    def reason(self):
        with self.assertRaises(Skipped) as skipped:
            preparations.need_go("module", "example.org/grpc")
        return str(skipped.exception)

    def test_without_go_the_reason_says_which_is_needed(self):
        self.assertEqual(self.reason(), "there is no Go on this machine; "
                         "example.org/grpc v1.85.0 takes Go 1.26.0 or newer (module/go.mod); Debian 12 has 1.19")

    def test_an_older_go_is_skipped_by_name(self):
        self.install_go("1.19.8")
        self.assertTrue(self.reason().startswith("the Go on this machine is 1.19.8; "))

    def test_versions_compare_as_numbers(self):
        self.install_go("1.9")
        self.assertTrue(self.reason().startswith("the Go on this machine is 1.9; "))

    def test_a_go_that_fetches_a_newer_one_will_do(self):
        self.install_go("1.22.1")
        preparations.need_go("module", "example.org/grpc")

    def test_a_go_that_must_not_fetch_is_skipped(self):
        self.install_go("1.22.1", toolchain="local")
        self.assertTrue(self.reason().startswith("the Go on this machine is 1.22.1; "))

    def test_the_same_and_a_newer_go_run(self):
        for version in ("1.26.0", "1.26.8", "1.30"):
            self.install_go(version, toolchain="local")
            preparations.need_go("module", "example.org/grpc")


class RunTest(unittest.TestCase):
    def test_a_failure_shows_its_last_lines(self):
        with self.assertRaises(Failed) as failed:
            preparations.run("the tool", ["sh", "-c", "seq 100; exit 3"], "/")
        self.assertIn("the tool failed", str(failed.exception))
        self.assertTrue(str(failed.exception).endswith("99\n100"))
        self.assertNotIn("\n70\n", str(failed.exception))

    def test_a_missing_command_is_a_failure(self):
        with self.assertRaises(Failed):
            preparations.run("the tool", ["/none/such"], "/")


if __name__ == "__main__":
    unittest.main()
