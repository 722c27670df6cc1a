// tandem mentor list|show|history|deactivate|reactivate|erase|reapply-erasures

#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/commands.h"
#include "tools/cli/commands/listing.h"
#include "tools/cli/names.h"
#include "tools/cli/words.h"

namespace tandem::cli {
namespace {

using ::tandem::profiles::v1::ListMentorsResponse;
using ::tandem::profiles::v1::Mentor;
using ::tandem::profiles::v1::ProfilesService;

// One field a line: long lists are shown whole.
constexpr int kWide = 400;

struct MentorOptions {
  std::string mentor;
  std::string filter;
  int limit = 100;
  int64_t revision = 0;
  std::string reason;
  bool yes = false;
};

std::string FullName(const Mentor& mentor) {
  return mentor.identity().names().empty() ? "" : mentor.identity().names(0).full_name();
}

std::string LanguageText(const Mentor& mentor) {
  std::string text;
  for (const auto& skill : mentor.languages()) {
    absl::StrAppend(&text, text.empty() ? "" : " ", skill.language(), ":",
                    absl::AsciiStrToUpper(Word(skill.spoken())));
  }
  return text;
}

std::string ExpertiseText(const Mentor& mentor) {
  std::string text;
  for (const auto& expertise : mentor.expertise()) {
    absl::StrAppend(&text, text.empty() ? "" : "|", expertise.topic(), ":", expertise.level());
  }
  return text;
}

Table MentorTable(const google::protobuf::RepeatedPtrField<Mentor>& mentors) {
  Table table(
      {"mentor", "name", "country", "languages", "vetting", "state", "confirmed", "resource"});
  table.MakeOptional("resource");
  table.MakeOptional("languages");
  for (const Mentor& mentor : mentors) {
    table.AddRow({mentor.external_id(), FullName(mentor), mentor.residence_country(),
                  LanguageText(mentor), Word(mentor.vetting_state()), Word(mentor.state()),
                  FormatInstant(mentor.last_confirmed_time()).substr(0, 10), mentor.name()});
  }
  return table;
}

absl::StatusOr<int> List(Program& program, const MentorOptions& options) {
  tandem::profiles::v1::ListMentorsRequest request;
  request.set_filter(options.filter);
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(Listed<ListMentorsResponse> listed,
                          ListUpTo(program, *stub, &ProfilesService::Stub::ListMentors, request,
                                   &ListMentorsResponse::mutable_mentors, options.limit, "staff"));
  listed.all.set_revision(listed.last.revision());
  listed.all.set_next_page_token(listed.last.next_page_token());
  TANDEM_RETURN_IF_ERROR(program.Print(listed.all, MentorTable(listed.all.mentors())));
  listed.SayMore(program);
  return 0;
}

Table OneMentor(const Mentor& mentor) {
  Table table({"field", "value"});
  table.AddRow({"mentor", mentor.external_id()});
  table.AddRow({"name", FullName(mentor)});
  table.AddRow({"e-mail", mentor.identity().email()});
  table.AddRow({"residence", mentor.residence_country()});
  table.AddRow({"kind", Word(mentor.kind())});
  table.AddRow({"expertise", ExpertiseText(mentor)});
  table.AddRow({"languages", LanguageText(mentor)});
  table.AddRow({"windows", FormatWindows({mentor.availability().weekly_windows().begin(),
                                          mentor.availability().weekly_windows().end()})});
  table.AddRow({"time zone", mentor.availability().time_zone()});
  table.AddRow({"hours per month", absl::StrCat(mentor.availability().hours_per_month())});
  table.AddRow({"engagements at most", absl::StrCat(mentor.availability().max_engagements())});
  table.AddRow({"vetting", Word(mentor.vetting_state())});
  table.AddRow({"state", Word(mentor.state())});
  table.AddRow({"last confirmed", FormatInstant(mentor.last_confirmed_time())});
  table.AddRow({"resource", mentor.name()});
  table.AddRow({"revision", absl::StrCat(mentor.revision())});
  table.AddRow({"etag", mentor.etag()});
  return table;
}

absl::StatusOr<int> Show(Program& program, const MentorOptions& options) {
  tandem::profiles::v1::GetMentorRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), MentorName(program.session(), options.mentor));
  request.set_revision(options.revision);
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      Mentor mentor,
      program.session().Call(*stub, &ProfilesService::Stub::GetMentor, request, "staff"));
  TANDEM_RETURN_IF_ERROR(program.Print(mentor, OneMentor(mentor), kWide));
  return 0;
}

absl::StatusOr<int> History(Program& program, const MentorOptions& options) {
  tandem::profiles::v1::ListMentorRevisionsRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), MentorName(program.session(), options.mentor));
  request.set_page_size(std::min(1000, options.limit));
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      tandem::profiles::v1::ListMentorRevisionsResponse page,
      program.session().Call(*stub, &ProfilesService::Stub::ListMentorRevisions, request, "staff"));
  Table table({"revision", "changed", "state", "vetting", "hours", "engagements", "windows"});
  for (const Mentor& mentor : page.mentors()) {
    const auto& availability = mentor.availability();
    table.AddRow({absl::StrCat(mentor.revision()), FormatInstant(mentor.update_time()),
                  Word(mentor.state()), Word(mentor.vetting_state()),
                  absl::StrCat(availability.hours_per_month()),
                  absl::StrCat(availability.max_engagements()),
                  FormatWindows({availability.weekly_windows().begin(),
                                 availability.weekly_windows().end()})});
  }
  TANDEM_RETURN_IF_ERROR(program.Print(page, table));
  return 0;
}

absl::StatusOr<int> Deactivate(Program& program, const MentorOptions& options) {
  tandem::profiles::v1::DeactivateMentorRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), MentorName(program.session(), options.mentor));
  request.set_reason_code(options.reason);
  request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      Mentor mentor,
      program.session().Call(*stub, &ProfilesService::Stub::DeactivateMentor, request, "staff"));
  TANDEM_RETURN_IF_ERROR(program.Print(mentor, OneMentor(mentor), kWide));
  return 0;
}

absl::StatusOr<int> Reactivate(Program& program, const MentorOptions& options) {
  tandem::profiles::v1::ReactivateMentorRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), MentorName(program.session(), options.mentor));
  request.set_reason_code(options.reason);
  request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      Mentor mentor,
      program.session().Call(*stub, &ProfilesService::Stub::ReactivateMentor, request, "staff"));
  TANDEM_RETURN_IF_ERROR(program.Print(mentor, OneMentor(mentor), kWide));
  return 0;
}

absl::StatusOr<int> ReapplyErasures(Program& program, const MentorOptions&) {
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      const auto response,
      program.session().Call(*stub, &ProfilesService::Stub::ReapplyErasures,
                             tandem::profiles::v1::ReapplyErasuresRequest(), "admin"));
  Table table({"erased persons", "erased again now"});
  table.AddRow({absl::StrCat(response.erased_count()), absl::StrCat(response.reapplied_count())});
  TANDEM_RETURN_IF_ERROR(program.Print(response, table));
  return 0;
}

absl::StatusOr<int> Erase(Program& program, const MentorOptions& options) {
  if (!options.yes) {
    return absl::InvalidArgumentError(
        "erasing destroys the key of the person's data and cannot be undone; add --yes if that is "
        "meant");
  }
  tandem::profiles::v1::EraseMentorRequest request;
  TANDEM_ASSIGN_OR_RETURN(*request.mutable_name(), MentorName(program.session(), options.mentor));
  request.set_reason_code(options.reason);
  request.set_request_id(program.session().RequestId());
  const auto stub = program.session().Stub<ProfilesService>();
  TANDEM_ASSIGN_OR_RETURN(
      Mentor mentor,
      program.session().Call(*stub, &ProfilesService::Stub::EraseMentor, request, "admin"));
  TANDEM_RETURN_IF_ERROR(program.Print(mentor, OneMentor(mentor), kWide));
  return 0;
}

using Handler = absl::StatusOr<int> (*)(Program&, const MentorOptions&);

CLI::App* AddOne(CLI::App* parent, Program& program, const std::string& name,
                 const std::string& description, Handler handler,
                 const std::shared_ptr<MentorOptions>& options) {
  CLI::App* command = parent->add_subcommand(name, description);
  if (name != "list" && name != "reapply-erasures") {
    command->add_option("MENTOR", options->mentor, "External id or resource name")->required();
  }
  command->callback([&program, handler, options] {
    program.action = [&program, handler, options] { return handler(program, *options); };
  });
  return command;
}

}  // namespace

void AddMentorCommand(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("mentor", "The roster of mentors");
  command->require_subcommand(1);
  const auto options = std::make_shared<MentorOptions>();
  CLI::App* list = AddOne(command, program, "list", "List mentors", List, options);
  list->add_option("--filter", options->filter,
                   "Conditions, for example residence_country = \"KE\" AND state = \"ACTIVE\"");
  list->add_option("--limit", options->limit, "How many to show")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  AddOne(command, program, "show", "Show a mentor", Show, options)
      ->add_option("--revision", options->revision, "As of this revision (default: now)");
  AddOne(command, program, "history", "The states that a mentor's profile had", History, options)
      ->add_option("--limit", options->limit, "How many to show")
      ->check(CLI::Range(1, 1000));
  AddOne(command, program, "deactivate", "Take a mentor out of use; the history stays", Deactivate,
         options)
      ->add_option("--reason", options->reason, "Reason code, for example LEFT_PROGRAMME");
  AddOne(command, program, "reactivate", "Take a mentor who was out of use into use again",
         Reactivate, options)
      ->add_option("--reason", options->reason, "Reason code, for example CAME_BACK");
  AddOne(command, program, "reapply-erasures",
         "Erase again everybody who was erased: after a restore of older records (admin)",
         ReapplyErasures, options);
  CLI::App* erase =
      AddOne(command, program, "erase", "Erase the person: destroys the key of all personal data",
             Erase, options);
  erase->add_option("--reason", options->reason, "Reason code, for example PERSON_ASKED")
      ->required();
  erase->add_flag("--yes", options->yes, "Yes, this cannot be undone");
}

}  // namespace tandem::cli
