#include "services/audit/events/events_service.h"

#include <memory>
#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/audit/audit_log.h"
#include "services/audit/entry_listing.h"
#include "services/common/errors.h"
#include "services/common/paging.h"

namespace tandem::audit {
namespace {

using common::CallContext;
using events::v1::Event;

constexpr int kEventsPerStep = 500;
// Entries that one look at the log reads at most, however few of them the caller may see.
constexpr int64_t kEntriesPerLook = 20'000;
constexpr int64_t kEntriesBetweenChecks = 1'000;

const std::vector<std::string>& FilterFields() {
  static const auto* const fields =
      new std::vector<std::string>{"resource", "store", "kind", "reason_code"};
  return *fields;
}

// A cursor belongs to its caller, whatever it filters by.
std::string BindingOf(const CallContext& call) {
  return absl::StrCat("event cursor 1\n", call.principal().actor);
}

Event EventOf(const common::v1::Change& change, const CallContext& call) {
  Event event;
  event.set_event_id(absl::StrCat(change.store(), "-", change.revision(), "-", change.position()));
  *event.mutable_time() = change.commit_time();
  event.set_resource(change.resource());
  event.set_kind(change.kind());
  event.set_store(change.store());
  event.set_revision(change.revision());
  event.set_reason_code(change.reason_code());
  if (change.actor() == call.principal().actor) event.set_own_request_id(change.request_id());
  return event;
}

}  // namespace

bool MayLearnOf(const CallContext& call, const common::v1::Change& change) {
  return change.store() != "access" || call.principal().role != common::v1::ROLE_PROGRAMME_SYSTEM;
}

std::string EventsService::CursorOf(const CallContext& call, int64_t after) const {
  return cursors_.Seal(BindingOf(call), absl::StrCat(after));
}

absl::StatusOr<EventsService::Question> EventsService::Understand(const CallContext& call,
                                                                  absl::string_view cursor,
                                                                  events::v1::EventStart start,
                                                                  const std::string& filter) const {
  Question question;
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, store_->Latest());
  TANDEM_ASSIGN_OR_RETURN(const int64_t last, LastSequence(*snapshot));
  TANDEM_ASSIGN_OR_RETURN(question.filter,
                          common::Filter::Parse(filter, *Event::descriptor(), FilterFields()));
  if (!cursor.empty()) {
    const std::optional<std::string> text = cursors_.Open(BindingOf(call), cursor);
    if (!text.has_value() || !absl::SimpleAtoi(*text, &question.after)) {
      return common::InvalidField("cursor",
                                  "is no cursor that this service gave to this caller: start "
                                  "without one, or with EVENT_START_NOW");
    }
    if (question.after <= last) return question;
    return common::RevisionNotKept(
        "the log ends before this cursor, so it was restored from an older backup: list the "
        "resources, then follow from EVENT_START_NOW");
  }
  if (start == events::v1::EVENT_START_NOW) {
    question.after = last;
  } else if (start != events::v1::EVENT_START_UNSPECIFIED) {
    return common::InvalidField("start", "is unknown; known are EVENT_START_NOW and none");
  }
  return question;
}

absl::StatusOr<EventsService::Found> EventsService::Find(const CallContext& call,
                                                         const Question& question,
                                                         int max_events) const {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<storage::Snapshot> snapshot, store_->Latest());
  Found found;
  found.after = question.after;
  found.seen = snapshot->revision();
  found.up_to_date = true;
  int64_t looked_at = 0;
  absl::Status failed;
  const auto visit = [&](const storage::Record& record) {
    found.up_to_date =
        static_cast<int>(found.events.size()) < max_events && looked_at < kEntriesPerLook;
    if (!found.up_to_date) return false;
    if (++looked_at % kEntriesBetweenChecks == 0) failed = call.CheckAlive();
    absl::StatusOr<v1::AuditEntry> entry = ParseEntry(record);
    if (failed.ok()) failed = entry.status();
    if (!failed.ok()) return false;
    found.after = entry->sequence();
    if (!visible_(call, entry->change())) return true;
    Event event = EventOf(entry->change(), call);
    if (question.filter.Matches(event)) found.events.push_back(std::move(event));
    return true;
  };
  TANDEM_RETURN_IF_ERROR(snapshot->Scan(EntryKey(question.after + 1), EntryKeysEnd(), visit));
  TANDEM_RETURN_IF_ERROR(failed);
  return found;
}

absl::StatusOr<events::v1::ListEventsResponse> EventsService::List(
    const CallContext& call, const events::v1::ListEventsRequest& request) const {
  TANDEM_ASSIGN_OR_RETURN(const int page_size, common::PageSizeOf(request.page_size()));
  TANDEM_ASSIGN_OR_RETURN(const Question question,
                          Understand(call, request.cursor(), request.start(), request.filter()));
  TANDEM_ASSIGN_OR_RETURN(Found found, Find(call, question, page_size));
  events::v1::ListEventsResponse response;
  for (Event& event : found.events) *response.add_events() = std::move(event);
  response.set_next_cursor(CursorOf(call, found.after));
  response.set_up_to_date(found.up_to_date);
  return response;
}

absl::Status EventsService::Watch(
    const CallContext& call, const events::v1::WatchEventsRequest& request,
    common::StreamWriter<events::v1::WatchEventsResponse>& writer) const {
  TANDEM_ASSIGN_OR_RETURN(Question question,
                          Understand(call, request.cursor(), request.start(), request.filter()));
  bool told = false;  // that the follower is up to date
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(Found found, Find(call, question, kEventsPerStep));
    const bool moved = found.after > question.after;
    question.after = found.after;
    if (moved || !told) {
      events::v1::WatchEventsResponse step;
      for (Event& event : found.events) *step.add_events() = std::move(event);
      step.set_cursor(CursorOf(call, found.after));
      step.set_up_to_date(found.up_to_date);
      if (!writer.Write(step)) return absl::CancelledError("the follower hung up");
      told = found.up_to_date;
    }
    if (!found.up_to_date) continue;
    TANDEM_RETURN_IF_ERROR(common::FromStorage(
        store_->WaitForCommit(found.seen, call.deadline(), call.cancellation())));
  }
}

void EventsService::Register(common::MethodRegistry& registry) {
  registry.AddUnary<events::v1::ListEventsRequest, events::v1::ListEventsResponse>(
      "tandem.events.v1.EventsService/ListEvents",
      [this](const CallContext& call, const events::v1::ListEventsRequest& request) {
        return List(call, request);
      });
  registry.AddServerStream<events::v1::WatchEventsRequest, events::v1::WatchEventsResponse>(
      "tandem.events.v1.EventsService/WatchEvents",
      [this](const CallContext& call, const events::v1::WatchEventsRequest& request,
             common::StreamWriter<events::v1::WatchEventsResponse>& writer) {
        return Watch(call, request, writer);
      });
}

}  // namespace tandem::audit
