// Writes the reference pages:
//
//   reference_pages OUT_FOLDER EXAMPLES.json DESCRIPTOR_SET...
//
// errors.md, and api/SERVICE.md for each service of the descriptor sets. tools/docs/generate runs
// it over the protos of this checkout.
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"
#include "google/protobuf/descriptor.h"
#include "tools/docs/errors_page.h"
#include "tools/docs/proto_files.h"
#include "tools/docs/service_page.h"

namespace tandem::docs {
namespace {

absl::Status WritePage(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return file ? absl::OkStatus() : absl::UnknownError(absl::StrCat(path, " cannot be written"));
}

// "needs" of "tandem.needs.v1.NeedsService".
std::string PageName(const google::protobuf::ServiceDescriptor& service) {
  const std::vector<std::string> parts = absl::StrSplit(service.full_name(), '.');
  return parts.at(1);
}

absl::Status WritePages(const std::string& out, const std::string& examples_path,
                        const std::vector<std::string>& descriptor_sets) {
  ProtoFiles protos;
  for (const std::string& path : descriptor_sets) TANDEM_RETURN_IF_ERROR(protos.AddSet(path));
  std::ifstream file(examples_path);
  std::stringstream json;
  json << file.rdbuf();
  TANDEM_ASSIGN_OR_RETURN(const Examples examples, ParseExamples(json.str()));
  const auto* reasons = protos.pool().FindEnumTypeByName("tandem.common.v1.ErrorReason");
  const auto* actions = protos.pool().FindEnumTypeByName("tandem.common.v1.ClientAction");
  if (reasons == nullptr || actions == nullptr) {
    return absl::NotFoundError("the descriptor sets lack tandem/common/v1/error_reason.proto");
  }
  std::filesystem::create_directories(out + "/api");
  TANDEM_RETURN_IF_ERROR(WritePage(out + "/errors.md", ErrorsPage(*reasons, *actions)));
  for (const auto* service : protos.Services()) {
    TANDEM_ASSIGN_OR_RETURN(const std::string page, ServicePage(*service, examples));
    TANDEM_RETURN_IF_ERROR(WritePage(absl::StrCat(out, "/api/", PageName(*service), ".md"), page));
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace tandem::docs

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: reference_pages OUT_FOLDER EXAMPLES.json DESCRIPTOR_SET...\n";
    return 2;
  }
  const absl::Status written =
      tandem::docs::WritePages(argv[1], argv[2], std::vector<std::string>(argv + 3, argv + argc));
  if (written.ok()) return 0;
  std::cerr << "reference_pages: " << written.message() << "\n";
  return 1;
}
