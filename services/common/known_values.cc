#include "services/common/known_values.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// One field of a message: itself, or each of its values when it is repeated.
class FieldValues {
 public:
  FieldValues(const Message& message, const FieldDescriptor* field)
      : message_(message), reflection_(*message.GetReflection()), field_(field) {}

  int size() const { return field_->is_repeated() ? reflection_.FieldSize(message_, field_) : 1; }
  std::string Path(int i) const {
    return field_->is_repeated() ? IndexPath(field_->name(), i) : field_->name();
  }
  int EnumNumber(int i) const {
    return field_->is_repeated() ? reflection_.GetRepeatedEnumValue(message_, field_, i)
                                 : reflection_.GetEnumValue(message_, field_);
  }
  const Message& SubMessage(int i) const {
    return field_->is_repeated() ? reflection_.GetRepeatedMessage(message_, field_, i)
                                 : reflection_.GetMessage(message_, field_);
  }

 private:
  const Message& message_;
  const Reflection& reflection_;
  const FieldDescriptor* const field_;
};

void Collect(const Message& message, FieldViolations* violations) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);  // only those that are set
  for (const FieldDescriptor* field : fields) {
    const FieldValues values(message, field);
    for (int i = 0; field->enum_type() != nullptr && i < values.size(); ++i) {
      if (field->enum_type()->FindValueByNumber(values.EnumNumber(i)) != nullptr) continue;
      violations->Add(values.Path(i), absl::StrCat("has the value ", values.EnumNumber(i),
                                                   ", which this server does not know of ",
                                                   field->enum_type()->full_name()));
    }
    for (int i = 0; field->message_type() != nullptr && i < values.size(); ++i) {
      FieldViolations part;
      Collect(values.SubMessage(i), &part);
      if (!part.empty()) violations->AddAll(values.Path(i), part);
    }
  }
}

}  // namespace

absl::Status CheckKnownValues(const Message& request) {
  FieldViolations violations;
  Collect(request, &violations);
  return violations.ToStatus();
}

}  // namespace tandem::common
