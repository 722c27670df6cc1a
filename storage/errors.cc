#include "storage/errors.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "storage/codec.h"

namespace tandem::storage {
namespace {

constexpr char kConflictUrl[] = "tandem.storage/Conflict";
constexpr char kKeptAnswerUrl[] = "tandem.storage/KeptAnswer";

std::string Quoted(absl::string_view key) {
  constexpr size_t kShown = 200;
  std::string shown = absl::CHexEscape(key.substr(0, kShown));
  return absl::StrCat("\"", shown, key.size() > kShown ? "...\"" : "\"");
}

absl::Status ValidateKey(absl::string_view what, absl::string_view key) {
  if (key.empty()) return absl::InvalidArgumentError(absl::StrCat(what, " is empty"));
  if (key.size() > kMaxKeyBytes) {
    return absl::InvalidArgumentError(absl::StrCat(what, " ", Quoted(key), " has ", key.size(),
                                                   " bytes; the limit is ", kMaxKeyBytes));
  }
  return absl::OkStatus();
}

absl::Status ValidateKeys(const Commit& commit) {
  for (const Expectation& expectation : commit.expectations) {
    absl::Status status = ValidateKey("the key of an expectation", expectation.key);
    if (!status.ok()) return status;
    if (expectation.revision < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("the expectation of key ", Quoted(expectation.key),
                       " has the negative revision ", expectation.revision));
    }
  }
  std::set<absl::string_view> written;
  for (const Mutation& mutation : commit.mutations) {
    absl::Status status = ValidateKey("the key of a mutation", mutation.key);
    if (!status.ok()) return status;
    if (!written.insert(mutation.key).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("a commit writes key ", Quoted(mutation.key), " twice; write it once"));
    }
  }
  if (!commit.answer.has_value()) return absl::OkStatus();
  return ValidateKey("the request_id of the kept answer", commit.answer->request_id);
}

}  // namespace

absl::Status ConflictError(const Conflict& conflict) {
  absl::Status status = absl::AbortedError(absl::StrCat(
      "key ", Quoted(conflict.key), " was expected ",
      conflict.expected == 0 ? std::string("to be absent")
                             : absl::StrCat("at revision ", conflict.expected),
      " but is ",
      conflict.actual == 0 ? std::string("absent") : absl::StrCat("at revision ", conflict.actual),
      "; read it again and retry"));
  std::string payload;
  AppendSized(conflict.key, &payload);
  AppendFixed64(static_cast<uint64_t>(conflict.expected), &payload);
  AppendFixed64(static_cast<uint64_t>(conflict.actual), &payload);
  status.SetPayload(kConflictUrl, absl::Cord(payload));
  return status;
}

std::optional<Conflict> ConflictOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kConflictUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::string bytes(*payload);
  Decoder decoder(bytes);
  Conflict conflict;
  uint64_t expected = 0;
  uint64_t actual = 0;
  if (!decoder.ReadSized(&conflict.key) || !decoder.ReadFixed64(&expected) ||
      !decoder.ReadFixed64(&actual)) {
    return std::nullopt;
  }
  conflict.expected = static_cast<Revision>(expected);
  conflict.actual = static_cast<Revision>(actual);
  return conflict;
}

absl::Status AnswerKeptError(const KeptAnswer& answer) {
  absl::Status status = absl::AlreadyExistsError(
      absl::StrCat("request ", Quoted(answer.request_id), " was answered at revision ",
                   answer.revision, "; use the answer that was kept"));
  std::string payload;
  AppendSized(answer.request_id, &payload);
  AppendSized(answer.request_digest, &payload);
  AppendSized(answer.answer, &payload);
  AppendFixed64(static_cast<uint64_t>(absl::ToUnixMicros(answer.expires_at)), &payload);
  AppendFixed64(static_cast<uint64_t>(answer.revision), &payload);
  status.SetPayload(kKeptAnswerUrl, absl::Cord(payload));
  return status;
}

std::optional<KeptAnswer> KeptAnswerOf(const absl::Status& status) {
  const absl::optional<absl::Cord> payload = status.GetPayload(kKeptAnswerUrl);
  if (!payload.has_value()) return std::nullopt;
  const std::string bytes(*payload);
  Decoder decoder(bytes);
  KeptAnswer answer;
  uint64_t expires_micros = 0;
  uint64_t revision = 0;
  if (!decoder.ReadSized(&answer.request_id) || !decoder.ReadSized(&answer.request_digest) ||
      !decoder.ReadSized(&answer.answer) || !decoder.ReadFixed64(&expires_micros) ||
      !decoder.ReadFixed64(&revision)) {
    return std::nullopt;
  }
  answer.expires_at = absl::FromUnixMicros(static_cast<int64_t>(expires_micros));
  answer.revision = static_cast<Revision>(revision);
  return answer;
}

absl::Status RevisionOutOfRangeError(Revision revision, const RevisionRange& range) {
  if (revision > range.head) {
    return absl::OutOfRangeError(absl::StrCat("revision ", revision,
                                              " does not exist yet: the newest is ", range.head,
                                              "; wait for it, or read the newest"));
  }
  return absl::OutOfRangeError(absl::StrCat("revision ", revision, " was trimmed: revisions from ",
                                            range.oldest, " to ", range.head,
                                            " and pinned ones can be read; read a newer one"));
}

absl::Status FeedOutOfRangeError(Revision after, const RevisionRange& range) {
  if (after > range.head) {
    return absl::OutOfRangeError(
        absl::StrCat("the feed cannot be read after revision ", after, ": the newest is ",
                     range.head, "; if this store was restored, list again, then follow"));
  }
  return absl::OutOfRangeError(
      absl::StrCat("the feed after revision ", after, " was trimmed: it is kept after revision ",
                   range.oldest, "; list the newest state, then follow from its revision"));
}

absl::Status ClosedError() {
  return absl::UnavailableError("the store is closed: nothing was written; open it again");
}

absl::Status ValidateCommit(const Commit& commit) {
  if (commit.mutations.empty() && commit.feed_entries.empty() && !commit.answer.has_value()) {
    return absl::InvalidArgumentError(
        "a commit without mutations, feed entries and answer changes nothing; do not send it");
  }
  const size_t size = SizeOf(commit);
  if (size > kMaxCommitBytes) {
    return absl::InvalidArgumentError(absl::StrCat("a commit of ", size, " bytes exceeds ",
                                                   kMaxCommitBytes, "; split it into several"));
  }
  return ValidateKeys(commit);
}

size_t SizeOf(const Commit& commit) {
  size_t size = 0;
  for (const Expectation& expectation : commit.expectations) size += expectation.key.size();
  for (const Mutation& mutation : commit.mutations) {
    size += mutation.key.size();
    if (mutation.value.has_value()) size += mutation.value->size();
  }
  for (const std::string& entry : commit.feed_entries) size += entry.size();
  if (commit.answer.has_value()) {
    size += commit.answer->request_id.size() + commit.answer->request_digest.size() +
            commit.answer->answer.size();
  }
  return size;
}

}  // namespace tandem::storage
