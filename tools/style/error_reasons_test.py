"""Tests of the comparison of reasons in the source with their catalogue."""

import unittest

import error_reasons

PROTO = """
  // Not one of them: ERROR_REASON_IN_A_COMMENT = 9;
  ERROR_REASON_UNSPECIFIED = 0;
  ERROR_REASON_NEED_FILLED = 1 [(error_facts) = {codes: [FAILED_PRECONDITION], action: X}];
  ERROR_REASON_ODD = 2 [(error_facts) = {codes: [INTERNAL, DATA_LOSS], action: X}];
  ERROR_REASON_ROLE_NOT_ALLOWED = 3 [(error_facts) = {codes: [PERMISSION_DENIED], action: X}];
"""
ALL_MADE = """
  return FailedPrecondition("NEED_FILLED", absl::StrCat("has ", f(1, 2), " (both)"));
  return common::MakeError(absl::StatusCode::kDataLoss, "ODD", "bad");
  return PermissionDenied("no, \\"never\\"");
"""


def found(text, path="services/x.cc"):
    catalogue = error_reasons.catalogue_of(PROTO)
    return list(error_reasons.problems(catalogue, list(error_reasons.uses_in(path, text))))


class ErrorReasonsTest(unittest.TestCase):

    def test_all_reasons_made_with_their_codes_is_fine(self):
        self.assertEqual(found(ALL_MADE), [])

    def test_a_reason_that_the_catalogue_lacks_is_found(self):
        problems = found(ALL_MADE + 'Unavailable(\n    "NEW_ONE", "wait", absl::Seconds(1));')
        self.assertEqual(len(problems), 1)
        self.assertIn("services/x.cc:5: NEW_ONE is not in", problems[0])

    def test_a_reason_with_another_code_is_found(self):
        problems = found(ALL_MADE + 'MakeError(absl::StatusCode::kNotFound, "ODD", "x");')
        self.assertIn("ODD comes with NOT_FOUND, but the catalogue says DATA_LOSS, INTERNAL", problems[0])

    def test_a_reason_that_is_no_literal_is_found(self):
        self.assertIn("no literal", found(ALL_MADE + "FailedPrecondition(reason, text);")[0])

    def test_a_reason_that_nothing_makes_is_found(self):
        problems = found(ALL_MADE.replace("NEED_FILLED", "ODD").replace("Failed", "// Failed"))
        self.assertEqual(len(problems), 1)
        self.assertIn("nothing makes NEED_FILLED", problems[0])

    def test_declarations_and_comments_make_nothing(self):
        self.assertEqual(
            found(ALL_MADE + '// MakeError(code, "X", "")\nabsl::Status MakeError(absl::StatusCode c);'), [])

    def test_the_default_reason_counts(self):
        self.assertIn("nothing makes ROLE_NOT_ALLOWED", found(ALL_MADE.split("return Perm")[0])[0])


if __name__ == "__main__":
    unittest.main()
