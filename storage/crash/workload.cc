#include "storage/crash/workload.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"

namespace tandem::storage {
namespace {

using State = std::map<std::string, std::string>;

constexpr int kKeysPerWriter = 4;
constexpr Revision kCheckedStates = 8;  // besides the newest

std::string WriterKey(int64_t writer, int index) {
  return absl::StrCat("writer ", writer, "/", index);
}

std::string RequestId(int64_t writer, int64_t number) {
  return absl::StrCat("writer ", writer, "/request ", number);
}

bool KeepsAnswer(int64_t number) { return number % 3 == 0; }

// What a feed entry of CrashCommit() says.
struct Said {
  int64_t writer = 0;
  int64_t number = 0;
};

std::string EntryOf(int64_t writer, int64_t number) { return absl::StrCat(writer, " ", number); }

absl::StatusOr<Said> Parse(const FeedRecord& record) {
  Said said;
  const std::vector<std::string> words = record.entries.size() == 1
                                             ? absl::StrSplit(record.entries[0], ' ')
                                             : std::vector<std::string>();
  if (words.size() != 2 || !absl::SimpleAtoi(words[0], &said.writer) ||
      !absl::SimpleAtoi(words[1], &said.number)) {
    return absl::DataLossError(absl::StrCat("revision ", record.revision, " has a strange entry"));
  }
  return said;
}

absl::StatusOr<std::vector<FeedRecord>> WholeFeed(const Store& store) {
  std::vector<FeedRecord> feed;
  for (Revision after = 0;;) {
    TANDEM_ASSIGN_OR_RETURN(FeedBatch batch, store.ReadFeed(after, 1000, 1 << 20));
    if (batch.commits.empty()) break;
    for (FeedRecord& record : batch.commits) {
      if (record.revision != ++after) {
        return absl::DataLossError(absl::StrCat("the feed has a gap before ", record.revision));
      }
      feed.push_back(std::move(record));
    }
  }
  if (static_cast<Revision>(feed.size()) != store.Revisions().head) {
    return absl::DataLossError("the feed does not end at the newest revision");
  }
  return feed;
}

absl::Status CheckState(const Store& store, Revision revision, const State& expected) {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<Snapshot> snapshot, store.At(revision));
  State actual;
  TANDEM_RETURN_IF_ERROR(snapshot->Scan("", "", [&](const Record& record) {
    actual[record.key] = record.value;
    return true;
  }));
  if (actual == expected) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      "the state at revision ", revision,
      " is not what the feed says: ", absl::StrJoin(actual, ",", absl::PairFormatter("=")),
      " instead of ", absl::StrJoin(expected, ",", absl::PairFormatter("="))));
}

absl::Status CheckAnswer(const Store& store, const Said& said, Revision revision) {
  if (!KeepsAnswer(said.number)) return absl::OkStatus();
  TANDEM_ASSIGN_OR_RETURN(const std::optional<KeptAnswer> answer,
                          store.FindAnswer(RequestId(said.writer, said.number)));
  if (answer.has_value() && answer->revision == revision) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("the answer of revision ", revision, " is missing"));
}

absl::Status CheckAcknowledged(const std::vector<FeedRecord>& feed,
                               const std::vector<Acknowledged>& acknowledged) {
  for (const Acknowledged& one : acknowledged) {
    const size_t index = static_cast<size_t>(one.revision - 1);
    if (index >= feed.size() ||
        feed[index].entries != std::vector<std::string>{EntryOf(one.writer, one.number)}) {
      return absl::DataLossError(absl::StrCat("commit ", one.number, " of writer ", one.writer,
                                              " was acknowledged at revision ", one.revision,
                                              " but is not there (", feed.size(), " are)"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

Commit CrashCommit(int64_t writer, int64_t number) {
  Commit commit;
  for (int i = 0; i < kKeysPerWriter; ++i) {
    commit.mutations.push_back({WriterKey(writer, i), absl::StrCat(number)});
  }
  commit.feed_entries = {EntryOf(writer, number)};
  if (KeepsAnswer(number)) {
    KeptAnswer answer;
    answer.request_id = RequestId(writer, number);
    answer.answer = std::string(100, 'a');
    answer.expires_at = absl::UnixEpoch();
    commit.answer = answer;
  }
  return commit;
}

absl::StatusOr<int64_t> NewestNumber(const Store& store, int64_t writer) {
  TANDEM_ASSIGN_OR_RETURN(const std::unique_ptr<Snapshot> snapshot, store.Latest());
  TANDEM_ASSIGN_OR_RETURN(const std::optional<Record> record, snapshot->Get(WriterKey(writer, 0)));
  int64_t number = 0;
  if (record.has_value() && !absl::SimpleAtoi(record->value, &number)) {
    return absl::DataLossError("a writer's key holds no number");
  }
  return number;
}

absl::Status Verify(const Store& store, const std::vector<Acknowledged>& acknowledged) {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<FeedRecord> feed, WholeFeed(store));
  TANDEM_RETURN_IF_ERROR(CheckAcknowledged(feed, acknowledged));
  const Revision check_every = 1 + static_cast<Revision>(feed.size()) / kCheckedStates;
  State state;
  std::map<int64_t, int64_t> numbers;  // by writer
  for (const FeedRecord& record : feed) {
    TANDEM_ASSIGN_OR_RETURN(const Said said, Parse(record));
    if (said.number != ++numbers[said.writer]) {
      return absl::DataLossError(absl::StrCat("revision ", record.revision, " is number ",
                                              said.number, " of writer ", said.writer,
                                              " instead of ", numbers[said.writer]));
    }
    for (int i = 0; i < kKeysPerWriter; ++i) {
      state[WriterKey(said.writer, i)] = absl::StrCat(said.number);
    }
    TANDEM_RETURN_IF_ERROR(CheckAnswer(store, said, record.revision));
    if (record.revision % check_every == 0) {
      TANDEM_RETURN_IF_ERROR(CheckState(store, record.revision, state));
    }
  }
  return CheckState(store, store.Revisions().head, state);
}

}  // namespace tandem::storage
