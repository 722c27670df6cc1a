// Fuzzes the reader of RESULT.json and, behind it, the checker: the first byte of an input picks
// one of the solved examples, the rest is a RESULT.json of it. Whatever the bytes, reading ends
// with a result or a reason; what is read and found valid is true.
//
// Changed inputs start from the examples' own results, so no stored ones can go stale.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <regex>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/files/result_json.h"
#include "services/matching/engine/fuzz/expect.h"
#include "services/matching/engine/fuzz/solved_examples.h"

namespace tandem::engine::fuzz {
namespace {

void ExpectPlace(const absl::Status& status) {
  if (absl::IsFailedPrecondition(status)) return;
  static const std::regex& place = *new std::regex("^R:[1-9][0-9]*:[1-9][0-9]*: .");
  const std::string message(status.message().substr(0, 60));
  Expect(std::regex_search(message, place), absl::StrCat("a place in: ", status.ToString()));
}

void Try(uint8_t number, absl::string_view text) {
  const auto matches = files::MatchesOfResult(text, "R");
  if (!matches.ok()) ExpectPlace(matches.status());
  const SolvedExample& example = ExampleNumber(number);
  const absl::StatusOr<AssignmentResult> result = files::ResultFromJson(example.problem, text, "R");
  if (!result.ok()) return ExpectPlace(result.status());
  ExpectCheckedRightly(example, *result);
}

}  // namespace
}  // namespace tandem::engine::fuzz

extern "C" {
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size, unsigned int seed);
// libFuzzer's own.
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  tandem::engine::fuzz::Try(data[0],
                            absl::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned int seed) {
  constexpr unsigned int kFresh = 16;  // One input in so many starts from an example.
  if (size < 2 || seed % kFresh == 0) {
    const auto number = static_cast<uint8_t>(seed / kFresh);
    const std::string& json = tandem::engine::fuzz::ExampleNumber(number).json;
    if (json.size() + 1 > max_size) return LLVMFuzzerMutate(data, size, max_size);
    data[0] = number;
    std::copy(json.begin(), json.end(), data + 1);
    size = json.size() + 1;
  }
  return 1 + LLVMFuzzerMutate(data + 1, size - 1, max_size - 1);
}
