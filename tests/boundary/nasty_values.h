// A grammar of values that break programs: empty, huge and extreme ones, text that is no text or
// hides something, malformed names, masks, tokens and etags, and, so that requests get past the
// first check, what earlier answers held: names of others' resources, etags, page tokens.
//
// Not thread-safe: each worker has its own.
#ifndef TANDEM_TESTS_BOUNDARY_NASTY_VALUES_H_
#define TANDEM_TESTS_BOUNDARY_NASTY_VALUES_H_

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "google/protobuf/message.h"

namespace tandem::tests {

class NastyValues {
 public:
  explicit NastyValues(uint64_t seed) : random_(seed) {}

  // A number below `n`, which is at least 1.
  uint64_t Below(uint64_t n) { return random_() % n; }
  bool OneIn(uint64_t n) { return Below(n) == 0; }

  // Keeps `value` for fields of that name, and for others now and then.
  void Remember(const std::string& field, const std::string& value);
  // Keeps the texts of an answer.
  void RememberAll(const google::protobuf::Message& answer);

  // For a field of that name, in a request of type `request`.
  std::string Text(const std::string& field, const google::protobuf::Descriptor* request);
  // Any bit pattern, the ends of every range more often.
  uint64_t Number();
  double Real();
  // Values that the enum knows, and others.
  int Enum(const google::protobuf::EnumDescriptor* type);
  // Bytes that are most often no UTF-8.
  std::string Bytes(size_t max_size);

 private:
  std::string MaskPath(const google::protobuf::Descriptor* request);
  std::string MutatedText(std::string text);
  const std::string* Known(const std::string& field);

  std::mt19937_64 random_;
  std::map<std::string, std::vector<std::string>> known_;  // by field
};

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_BOUNDARY_NASTY_VALUES_H_
