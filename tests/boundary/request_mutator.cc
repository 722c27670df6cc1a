#include "tests/boundary/request_mutator.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace tandem::tests {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr int kMaxDepth = 12;
constexpr int kMaxElements = 400;

// Groups within groups: what makes a recursive parser deep without any length.
std::string NestedGroups(size_t depth) {
  std::string bytes;
  for (size_t i = 0; i < depth; ++i) bytes += "\xA3\x06";  // field 100, start of a group
  for (size_t i = 0; i < depth; ++i) bytes += "\xA4\x06";
  return bytes;
}

}  // namespace

void RequestMutator::MutateFields(Message* request) {
  request_ = request->GetDescriptor();
  if (request_->field_count() == 0) return;
  for (uint64_t i = 1 + values_->Below(4); i > 0; --i) MutateOne(request, 0);
}

void RequestMutator::MutateOne(Message* message, int depth) {
  const auto* type = message->GetDescriptor();
  if (type->field_count() == 0) return;
  const Reflection* reflection = message->GetReflection();
  const FieldDescriptor* field =
      type->field(static_cast<int>(values_->Below(static_cast<uint64_t>(type->field_count()))));
  if (values_->OneIn(10)) {
    reflection->ClearField(message, field);
  } else if (field->is_repeated()) {
    MutateRepeated(message, field, depth);
  } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
    SetScalar(message, field);
  } else if (depth < kMaxDepth) {
    MutateOne(reflection->MutableMessage(message, field), depth + 1);
  }
}

void RequestMutator::MutateRepeated(Message* message, const FieldDescriptor* field, int depth) {
  const Reflection* reflection = message->GetReflection();
  const bool of_messages = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
  const int size = reflection->FieldSize(*message, field);
  if (of_messages && size > 0 && !values_->OneIn(4) && depth < kMaxDepth) {
    const int at = static_cast<int>(values_->Below(static_cast<uint64_t>(size)));
    MutateOne(reflection->MutableRepeatedMessage(message, field, at), depth + 1);
    return;
  }
  if (size > 0 && values_->OneIn(4)) {
    reflection->RemoveLast(message, field);
    return;
  }
  // One more; rarely so many that a limit on the number must hold.
  const int wanted = values_->OneIn(60) ? kMaxElements : size + 1;
  for (int i = size; i < wanted; ++i) {
    if (!of_messages) {
      AddScalar(message, field);
      continue;
    }
    Message* added = reflection->AddMessage(message, field);
    if (i > 0 && values_->OneIn(2)) {
      added->CopyFrom(reflection->GetRepeatedMessage(*message, field, 0));
    } else if (depth < kMaxDepth) {
      MutateOne(added, depth + 1);
    }
  }
}

void RequestMutator::SetScalar(Message* message, const FieldDescriptor* field) {
  const Reflection* reflection = message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->SetInt32(message, field, static_cast<int32_t>(values_->Number()));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->SetInt64(message, field, static_cast<int64_t>(values_->Number()));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->SetUInt32(message, field, static_cast<uint32_t>(values_->Number()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection->SetUInt64(message, field, values_->Number());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection->SetDouble(message, field, values_->Real());
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection->SetFloat(message, field, static_cast<float>(values_->Real()));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->SetBool(message, field, values_->OneIn(2));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->SetEnumValue(message, field, values_->Enum(field->enum_type()));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->SetString(message, field, values_->Text(field->name(), request_));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return;
  }
}

void RequestMutator::AddScalar(Message* message, const FieldDescriptor* field) {
  const Reflection* reflection = message->GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection->AddInt32(message, field, static_cast<int32_t>(values_->Number()));
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection->AddInt64(message, field, static_cast<int64_t>(values_->Number()));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection->AddUInt32(message, field, static_cast<uint32_t>(values_->Number()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return reflection->AddUInt64(message, field, values_->Number());
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection->AddDouble(message, field, values_->Real());
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection->AddFloat(message, field, static_cast<float>(values_->Real()));
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->AddBool(message, field, values_->OneIn(2));
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->AddEnumValue(message, field, values_->Enum(field->enum_type()));
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->AddString(message, field, values_->Text(field->name(), request_));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return;
  }
}

void RequestMutator::MutateBytes(std::string* bytes) {
  for (uint64_t i = 1 + values_->Below(3); i > 0; --i) {
    const size_t at = bytes->empty() ? 0 : values_->Below(bytes->size());
    const size_t length = values_->Below(16);
    switch (bytes->empty() ? 6 : values_->Below(8)) {
      case 0:
        (*bytes)[at] = static_cast<char>((*bytes)[at] ^ (1 << values_->Below(8)));
        break;
      case 1:
        (*bytes)[at] = static_cast<char>(values_->Below(256));
        break;
      case 2:
        bytes->erase(at, length);
        break;
      case 3:
        bytes->insert(at, values_->Bytes(16));
        break;
      case 4:
        bytes->insert(at, bytes->substr(at, length));
        break;
      case 5:
        if (values_->OneIn(3)) bytes->resize(at);
        break;
      default:
        AppendUnknown(bytes);
    }
  }
}

void RequestMutator::AppendUnknown(std::string* bytes) {
  constexpr size_t kDepths[] = {1, 50, 98, 99, 100, 101, 2000};
  switch (values_->Below(7)) {
    case 0:
      *bytes += NestedGroups(kDepths[values_->Below(sizeof(kDepths) / sizeof(kDepths[0]))]);
      break;
    case 1:  // a field of the future
      *bytes += "\xA0\x06\x07";
      break;
    case 2:  // the largest field number, with 4 bytes
      *bytes +=
          "\xFD\xFF\xFF\xFF\x0F"
          "1234";
      break;
    case 3:  // a number longer than any
      *bytes += "\xA0\x06" + std::string(11, '\xFF');
      break;
    case 4:  // a length that lies
      *bytes += "\xA2\x06\xFF\xFF\xFF\xFF\x07";
      break;
    case 5:  // the end of a group that never began
      *bytes += "\xA4\x06";
      break;
    default:  // the same fields twice: the later ones win, or are appended
      *bytes += std::string(*bytes);
  }
}

}  // namespace tandem::tests
