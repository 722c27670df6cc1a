// The profiles service as a process of its own.
#include <memory>

#include "CLI/CLI.hpp"
#include "services/common/main_support.h"
#include "services/common/reference_data.h"
#include "services/profiles/profiles_service.h"

namespace {

constexpr char kName[] = "profiles_server";

absl::Status Register(const tandem::common::ServerFlags& flags,
                      tandem::common::MethodRegistry& registry) {
  auto reference = tandem::common::ReferenceData::Load(flags.reference);
  if (!reference.ok()) return reference.status();
  auto dependencies = tandem::profiles::OpenProfiles(flags.data + "/profiles", *reference);
  if (!dependencies.ok()) return dependencies.status();
  return tandem::profiles::RegisterProfilesService(registry, *std::move(dependencies));
}

}  // namespace

int main(int argc, char** argv) {
  tandem::common::ShutdownSignals signals;
  CLI::App app("Keeps the roster: mentors and organisations");
  tandem::common::ServerFlags flags;
  flags.address = "127.0.0.1:7401";
  tandem::common::AddServerFlags(&flags, &app);
  if (auto exit_code = tandem::common::ReadServerFlags(kName, flags, argc, argv, &app)) {
    return *exit_code;
  }
  auto registry = std::make_unique<tandem::common::MethodRegistry>();
  const absl::Status registered = Register(flags, *registry);
  if (!registered.ok()) return tandem::common::FailToStart(kName, registered);
  return tandem::common::ServeUntilSignal(kName, flags, std::move(registry), signals);
}
