#include "services/common/resource_fields.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/protobuf/wire_format_lite.h"

namespace tandem::common {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// Sets `field` of `to` to its value in `from`, which has the same type.
void CopyField(const Message& from, const FieldDescriptor* field, Message* to) {
  const google::protobuf::Reflection* reflection = from.GetReflection();
  reflection->ClearField(to, field);
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection->SetString(to, field, reflection->GetString(from, field));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      reflection->SetInt64(to, field, reflection->GetInt64(from, field));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      reflection->SetInt32(to, field, reflection->GetInt32(from, field));
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection->SetBool(to, field, reflection->GetBool(from, field));
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection->SetEnumValue(to, field, reflection->GetEnumValue(from, field));
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (reflection->HasField(from, field)) {
        reflection->MutableMessage(to, field)->CopyFrom(reflection->GetMessage(from, field));
      }
      break;
    default:
      break;  // the constructor admits no other types
  }
}

bool CanBeCopied(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
    case FieldDescriptor::CPPTYPE_INT64:
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return !field.is_repeated();
    default:
      return false;
  }
}

// The values of a string field, repeated or not.
std::vector<std::string> StringsOf(const Message& message, const FieldDescriptor* field) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  if (!field->is_repeated()) return {reflection->GetString(message, field)};
  std::vector<std::string> values;
  for (int i = 0; i < reflection->FieldSize(message, field); ++i) {
    values.push_back(reflection->GetRepeatedString(message, field, i));
  }
  return values;
}

// Whether `tag` begins a value of `field`, which may be null.
bool IsTagOf(const FieldDescriptor* field, uint32_t tag) {
  if (field == nullptr) return false;
  const auto type = static_cast<WireFormatLite::FieldType>(field->type());
  return tag ==
         WireFormatLite::MakeTag(field->number(), WireFormatLite::WireTypeForFieldType(type));
}

// Reads one value of a string field; of one that is not repeated the last one counts.
bool ReadOwner(const FieldDescriptor& field, CodedInputStream* input,
               std::vector<std::string>* names) {
  if (field.is_repeated()) names->emplace_back();
  return WireFormatLite::ReadString(input, &names->back());
}

[[noreturn]] void DieOfSpec(const Message& type, absl::string_view problem) {
  std::fprintf(stderr, "the resource spec of %s %s\n", type.GetTypeName().c_str(),
               std::string(problem).c_str());
  std::abort();
}

}  // namespace

ResourceFields::ResourceFields(const Message& prototype, const ResourceSpec& spec)
    : prototype_(prototype),
      name_(FindField("name")),
      external_id_(FindField("external_id")),
      state_(FindField("state")),
      create_time_(FindField("create_time")),
      update_time_(FindField("update_time")),
      etag_(FindField("etag")),
      revision_(FindField("revision")),
      mentors_(FindOwnerField(spec.mentor_field)),
      organisations_(FindOwnerField(spec.organisation_field)),
      owned_states_(spec.owned_states) {
  if (name_ == nullptr || etag_ == nullptr || revision_ == nullptr) {
    DieOfSpec(prototype, "needs the fields name, etag and revision");
  }
  for (const FieldDescriptor* field :
       {name_, state_, create_time_, update_time_, etag_, revision_}) {
    if (field != nullptr) output_only_.push_back(field);
  }
  for (const std::string& name : spec.output_only) output_only_.push_back(FindField(name));
  for (const FieldDescriptor* field : output_only_) {
    if (field == nullptr || !CanBeCopied(*field)) {
      DieOfSpec(prototype, "names an output-only field that is missing or a list");
    }
  }
}

const FieldDescriptor* ResourceFields::FindField(const std::string& name) const {
  return prototype_.GetDescriptor()->FindFieldByName(name);
}

const FieldDescriptor* ResourceFields::FindOwnerField(const std::string& name) const {
  if (name.empty()) return nullptr;
  const FieldDescriptor* field = FindField(name);
  if (field == nullptr || field->type() != FieldDescriptor::TYPE_STRING) {
    DieOfSpec(prototype_, "names a field of owners that is no string");
  }
  return field;
}

std::vector<std::string> ResourceFields::OwnersLeftOut(const FieldDescriptor* field,
                                                       absl::string_view name) const {
  if (field == nullptr || field->is_repeated()) return {};
  return {field == name_ ? std::string(name) : ""};
}

bool ResourceFields::IsOwnedIn(int state) const {
  return owned_states_.empty() ||
         std::find(owned_states_.begin(), owned_states_.end(), state) != owned_states_.end();
}

Owners ResourceFields::OwnersOf(const Message& message) const {
  Owners owners;
  if (!IsOwnedIn(State(message))) return owners;
  if (mentors_ != nullptr) owners.mentors = StringsOf(message, mentors_);
  if (organisations_ != nullptr) owners.organisations = StringsOf(message, organisations_);
  return owners;
}

std::optional<Owners> ResourceFields::OwnersIn(absl::string_view name,
                                               absl::string_view record) const {
  Owners owners;
  owners.mentors = OwnersLeftOut(mentors_, name);
  owners.organisations = OwnersLeftOut(organisations_, name);
  int state = 0;
  CodedInputStream input(reinterpret_cast<const uint8_t*>(record.data()),
                         static_cast<int>(record.size()));
  while (const uint32_t tag = input.ReadTag()) {
    bool read = false;
    if (IsTagOf(mentors_, tag)) {
      read = ReadOwner(*mentors_, &input, &owners.mentors);
    } else if (IsTagOf(organisations_, tag)) {
      read = ReadOwner(*organisations_, &input, &owners.organisations);
    } else if (IsTagOf(state_, tag)) {
      read = WireFormatLite::ReadPrimitive<int, WireFormatLite::TYPE_ENUM>(&input, &state);
    } else {
      read = WireFormatLite::SkipField(&input, tag);
    }
    if (!read) return std::nullopt;
  }
  if (!input.ConsumedEntireMessage()) return std::nullopt;
  return IsOwnedIn(state) ? owners : Owners();
}

std::unique_ptr<Message> ResourceFields::Copy(const Message& message) const {
  std::unique_ptr<Message> copy = New();
  copy->CopyFrom(message);
  return copy;
}

std::string ResourceFields::GetString(const Message& message, const FieldDescriptor* field) const {
  return field == nullptr ? "" : message.GetReflection()->GetString(message, field);
}

int64_t ResourceFields::Revision(const Message& message) const {
  return message.GetReflection()->GetInt64(message, revision_);
}

int ResourceFields::State(const Message& message) const {
  return state_ == nullptr ? 0 : message.GetReflection()->GetEnumValue(message, state_);
}

void ResourceFields::SetName(absl::string_view name, Message* message) const {
  message->GetReflection()->SetString(message, name_, std::string(name));
}

void ResourceFields::SetState(int state, Message* message) const {
  if (state_ != nullptr) message->GetReflection()->SetEnumValue(message, state_, state);
}

void ResourceFields::SetCreateTime(absl::Time time, Message* message) const {
  SetTime(time, create_time_, message);
}

void ResourceFields::SetUpdateTime(absl::Time time, Message* message) const {
  SetTime(time, update_time_, message);
}

void ResourceFields::SetTime(absl::Time time, const FieldDescriptor* field,
                             Message* message) const {
  if (field == nullptr) return;
  auto* timestamp = static_cast<google::protobuf::Timestamp*>(
      message->GetReflection()->MutableMessage(message, field));
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp->set_seconds(seconds);
  timestamp->set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

void ResourceFields::SetRevision(int64_t revision, Message* message) const {
  const google::protobuf::Reflection* reflection = message->GetReflection();
  reflection->SetInt64(message, revision_, revision);
  reflection->SetString(message, etag_, revision == 0 ? "" : EtagOf(revision));
}

void ResourceFields::ClearOutputOnly(Message* message) const {
  for (const FieldDescriptor* field : output_only_) {
    message->GetReflection()->ClearField(message, field);
  }
}

void ResourceFields::CopyOutputOnly(const Message& from, Message* to) const {
  for (const FieldDescriptor* field : output_only_) CopyField(from, field, to);
}

bool ResourceFields::IsOutputOnly(absl::string_view path) const {
  const absl::string_view first = path.substr(0, path.find('.'));
  for (const FieldDescriptor* field : output_only_) {
    if (field->name() == first) return true;
  }
  return false;
}

std::string EtagOf(int64_t revision) { return absl::StrCat("r", absl::Hex(revision)); }

std::string CanonicalBytes(const Message& message) {
  std::string bytes;
  bytes.reserve(message.ByteSizeLong());
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializePartialToCodedStream(&coded);
  }
  return bytes;
}

}  // namespace tandem::common
