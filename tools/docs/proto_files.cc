#include "tools/docs/proto_files.h"

#include <algorithm>
#include <fstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.pb.h"

namespace tandem::docs {

using google::protobuf::FileDescriptor;
using google::protobuf::ServiceDescriptor;

absl::Status ProtoFiles::AddSet(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " cannot be read"));
  google::protobuf::FileDescriptorSet set;
  if (!set.ParseFromIstream(&file)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is no descriptor set"));
  }
  for (const google::protobuf::FileDescriptorProto& proto : set.file()) {
    if (pool_.FindFileByName(proto.name()) != nullptr) continue;
    const FileDescriptor* built = pool_.BuildFile(proto);
    if (built == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": ", proto.name(), " or one of its imports does not fit the others"));
    }
    files_.push_back(built);
  }
  return absl::OkStatus();
}

std::vector<const ServiceDescriptor*> ProtoFiles::Services() const {
  std::vector<const ServiceDescriptor*> services;
  for (const FileDescriptor* file : files_) {
    if (!absl::StartsWith(file->package(), "tandem.")) continue;
    for (int i = 0; i < file->service_count(); ++i) services.push_back(file->service(i));
  }
  std::sort(services.begin(), services.end(),
            [](const ServiceDescriptor* a, const ServiceDescriptor* b) {
              return a->full_name() < b->full_name();
            });
  return services;
}

std::string InOneLine(absl::string_view text) {
  std::string line;
  for (const char c : text) line.push_back(c == '\n' ? ' ' : c);
  absl::RemoveExtraAsciiWhitespace(&line);
  return line;
}

}  // namespace tandem::docs
