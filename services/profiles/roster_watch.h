// Streams the roster to followers that keep an index of it: first everything there is, in batches,
// then every change, resumable by revision.
//
// Followers load 100,000 mentors this way whenever they start, so the stored bytes are sent as they
// are, without being parsed: a stored record is a pseudonymous resource already (mentor_hooks.h).
//
// Thread-safe.
#ifndef SERVICES_PROFILES_ROSTER_WATCH_H_
#define SERVICES_PROFILES_ROSTER_WATCH_H_

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "services/common/call_context.h"
#include "services/common/stream_writer.h"
#include "storage/store.h"

namespace tandem::profiles {

// What is followed: one kind of resource.
struct WatchedKind {
  std::string prefix;           // of the keys and names: "mentors/"
  int revision_field = 0;       // number of `int64 revision` in the resource
  int records_per_step = 1000;  // of the snapshot
};

// Sends steps made like `prototype`, a message with the resources in field 1, `int64 revision` = 2
// and `bool snapshot_complete` = 3, until the call ends: then CANCELLED or DEADLINE_EXCEEDED, and
// OK when `send` returns false. OUT_OF_RANGE when `after` is not kept or lies in the future; the
// errors of the store.
absl::Status WatchRoster(const storage::Store& store, const WatchedKind& kind,
                         storage::Revision after, const common::CallContext& call,
                         const google::protobuf::Message& prototype,
                         absl::FunctionRef<bool(const google::protobuf::Message&)> send);

// The same for a typed stream.
template <typename Response>
absl::Status WatchRoster(const storage::Store& store, const WatchedKind& kind,
                         storage::Revision after, const common::CallContext& call,
                         common::StreamWriter<Response>& writer) {
  return WatchRoster(store, kind, after, call, Response::default_instance(),
                     [&writer](const google::protobuf::Message& step) {
                       return writer.Write(static_cast<const Response&>(step));
                     });
}

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_ROSTER_WATCH_H_
