"""Tests of the function finder on samples that once fooled, or could fool, it."""

import unittest

import functions


def lengths(path, text):
    return {f.name: f.lines for f in functions.functions_in(path, text)}


class CppTest(unittest.TestCase):

    def test_functions_methods_and_tests_are_found_with_their_lines(self):
        text = """namespace a {
class B : public C<int()> {
 public:
  int Get() const { return x_; }
  void
  Set(int x) {
    x_ = x;
  }
 private:
  int x_ = 0;
};
TEST(BTest, Claims) {
  B b;
}
}  // namespace a
"""
        self.assertEqual(lengths("b.cc", text), {"Get": 1, "Set": 4, "BTest.Claims": 3})

    def test_braces_in_literals_comments_and_macros_do_not_count(self):
        text = r"""#define OPEN() \
  {
void F() {
  const char* a = "}";  // }
  char b = '}';
  char c = '"';
  auto d = R"x(
}
)x";
  int e = 1'000'000; /* }
  } */
}
void G() {}
"""
        self.assertEqual(lengths("f.cc", text), {"F": 10, "G": 1})

    def test_initialisers_in_braces_belong_to_their_constructor(self):
        text = """Foo::Foo(int a)
    : a_{a},
      b_{1, 2},
      c_(3) {
  Run();
}
"""
        self.assertEqual(lengths("f.cc", text), {"Foo::Foo": 6})

    def test_data_is_no_function(self):
        text = """enum class Color { kRed = F(1), kBlue };
constexpr int kTable[] = {1, 2,
  3};
struct Point {
  int x = 0;
  std::vector<int> y{1, 2};
};
"""
        self.assertEqual(lengths("f.h", text), {})

    def test_templates_and_functions_that_return_structs_are_functions(self):
        text = """template <class T, typename = std::enable_if_t<(sizeof(T) > 1)>>
T Max(T a, T b) {
  return a > b ? a : b;
}
struct stat Stat(const char* path) {
  return {};
}
template <typename T>
class Box {
  bool operator==(const Box& other) const {
    return true;
  }
};
"""
        found = functions.functions_in("f.h", text)
        self.assertEqual([f.lines for f in found], [4, 3, 3])

    def test_a_lambda_is_part_of_its_function(self):
        text = """void F() {
  auto g = [](int x) {
    return x;
  };
}
const auto kTop = [](int x) {
  return x;
};
"""
        found = functions.functions_in("f.cc", text)
        self.assertEqual([f.lines for f in found], [5, 3])

    def test_a_function_of_71_lines_is_measured_as_71(self):
        text = "int F() {\n" + "  ++x;\n" * 69 + "}\n"
        self.assertEqual(lengths("f.cc", text), {"F": 71})


class PythonTest(unittest.TestCase):

    def test_decorators_and_methods_count(self):
        text = "class A:\n  @property\n  def b(self):\n    return 1\n\n\ndef c():\n  pass\n"
        self.assertEqual(lengths("a.py", text), {"b": 3, "c": 2})

    def test_starlark_is_read_as_python(self):
        self.assertEqual(lengths("a.bzl", "def f(x):\n    return [x]\n"), {"f": 2})


class ShellTest(unittest.TestCase):

    def test_functions_of_scripts_without_an_ending_are_found(self):
        text = "#!/usr/bin/env bash\none() { echo 1; }\ntwo() {\n  if x; then\n    y\n  fi\n}\n"
        self.assertEqual(lengths("tools/run", text), {"one": 1, "two": 5})

    def test_other_files_have_none(self):
        self.assertEqual(lengths("README.md", "f() {\n}\n"), {})


if __name__ == "__main__":
    unittest.main()
