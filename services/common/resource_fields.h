// The fields that every resource has in the same meaning, found by name in its message type: name,
// external_id, state, create_time, update_time, etag, revision. Missing ones read as empty and are
// not set. Thread-safe.
#ifndef SERVICES_COMMON_RESOURCE_FIELDS_H_
#define SERVICES_COMMON_RESOURCE_FIELDS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "services/common/access/object_scope.h"
#include "services/common/resource_spec.h"

namespace tandem::common {

class ResourceFields {
 public:
  using Message = google::protobuf::Message;

  // `prototype` is the default instance of the resource's type. Ends the process when the spec
  // names a field that the type lacks: a mistake of the program.
  ResourceFields(const Message& prototype, const ResourceSpec& spec);

  std::unique_ptr<Message> New() const { return std::unique_ptr<Message>(prototype_.New()); }
  std::unique_ptr<Message> Copy(const Message& message) const;

  std::string Name(const Message& message) const { return GetString(message, name_); }
  std::string ExternalId(const Message& message) const { return GetString(message, external_id_); }
  std::string Etag(const Message& message) const { return GetString(message, etag_); }
  int64_t Revision(const Message& message) const;
  int State(const Message& message) const;
  bool has_external_id() const { return external_id_ != nullptr; }

  // Whose it is, by the spec.
  Owners OwnersOf(const Message& message) const;
  // The same of a record, which leaves out its name. Only the fields that name owners are read:
  // each call that a limited caller makes asks for them. nullopt: these are no bytes of a message.
  std::optional<Owners> OwnersIn(absl::string_view name, absl::string_view record) const;

  void SetName(absl::string_view name, Message* message) const;
  void SetState(int state, Message* message) const;
  void SetCreateTime(absl::Time time, Message* message) const;
  void SetUpdateTime(absl::Time time, Message* message) const;
  // Sets revision and, derived from it, etag. 0 clears both.
  void SetRevision(int64_t revision, Message* message) const;

  // Clears all output-only fields.
  void ClearOutputOnly(Message* message) const;
  // Sets the output-only fields of `to` to those of `from`.
  void CopyOutputOnly(const Message& from, Message* to) const;
  // True when the first segment of `path` is an output-only field.
  bool IsOutputOnly(absl::string_view path) const;

 private:
  const google::protobuf::FieldDescriptor* FindField(const std::string& name) const;
  std::string GetString(const Message& message,
                        const google::protobuf::FieldDescriptor* field) const;
  void SetTime(absl::Time time, const google::protobuf::FieldDescriptor* field,
               Message* message) const;

  const google::protobuf::FieldDescriptor* FindOwnerField(const std::string& name) const;
  // What a record without `field`, which may be null, says.
  std::vector<std::string> OwnersLeftOut(const google::protobuf::FieldDescriptor* field,
                                         absl::string_view name) const;
  // Whether a resource in this state has owners.
  bool IsOwnedIn(int state) const;

  const Message& prototype_;
  const google::protobuf::FieldDescriptor* name_;
  const google::protobuf::FieldDescriptor* external_id_;
  const google::protobuf::FieldDescriptor* state_;
  const google::protobuf::FieldDescriptor* create_time_;
  const google::protobuf::FieldDescriptor* update_time_;
  const google::protobuf::FieldDescriptor* etag_;
  const google::protobuf::FieldDescriptor* revision_;
  std::vector<const google::protobuf::FieldDescriptor*> output_only_;
  const google::protobuf::FieldDescriptor* mentors_;  // that name the owners; may be null
  const google::protobuf::FieldDescriptor* organisations_;
  const std::vector<int> owned_states_;
};

// The etag of a resource that was last written at `revision`.
std::string EtagOf(int64_t revision);

// The same bytes for equal messages, in every process of one build; for digests and comparisons.
std::string CanonicalBytes(const google::protobuf::Message& message);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_RESOURCE_FIELDS_H_
