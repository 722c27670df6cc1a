// Spoils requests: first field by field, through the descriptors, then in the bytes on the wire.
// Not thread-safe.
#ifndef TANDEM_TESTS_BOUNDARY_REQUEST_MUTATOR_H_
#define TANDEM_TESTS_BOUNDARY_REQUEST_MUTATOR_H_

#include <string>

#include "google/protobuf/message.h"
#include "tests/boundary/nasty_values.h"

namespace tandem::tests {

class RequestMutator {
 public:
  // `values` must outlive it.
  explicit RequestMutator(NastyValues* values) : values_(values) {}

  // Changes one to four places of `request`, at any depth.
  void MutateFields(google::protobuf::Message* request);
  // Changes bytes: flipped, cut, doubled, unknown fields, groups nested to the parser's limit and
  // beyond, lengths that lie.
  void MutateBytes(std::string* bytes);

 private:
  void MutateOne(google::protobuf::Message* message, int depth);
  void MutateRepeated(google::protobuf::Message* message,
                      const google::protobuf::FieldDescriptor* field, int depth);
  void SetScalar(google::protobuf::Message* message,
                 const google::protobuf::FieldDescriptor* field);
  void AddScalar(google::protobuf::Message* message,
                 const google::protobuf::FieldDescriptor* field);
  void AppendUnknown(std::string* bytes);

  NastyValues* const values_;
  const google::protobuf::Descriptor* request_ = nullptr;  // the type being mutated
};

}  // namespace tandem::tests

#endif  // TANDEM_TESTS_BOUNDARY_REQUEST_MUTATOR_H_
