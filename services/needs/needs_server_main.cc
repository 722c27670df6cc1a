// The needs service as a program of its own: needs_server --address 127.0.0.1:7402 --data FOLDER.
#include <memory>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "services/common/main_support.h"
#include "services/common/method_registry.h"
#include "services/common/reference_data.h"
#include "services/needs/needs_service.h"
#include "storage/open.h"

namespace {

constexpr char kName[] = "needs_server";

int Serve(const tandem::common::ServerFlags& flags,
          const tandem::common::ShutdownSignals& signals) {
  auto reference = tandem::common::ReferenceData::Load(flags.reference);
  if (!reference.ok()) return tandem::common::FailToStart(kName, reference.status());
  auto store = tandem::storage::Open(absl::StrCat("rocksdb:", flags.data, "/needs"));
  if (!store.ok()) return tandem::common::FailToStart(kName, store.status());
  const std::shared_ptr<tandem::storage::Store> shared = *std::move(store);
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  const absl::Status registered =
      tandem::needs::RegisterNeedsService(*registry, shared, *reference);
  if (!registered.ok()) return tandem::common::FailToStart(kName, registered);
  return tandem::common::ServeUntilSignal(kName, flags, std::move(registry), signals);
}

}  // namespace

int main(int argc, char** argv) {
  const tandem::common::ShutdownSignals signals;
  CLI::App app("Keeps programmes, needs assessments and requests for engagements.", kName);
  tandem::common::ServerFlags flags;
  flags.address = "127.0.0.1:7402";
  tandem::common::AddServerFlags(&flags, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  return Serve(flags, signals);
}
