#include "services/common/field_masks.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/field_mask_util.h"
#include "services/common/mask_paths.h"

namespace tandem::common {

using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::util::FieldMaskUtil;

bool CheckFieldMask(const FieldMask& mask, const Message& type, const ResourceFields& fields,
                    FieldViolations* violations) {
  const size_t before = violations->violations().size();
  if (mask.paths().empty()) {
    violations->Add("update_mask", "is required: name the fields to change, or \"*\" for all");
  }
  for (const std::string& path : mask.paths()) {
    if (path == "*") {
      if (mask.paths_size() > 1) violations->Add("update_mask", "\"*\" must stand alone");
    } else if (HasEmptyPart(path) ||
               !FieldMaskUtil::GetFieldDescriptors(type.GetDescriptor(), path, nullptr)) {
      violations->Add("update_mask",
                      absl::StrCat("\"", path.substr(0, 100), "\" is no field of ",
                                   type.GetDescriptor()->name(), ", or goes into a list"));
    } else if (fields.IsOutputOnly(path)) {
      violations->Add("update_mask", absl::StrCat("\"", path, "\" is set by the server only"));
    }
  }
  return violations->violations().size() == before;
}

void ApplyFieldMask(const FieldMask& mask, const Message& source, const ResourceFields& fields,
                    Message* target, FieldViolations* violations) {
  if (!CheckFieldMask(mask, *target, fields, violations)) return;
  if (mask.paths(0) == "*") {
    std::unique_ptr<Message> next = fields.Copy(source);
    fields.CopyOutputOnly(*target, next.get());
    target->CopyFrom(*next);
    return;
  }
  FieldMaskUtil::MergeOptions options;
  options.set_replace_message_fields(true);
  options.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(source, mask, options, target);
}

}  // namespace tandem::common
