"""Tests of the limits on the length of files and functions."""

import unittest

import sizes


class SizesTest(unittest.TestCase):

    def test_a_file_may_have_500_lines_and_no_more(self):
        self.assertEqual(list(sizes.findings("a.md", "x\n" * 500)), [])
        self.assertEqual(
            list(sizes.findings("a.md", "x\n" * 501)),
            ["a.md: 501 lines; split it, a file has at most 500"],
        )

    def test_a_last_line_without_an_end_counts(self):
        self.assertEqual(len(list(sizes.findings("a.md", "x\n" * 500 + "x"))), 1)

    def test_a_function_may_have_70_lines_and_no_more(self):
        self.assertEqual(list(sizes.findings("a.py", "def f():\n" + "  x()\n" * 69)), [])
        self.assertEqual(
            list(sizes.findings("a.py", "\ndef f():\n" + "  x()\n" * 70)),
            ["a.py:2: f has 71 lines; split it, a function has at most 70"],
        )


if __name__ == "__main__":
    unittest.main()
