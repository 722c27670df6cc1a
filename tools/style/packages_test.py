"""Tests of the rules for BUILD files, on targets made here."""

import unittest
import xml.etree.ElementTree as ElementTree

import build_files
import packages


def target(label, **changes):
    values = dict(kind="cc_library", sources=[], headers=[], deps=[], generated_headers=[],
                  visibility=["//visibility:private"], testonly=False)
    values.update(changes)
    return packages.Target(label=label, **values)


def problems(checked, texts, others=()):
    provided = packages.providers([checked, *others])
    return list(packages.target_problems(checked, texts, provided))


CSV = target("//base:csv", headers=["base/csv.h"])
STORE = target("//storage:store", headers=["storage/store.h"])


class IncludeTest(unittest.TestCase):

    def test_an_include_needs_a_direct_dependency(self):
        user = target("//storage:user", sources=["storage/user.cc"])
        texts = {"storage/user.cc": '#include "base/csv.h"\n#include <vector>\n'}
        self.assertEqual(
            problems(user, texts, [CSV]),
            ["//storage:user: storage/user.cc includes base/csv.h; add //base:csv to its deps"])
        self.assertEqual(problems(user._replace(deps=["//base:csv"]), texts, [CSV]), [])

    def test_a_dependency_needs_an_include(self):
        user = target("//storage:user", sources=["storage/user.cc"], deps=["//base:csv"])
        self.assertEqual(
            problems(user, {"storage/user.cc": "int x;\n"}, [CSV]),
            ["//storage:user: nothing of //base:csv is included; take it out of its deps"])

    def test_an_implementation_without_headers_provides_those_that_it_implements(self):
        api = target("//base:csv_api", headers=["base/csv.h"])
        implementation = target("//base:csv", sources=["base/csv.cc"], deps=["//base:csv_api"])
        user = target("//storage:user", sources=["storage/user.cc"], deps=["//base:csv"])
        texts = {"storage/user.cc": '#include "base/csv.h"\n'}
        self.assertEqual(problems(user, texts, [api, implementation]), [])

    def test_a_generated_header_that_no_proto_library_provides_is_a_problem(self):
        user = target("//services/needs:x", sources=["services/needs/x.cc"])
        self.assertEqual(
            problems(user, {"services/needs/x.cc": '#include "tandem/gone/v1/a.pb.h"\n'}),
            ["//services/needs:x: services/needs/x.cc includes tandem/gone/v1/a.pb.h, "
             "which no target provides"])

    def test_own_headers_need_none_and_a_main_needs_no_include(self):
        test = target("//base:csv_test", kind="cc_test", sources=["base/csv_test.cc"],
                      headers=["base/own.h"], deps=["@system//:gtest_main"])
        self.assertEqual(
            problems(test, {"base/csv_test.cc": '#include "base/own.h"\n#include "gtest/gtest.h"'}),
            [])

    def test_system_headers_name_their_library(self):
        user = target("//storage:user", sources=["storage/user.cc"])
        self.assertEqual(
            problems(user, {"storage/user.cc": "# include <rocksdb/db.h>\n"}),
            ["//storage:user: storage/user.cc includes rocksdb/db.h; "
             "add @system//:rocksdb to its deps"])

    def test_generated_headers_belong_to_their_proto_library(self):
        self.assertEqual(
            build_files.proto_headers(["protos/tandem/needs/v1/a.proto"]),
            ["tandem/needs/v1/a.pb.h", "tandem/needs/v1/a.grpc.pb.h"])
        self.assertEqual(build_files.proto_headers(["tests/x/b.proto"], ""),
                         ["tests/x/b.pb.h", "tests/x/b.grpc.pb.h"])
        proto = target("//protos/tandem/needs/v1:needs_cc",
                       generated_headers=["tandem/needs/v1/a.pb.h"])
        user = target("//services/needs:x", sources=["services/needs/x.cc"])
        texts = {"services/needs/x.cc": '#include "tandem/needs/v1/a.pb.h"\n'}
        self.assertEqual(len(problems(user, texts, [proto])), 1)
        direct = user._replace(deps=["//protos/tandem/needs/v1:needs_cc"])
        self.assertEqual(problems(direct, texts, [proto]), [])


    def test_a_file_that_is_not_there_yet_leaves_its_dependencies_open(self):
        user = target("//storage:user", sources=["storage/user.cc"], deps=["//base:csv"])
        self.assertEqual(problems(user, {}, [CSV]), [])


class LayerTest(unittest.TestCase):

    def test_allowed_directions(self):
        for package, dep in [
            ("storage/rocksdb", "//storage:store"),
            ("services/needs", "//services/common:server"),
            ("services/needs/rules", "//services/needs:x"),
            ("services/matching", "//services/matching/engine:solve"),
            ("services/tandemd", "//services/audit:service"),
            ("tools/bench", "//storage:store"),
            ("tests", "//tools:tandem"),
            ("services/matching/engine", "@system//:absl"),
        ]:
            self.assertIsNone(packages.layer_problem(package, dep), f"{package} -> {dep}")

    def test_forbidden_directions(self):
        for package, dep in [
            ("storage", "//services/common:server"),
            ("base", "//storage:store"),
            ("services/needs", "//services/profiles:store"),
            ("services/common", "//services/profiles:store"),
            ("services/matching/engine", "//services/matching:index"),
            ("services/matching/engine", "//storage:store"),
            ("services/matching", "//tools:csv"),
            ("protos/tandem/needs/v1", "//base:csv"),
            ("elsewhere", "//base:csv"),
        ]:
            self.assertIsNotNone(packages.layer_problem(package, dep), f"{package} -> {dep}")

    def test_the_engine_uses_no_library_but_abseil(self):
        engine = target("//services/matching/engine:solve", sources=["s.cc"],
                        deps=["@system//:grpc"])
        texts = {"s.cc": "#include <grpcpp/grpcpp.h>\n"}
        self.assertEqual(len(problems(engine, texts)), 1)
        self.assertEqual(problems(engine._replace(testonly=True), texts), [])


class VisibilityTest(unittest.TestCase):

    def test_nothing_is_visible_to_everybody(self):
        self.assertEqual(
            problems(CSV._replace(visibility=["//visibility:public"]), {}),
            ["//base:csv: visible to everybody; name the packages that need it"])

    def test_packages_are_private_by_default(self):
        private = 'package(default_visibility = ["//visibility:private"])\n'
        self.assertEqual(list(packages.build_file_problems("a/BUILD", private)), [])
        self.assertEqual(len(list(packages.build_file_problems("a/BUILD", ""))), 1)
        two_lines = private.replace("(", "(\n    default_testonly = True,\n    ")
        self.assertEqual(list(packages.build_file_problems("a/BUILD", two_lines)), [])


class QueryTest(unittest.TestCase):

    def test_targets_are_read_from_the_answer_of_bazel(self):
        root = ElementTree.fromstring("""<query>
          <rule class="_proto_sources" name="//protos/tandem/a/v1:a_cc_sources">
            <string name="import_root" value="protos"/><list name="srcs"><label value="//protos/tandem/a/v1:b.proto"/></list></rule>
          <rule class="cc_library" name="//protos/tandem/a/v1:a_cc">
            <list name="deps"><label value="//protos/tandem/a/v1:a_cc_sources"/>
              <label value="@system//:grpc"/></list></rule>
          <rule class="alias" name="//base:alias"><label name="actual" value="//base:csv"/></rule>
          <rule class="cc_test" name="//base:t">
            <list name="srcs"><label value="//base:t.cc"/></list>
            <list name="deps"><label value="//base:alias"/></list></rule></query>""")
        proto, test = build_files.targets_of(root)
        self.assertEqual(proto.generated_headers,
                         ["tandem/a/v1/b.pb.h", "tandem/a/v1/b.grpc.pb.h"])
        self.assertEqual(proto.deps, ["@system//:grpc"])
        self.assertEqual((test.sources, test.kind), (["base/t.cc"], "cc_test"))
        self.assertEqual((test.deps, test.testonly), (["//base:csv"], True))


if __name__ == "__main__":
    unittest.main()
