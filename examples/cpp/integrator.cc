// An integrator's round with Tandem, in C++ with gRPC and generated stubs alone:
//
//   make -C examples/cpp && examples/cpp/out/integrator 127.0.0.1:7400 examples/service_config.json
//
// Upserts a need, ranks mentors for it, solves a cohort, follows the events, and handles every kind
// of error; calls.h says how to call and to repeat. Expects a server with the sample programme.
// Every run uses ids of its own, so it can be run again and again.
#include <algorithm>
#include <cstdio>
#include <iomanip>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "calls.h"
#include "google/longrunning/operations.grpc.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "tandem/events/v1/events_service.grpc.pb.h"
#include "tandem/matching/v1/matching_service.grpc.pb.h"
#include "tandem/needs/v1/needs_service.grpc.pb.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace events = tandem::events::v1;
namespace matching = tandem::matching::v1;
namespace needs = tandem::needs::v1;
namespace profiles = tandem::profiles::v1;
using needs::EngagementRequest;
using needs::NeedsService;

constexpr int kMostCalls = 5000;

// 32 random bits: makes ids of this run its own.
std::string NewId() {
  char id[9];
  std::snprintf(id, sizeof(id), "%08x", std::random_device()());
  return id;
}

class Integrator {
 public:
  explicit Integrator(const std::shared_ptr<grpc::Channel>& channel)
      : needs_(channel),
        profiles_(channel),
        matching_(channel),
        events_(channel),
        operations_(channel) {}

  void Round() {
    const std::string cursor = StartOfEvents();
    const EngagementRequest need = Upsert(NewNeed());
    Rank(need);
    Solve(need);
    Follow(cursor, need);
    LoseNoUpdate(need);
    MeetOtherErrors();
    MeetTheQuota(need);
  }

 private:
  // A need for the sample programme's first standards body.
  EngagementRequest NewNeed() {
    needs::ListProgrammesRequest programmes;
    programmes.set_filter("external_id = \"LDC-2027\"");
    profiles::ListOrganisationsRequest bodies;
    bodies.set_filter("kind = \"ORGANISATION_KIND_NSB\"");
    EngagementRequest need;
    need.set_external_id("EX-CPP-" + run_);
    need.set_programme(
        Call(needs_, &NeedsService::Stub::ListProgrammes, programmes).programmes(0).name());
    need.add_organisations(
        Call(profiles_, &profiles::ProfilesService::Stub::ListOrganisations, bodies)
            .organisations(0)
            .name());
    need.set_service_type(tandem::common::v1::SERVICE_TYPE_COACHING);
    need.set_title("A working enquiry point");
    need.add_modalities(tandem::common::v1::MODALITY_REMOTE);
    needs::RequestRole& role = *need.add_roles();
    role.set_role_id("lead");
    role.set_max_mentors(1);
    role.set_hours_per_month(6);
    needs::TopicRequirement& topic = *role.add_topics();
    topic.set_topic("wto-tbt.enquiry-point");
    topic.set_min_level(3);
    topic.set_weight(10);
    for (const char* code : {"en", "fr"}) {
      needs::LanguageRequirement& language = *role.add_languages();
      language.set_language(code);
      language.set_min_spoken(tandem::common::v1::CEFR_LEVEL_B2);
    }
    const auto set = [](google::type::Date* date, int month, int day) {
      date->set_year(2027);
      date->set_month(month);
      date->set_day(day);
    };
    set(need.mutable_period()->mutable_start_date(), 2, 1);
    set(need.mutable_period()->mutable_end_date(), 7, 31);
    return need;
  }

  // Upserts by external id: no need to keep Tandem's names. The request_id makes it repeatable.
  EngagementRequest Upsert(const EngagementRequest& need) {
    constexpr auto kUpsert = &NeedsService::Stub::UpsertEngagementRequest;
    needs::UpsertEngagementRequestRequest write;
    *write.mutable_engagement_request() = need;
    write.set_request_id("upsert-" + run_);
    const auto first = Call(needs_, kUpsert, write);
    std::cout << "upserted: " << need.external_id() << (first.created() ? " created" : " existed")
              << "\n";
    // As after a lost connection: the same call again answers the same, and nothing is doubled.
    const bool same =
        google::protobuf::util::MessageDifferencer::Equals(Call(needs_, kUpsert, write), first);
    std::cout << (same ? "repeated: same answer" : "repeated: ANOTHER ANSWER") << "\n";
    // A programming error: a new request takes a new request_id.
    write.mutable_engagement_request()->set_title("Something else");
    FailureOf(needs_, kUpsert, write);
    return first.engagement_request();
  }

  void Rank(const EngagementRequest& need) {
    matching::RankMentorsRequest request;
    request.set_need(need.name() + "/roles/lead");
    request.set_page_size(3);
    // Matching follows the other services, some milliseconds behind: it shall wait for our write.
    request.mutable_at_least()->set_needs(need.revision());
    const auto ranked = Call(matching_, &matching::MatchingService::Stub::RankMentors, request);
    std::cout << "ranked: " << ranked.eligible_count() << " of " << ranked.considered_count()
              << " eligible\n";
    for (const matching::RankedMentor& mentor : ranked.mentors()) {
      std::cout << "  " << mentor.rank() << ". " << mentor.mentor() << " " << std::fixed
                << std::setprecision(2) << mentor.score_micropoints() / 1e4 << " points\n";
    }
  }

  // Solves a cohort, which is a long-running operation: its name outlives the server.
  void Solve(const EngagementRequest& need) {
    matching::UpsertCohortRequest upsert;
    upsert.set_request_id("cohort-" + run_);
    upsert.mutable_cohort()->set_external_id("EX-CPP-" + run_);
    upsert.mutable_cohort()->set_display_name("Example");
    upsert.mutable_cohort()->set_programme(need.programme());
    upsert.mutable_cohort()->add_engagement_requests(need.name());
    matching::SolveCohortRequest solve;
    solve.set_name(
        Call(matching_, &matching::MatchingService::Stub::UpsertCohort, upsert).cohort().name());
    solve.set_request_id("solve-" + run_);
    auto operation = Call(matching_, &matching::MatchingService::Stub::SolveCohort, solve);
    google::longrunning::GetOperationRequest get;
    get.set_name(operation.name());
    for (int wait_ms = 50; !operation.done(); wait_ms = std::min(2 * wait_ms, 5000)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));  // polled with backoff
      operation = Call(operations_, &google::longrunning::Operations::Stub::GetOperation, get);
    }
    matching::CohortRun run;
    if (!operation.response().UnpackTo(&run)) throw std::runtime_error(operation.DebugString());
    std::cout << "solved: " << run.needs_served() << " of " << run.need_count()
              << " needs served, certificate "
              << (run.certificate_checked() ? "checked" : "NOT CHECKED") << "\n";
  }

  std::string StartOfEvents() {
    events::ListEventsRequest request;
    request.set_start(events::EVENT_START_NOW);
    return Call(events_, &events::EventsService::Stub::ListEvents, request).next_cursor();
  }

  // Follows the events from a cursor; keep the cursor with what you made of the events.
  void Follow(const std::string& start, const EngagementRequest& need) {
    // Polled: one page, and the cursor behind it.
    events::ListEventsRequest request;
    request.set_cursor(start);
    request.set_page_size(1);
    const auto page = Call(events_, &events::EventsService::Stub::ListEvents, request);
    std::vector<events::Event> seen(page.events().begin(), page.events().end());
    events::WatchEventsRequest watch;
    watch.set_cursor(page.next_cursor());
    while (!HasCohort(seen)) {  // followed from there
      grpc::ClientContext context;
      SetCaller(context);
      context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
      const auto stream = events_.WatchEvents(&context, watch);
      events::WatchEventsResponse step;
      while (!HasCohort(seen) && stream->Read(&step)) {
        seen.insert(seen.end(), step.events().begin(), step.events().end());
        watch.set_cursor(step.cursor());
      }
      context.TryCancel();
      const grpc::Status ended = stream->Finish();
      if (HasCohort(seen)) break;  // we ended it
      // A stream that breaks is resumed with the last cursor.
      if (ended.error_code() != grpc::StatusCode::UNAVAILABLE) {
        throw std::runtime_error(ended.error_message());
      }
      std::this_thread::sleep_for(std::chrono::seconds(1));
    }
    std::set<std::string> ids;
    std::string own;
    for (const events::Event& event : seen) {
      ids.insert(event.event_id());
      if (event.own_request_id() == "upsert-" + run_) own += event.resource();
    }
    std::cout << "events: followed, " << (ids.size() == seen.size() ? "none twice" : "SOME TWICE")
              << ", own change of the need " << (own == need.name() ? "seen" : "NOT SEEN") << "\n";
  }

  static bool HasCohort(const std::vector<events::Event>& seen) {
    return std::any_of(seen.begin(), seen.end(), [](const events::Event& event) {
      return event.resource().rfind("cohorts/", 0) == 0;
    });
  }

  needs::UpdateEngagementRequestRequest Edit(EngagementRequest need, const std::string& title) {
    needs::UpdateEngagementRequestRequest edit;
    need.set_title(title);
    *edit.mutable_engagement_request() = std::move(need);
    edit.mutable_update_mask()->add_paths("title");
    edit.set_request_id("edit-" + NewId());  // the same for every repetition
    return edit;
  }

  // An edit with an old etag is refused: read again, apply the edit to what is now, send that.
  void LoseNoUpdate(const EngagementRequest& need) {
    constexpr auto kUpdate = &NeedsService::Stub::UpdateEngagementRequest;
    Call(needs_, kUpdate, Edit(need, "Edited by somebody else"));  // the etag in `need` is now old
    if (ReasonOf(FailureOf(needs_, kUpdate, Edit(need, "Edited by me"))) != "ETAG_MISMATCH") {
      throw std::runtime_error("another reason");
    }
    const EngagementRequest now = Call(needs_, kGet, Get(need.name()));
    std::cout << "edited: " << Call(needs_, kUpdate, Edit(now, "Edited by me")).title() << "\n";
  }

  static needs::GetEngagementRequestRequest Get(const std::string& name) {
    needs::GetEngagementRequestRequest get;
    get.set_name(name);
    return get;
  }

  void MeetOtherErrors() {
    // Every violated field comes at once: show them beside their inputs.
    needs::UpsertEngagementRequestRequest bad;
    bad.mutable_engagement_request()->set_external_id("EX-BAD");
    bad.set_request_id("bad-" + run_);
    const auto violated = DetailOf<google::rpc::BadRequest>(
        FailureOf(needs_, &NeedsService::Stub::UpsertEngagementRequest, bad));
    for (const auto& violation : violated->field_violations()) {
      std::cout << "  field " << violation.field() << ": " << violation.description() << "\n";
    }
    FailureOf(needs_, kGet, Get("engagementRequests/none"));
    // Without a reason the error comes from the connection: repeat, with the same request_id.
    NeedsService::Stub down(grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    needs::ListProgrammesResponse none;
    Say(down.ListProgrammes(&context, {}, &none));
  }

  // Beyond the quota the server says in a RetryInfo when to come again; Call() waits for so long.
  void MeetTheQuota(const EngagementRequest& need) {
    struct Pending {
      grpc::ClientContext context;
      EngagementRequest answer;
      grpc::Status status;
      std::unique_ptr<grpc::ClientAsyncResponseReader<EngagementRequest>> reader;
    };
    for (int sent = 0; sent < kMostCalls; sent += 200) {
      grpc::CompletionQueue done;
      std::vector<Pending> calls(200);
      for (Pending& call : calls) {
        SetCaller(call.context);
        call.reader = needs_.AsyncGetEngagementRequest(&call.context, Get(need.name()), &done);
        call.reader->Finish(&call.answer, &call.status, &call);
      }
      void* tag = nullptr;
      bool ok = false;
      for (size_t i = 0; i < calls.size(); ++i) done.Next(&tag, &ok);
      const auto refused = std::find_if(calls.begin(), calls.end(),
                                        [](const Pending& call) { return !call.status.ok(); });
      if (refused == calls.end()) continue;
      Say(refused->status);
      Call(needs_, kGet, Get(need.name()));
      std::cout << "quota: waited as RetryInfo says, then answered\n";
      return;
    }
    std::cout << "quota: not reached\n";
  }

  static constexpr auto kGet = &NeedsService::Stub::GetEngagementRequest;

  const std::string run_ = NewId();
  NeedsService::Stub needs_;
  profiles::ProfilesService::Stub profiles_;
  matching::MatchingService::Stub matching_;
  events::EventsService::Stub events_;
  google::longrunning::Operations::Stub operations_;
};

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "integrator ADDRESS SERVICE_CONFIG\n";
    return 2;
  }
  try {
    Integrator(ChannelTo(argv[1], argv[2])).Round();
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
}
