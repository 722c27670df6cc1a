#include "tests/journey/interrupted_calls.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "services/common/client.h"
#include "services/common/status_conversion.h"
#include "tandem/audit/v1/audit_service.grpc.pb.h"

namespace tandem::journey {
namespace {

constexpr absl::Duration kGuard = absl::Minutes(1);

using Commits = std::map<std::string, std::set<std::pair<std::string, int64_t>>>;

// What a call whose server is gone ends with.
bool ServerIsGone(const absl::Status& status) {
  return status.code() == absl::StatusCode::kUnavailable;
}

bool IsRefusal(const absl::Status& status) {
  return status.code() == absl::StatusCode::kFailedPrecondition ||
         status.code() == absl::StatusCode::kAborted;
}

absl::StatusOr<Commits> ReadLog(const Channel& channel) {
  Commits commits;
  audit::v1::ListAuditEntriesRequest request;
  request.set_page_size(1000);
  do {
    grpc::ClientContext context;
    common::PrepareCall("auditor", common::v1::ROLE_AUDITOR, kGuard, &context);
    audit::v1::ListAuditEntriesResponse page;
    TANDEM_RETURN_IF_ERROR(common::FromGrpcStatus(
        audit::v1::AuditService::NewStub(channel)->ListAuditEntries(&context, request, &page)));
    for (const audit::v1::AuditEntry& entry : page.audit_entries()) {
      const common::v1::Change& change = entry.change();
      commits[change.request_id()].emplace(change.store(), change.revision());
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return commits;
}

// Waits as a call that meets a limit is told to: runs that a restart took up again count, too.
absl::StatusOr<std::string> CallWhenThereIsRoom(const Attempt& attempt, const Channel& channel) {
  const absl::Time give_up = absl::Now() + kGuard;
  absl::StatusOr<std::string> answer = attempt.call(channel);
  while (absl::IsResourceExhausted(answer.status()) && absl::Now() < give_up) {
    absl::SleepFor(absl::Milliseconds(50));
    answer = attempt.call(channel);
  }
  return answer;
}

}  // namespace

absl::StatusOr<std::vector<Attempt>> CallUntilKilled(const std::vector<Writer>& writers,
                                                     const Channel& channel, absl::Duration time,
                                                     const std::function<void()>& kill) {
  absl::Mutex mutex;
  std::vector<Attempt> attempts;
  absl::Status failure;
  std::atomic<bool> killing = false;
  std::vector<std::thread> threads;
  for (const Writer& writer : writers) {
    threads.emplace_back([&] {
      while (std::optional<Attempt> attempt = writer()) {
        absl::StatusOr<std::string> answer = CallWhenThereIsRoom(*attempt, channel);
        if (!answer.ok() && IsRefusal(answer.status())) continue;
        absl::MutexLock lock(&mutex);
        if (answer.ok()) attempt->answer = *std::move(answer);
        attempts.push_back(*std::move(attempt));
        if (answer.ok()) continue;
        if (!ServerIsGone(answer.status()) || !killing) {
          failure.Update(absl::InternalError(
              absl::StrCat(attempts.back().request_id, ": ", answer.status().ToString())));
        }
        return;
      }
    });
  }
  absl::SleepFor(time);
  killing = true;
  kill();
  for (std::thread& thread : threads) thread.join();
  TANDEM_RETURN_IF_ERROR(failure);
  return attempts;
}

absl::Status RepeatAll(std::vector<Attempt>* attempts, const Channel& channel) {
  for (Attempt& attempt : *attempts) {
    for (int time = 1; time <= 2; ++time) {
      absl::StatusOr<std::string> answer = CallWhenThereIsRoom(attempt, channel);
      if (!attempt.answer.has_value() && IsRefusal(answer.status())) {
        attempt.refused = true;
        break;
      }
      if (!answer.ok()) {
        return absl::Status(
            answer.status().code(),
            absl::StrCat(attempt.request_id, ", repeated: ", answer.status().message()));
      }
      if (!attempt.answer.has_value()) attempt.answer = *answer;
      if (*attempt.answer != *answer) {
        return absl::DataLossError(
            absl::StrCat(attempt.request_id, " was answered differently when it was repeated"));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Commits> CommitsByRequest(const Channel& channel,
                                         const std::set<std::string>& last) {
  const absl::Time give_up = absl::Now() + kGuard;
  while (absl::Now() < give_up) {
    TANDEM_ASSIGN_OR_RETURN(Commits commits, ReadLog(channel));
    if (std::all_of(last.begin(), last.end(),
                    [&commits](const std::string& id) { return commits.count(id) > 0; })) {
      return commits;
    }
    absl::SleepFor(absl::Milliseconds(100));
  }
  return absl::DeadlineExceededError("the audit log does not catch up");
}

}  // namespace tandem::journey
