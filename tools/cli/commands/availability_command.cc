// tandem availability show|set|confirm MENTOR

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/display.h"
#include "tools/cli/names.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::common::v1::Modality;
using ::tandem::profiles::v1::Availability;
using ::tandem::profiles::v1::Mentor;
using ::tandem::profiles::v1::ProfilesService;
using ::tandem::profiles::v1::UpdateMentorRequest;

struct AvailabilityOptions {
  std::string mentor;
  std::optional<std::string> time_zone;
  std::optional<std::string> windows;
  std::optional<std::string> days_off;
  std::optional<std::string> modalities;
  int hours_per_month = -1;
  int max_engagements = -1;
};

absl::StatusOr<Mentor> ReadMentor(Program& program, const std::string& id) {
  tandem::profiles::v1::GetMentorRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), MentorName(program.session(), id));
  const auto stub = program.session().Stub<ProfilesService>();
  return program.session().Call(*stub, &ProfilesService::Stub::GetMentor, request, "staff");
}

Table AvailabilityTable(const Mentor& mentor) {
  const Availability& availability = mentor.availability();
  std::string days_off;
  for (const auto& period : availability.days_off()) {
    absl::StrAppend(&days_off, days_off.empty() ? "" : "|", FormatDateRange(period));
  }
  std::string modalities;
  for (int modality : availability.modalities()) {
    absl::StrAppend(&modalities, modalities.empty() ? "" : " ",
                    Word(static_cast<Modality>(modality)));
  }
  Table table({"field", "value"});
  table.AddRow({"mentor", mentor.external_id().empty() ? mentor.name() : mentor.external_id()});
  table.AddRow({"time zone", availability.time_zone()});
  table.AddRow({"windows", FormatWindows({availability.weekly_windows().begin(),
                                          availability.weekly_windows().end()})});
  table.AddRow({"days off", days_off});
  table.AddRow({"hours per month", absl::StrCat(availability.hours_per_month())});
  table.AddRow({"engagements at most", absl::StrCat(availability.max_engagements())});
  table.AddRow({"modalities", modalities});
  table.AddRow({"last confirmed", FormatInstant(mentor.last_confirmed_time())});
  return table;
}

absl::StatusOr<int> PrintAvailability(Program& program, const Mentor& mentor) {
  TANDEM_RETURN_IF_ERROR(program.Print(mentor, AvailabilityTable(mentor), /*max_cell_width=*/400));
  return 0;
}

absl::StatusOr<int> Show(Program& program, const AvailabilityOptions& options) {
  TANDEM_ASSIGN_OR_RETURN(Mentor mentor, ReadMentor(program, options.mentor));
  return PrintAvailability(program, mentor);
}

// `status` with the option that it is about, and what was given.
absl::Status About(absl::string_view option, absl::string_view given, const absl::Status& status) {
  return absl::InvalidArgumentError(
      absl::StrCat(option, " '", Harmless(given), "': ", status.message()));
}

// What was given for an option that lists something: nothing for "none". An empty text is refused,
// for it may be an edit that went wrong on its way here.
absl::StatusOr<std::string> ListGiven(absl::string_view option, const std::string& given) {
  if (SplitList(given).empty()) {
    return About(option, given, absl::InvalidArgumentError("is empty; write none for none"));
  }
  return given == "none" ? std::string() : given;
}

absl::Status ApplyWindows(const std::string& given, Availability* availability) {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, ListGiven("--windows", given));
  auto windows = ParseWindows(text);
  if (!windows.ok()) return About("--windows", given, windows.status());
  *availability->mutable_weekly_windows() = {windows->begin(), windows->end()};
  return absl::OkStatus();
}

absl::Status ApplyDaysOff(const std::string& given, Availability* availability) {
  TANDEM_ASSIGN_OR_RETURN(const std::string text, ListGiven("--days-off", given));
  for (const std::string& part : SplitList(text)) {
    auto period = ParseDateRange(part, /*open=*/false);
    if (!period.ok()) return About("--days-off", part, period.status());
    *availability->add_days_off() = *period;
  }
  return absl::OkStatus();
}

absl::Status ApplyModalities(const std::string& given, Availability* availability) {
  const std::vector<std::string> words = SplitWords(given);
  if (words.empty()) {
    return About("--modalities", given, absl::InvalidArgumentError("name remote, on-site or both"));
  }
  for (const std::string& word : words) {
    auto modality = FromWord<Modality>(word);
    if (!modality.ok()) return About("--modalities", word, modality.status());
    availability->add_modalities(*modality);
  }
  return absl::OkStatus();
}

// The options that were given, as an edit of the mentor.
absl::Status ApplyOptions(const AvailabilityOptions& options, UpdateMentorRequest* request) {
  Availability* availability = request->mutable_mentor()->mutable_availability();
  const auto change = [&](const char* path) {
    request->mutable_update_mask()->add_paths(absl::StrCat("availability.", path));
  };
  if (options.time_zone.has_value()) {
    availability->set_time_zone(*options.time_zone);
    change("time_zone");
  }
  if (options.windows.has_value()) {
    TANDEM_RETURN_IF_ERROR(ApplyWindows(*options.windows, availability));
    change("weekly_windows");
  }
  if (options.days_off.has_value()) {
    TANDEM_RETURN_IF_ERROR(ApplyDaysOff(*options.days_off, availability));
    change("days_off");
  }
  if (options.modalities.has_value()) {
    TANDEM_RETURN_IF_ERROR(ApplyModalities(*options.modalities, availability));
    change("modalities");
  }
  if (options.hours_per_month >= 0) {
    availability->set_hours_per_month(options.hours_per_month);
    change("hours_per_month");
  }
  if (options.max_engagements >= 0) {
    availability->set_max_engagements(options.max_engagements);
    change("max_engagements");
  }
  if (request->update_mask().paths().empty()) {
    return absl::InvalidArgumentError("say what to change, for example --hours-per-month 12");
  }
  return absl::OkStatus();
}

absl::StatusOr<int> Set(Program& program, const AvailabilityOptions& options) {
  UpdateMentorRequest request;
  TANDEM_RETURN_IF_ERROR(ApplyOptions(options, &request));
  TANDEM_ASSIGN_OR_RETURN(Mentor current, ReadMentor(program, options.mentor));
  request.mutable_mentor()->set_name(current.name());
  request.mutable_mentor()->set_etag(current.etag());
  request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      Mentor changed,
      program.session().Call(*stub, &ProfilesService::Stub::UpdateMentor, request, "staff"));
  return PrintAvailability(program, changed);
}

absl::StatusOr<int> Confirm(Program& program, const AvailabilityOptions& options) {
  tandem::profiles::v1::ConfirmMentorRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), MentorName(program.session(), options.mentor));
  request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      Mentor confirmed,
      program.session().Call(*stub, &ProfilesService::Stub::ConfirmMentor, request, "staff"));
  return PrintAvailability(program, confirmed);
}

using Handler = absl::StatusOr<int> (*)(Program&, const AvailabilityOptions&);

CLI::App* AddOne(CLI::App* parent, Program& program, const std::string& name,
                 const std::string& description, Handler handler,
                 const std::shared_ptr<AvailabilityOptions>& options) {
  CLI::App* command = parent->add_subcommand(name, description);
  command->add_option("MENTOR", options->mentor, "External id or resource name")->required();
  command->callback([&program, handler, options] {
    program.action = [&program, handler, options] { return handler(program, *options); };
  });
  return command;
}

}  // namespace

void AddAvailabilityCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("availability", "When and how much a mentor can work");
  command->require_subcommand(1);
  const auto options = std::make_shared<AvailabilityOptions>();
  AddOne(command, program, "show", "Show it", Show, options);
  AddOne(command, program, "confirm", "\"Still available\": confirm the profile as it is", Confirm,
         options);
  CLI::App* set =
      AddOne(command, program, "set", "Change what is given, leave the rest", Set, options);
  set->add_option("--windows", options->windows,
                  "Weekly windows: \"Mon-Thu 14:00-18:00|Sat 09:00-12:00\", or none");
  set->add_option("--time-zone", options->time_zone, "IANA zone of the windows");
  set->add_option("--days-off", options->days_off,
                  "Periods without work: \"2027-07-01..2027-07-31|...\", or none");
  set->add_option("--hours-per-month", options->hours_per_month, "Hours per month in all")
      ->check(CLI::Range(0, 744));
  set->add_option("--max-engagements", options->max_engagements, "Engagements at a time")
      ->check(CLI::Range(0, 100));
  set->add_option("--modalities", options->modalities, "remote, on-site or both");
}

}  // namespace tandem::cli
