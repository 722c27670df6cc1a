// tandem.events.v1.EventsService: what changed in all services, for those who follow.
//
// The audit log has every change of every store already, once and in one dense sequence, and its
// place in each feed is in the same commit. So an event is an entry of that log as its readers may
// see it, and a cursor is a place in its sequence: gap-free across restarts without keeping
// anything for anybody.
//
// Thread-safe. The store outlives it.
#ifndef SERVICES_AUDIT_EVENTS_EVENTS_SERVICE_H_
#define SERVICES_AUDIT_EVENTS_EVENTS_SERVICE_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/common/call_context.h"
#include "services/common/filter.h"
#include "services/common/method_registry.h"
#include "services/common/stream_writer.h"
#include "services/common/token_sealer.h"
#include "storage/store.h"
#include "tandem/common/v1/change.pb.h"
#include "tandem/events/v1/events_service.pb.h"

namespace tandem::audit {

// Whether a caller may see that a change happened.
using EventVisibility =
    std::function<bool(const common::CallContext& call, const common::v1::Change& change)>;

// All changes, but for those of credentials, of which the programme system may read nothing.
bool MayLearnOf(const common::CallContext& call, const common::v1::Change& change);

class EventsService {
 public:
  // `store` is the audit log's; `cursors` seals with a key of that store.
  EventsService(const storage::Store* store, common::TokenSealer cursors, EventVisibility visible)
      : store_(store), cursors_(std::move(cursors)), visible_(std::move(visible)) {}

  void Register(common::MethodRegistry& registry);

  absl::StatusOr<events::v1::ListEventsResponse> List(
      const common::CallContext& call, const events::v1::ListEventsRequest& request) const;

  // Until the call ends.
  absl::Status Watch(const common::CallContext& call, const events::v1::WatchEventsRequest& request,
                     common::StreamWriter<events::v1::WatchEventsResponse>& writer) const;

 private:
  // What a caller asks for, understood.
  struct Question {
    int64_t after = 0;  // sequence of the audit log
    common::Filter filter;
  };
  // What was found.
  struct Found {
    std::vector<events::v1::Event> events;
    int64_t after = 0;           // everything up to here was looked at
    bool up_to_date = false;     // and there was nothing behind
    storage::Revision seen = 0;  // of the log's store when it was looked at
  };

  absl::StatusOr<Question> Understand(const common::CallContext& call, absl::string_view cursor,
                                      events::v1::EventStart start,
                                      const std::string& filter) const;
  absl::StatusOr<Found> Find(const common::CallContext& call, const Question& question,
                             int max_events) const;
  std::string CursorOf(const common::CallContext& call, int64_t after) const;

  const storage::Store* const store_;
  const common::TokenSealer cursors_;
  const EventVisibility visible_;
};

}  // namespace tandem::audit

#endif  // SERVICES_AUDIT_EVENTS_EVENTS_SERVICE_H_
