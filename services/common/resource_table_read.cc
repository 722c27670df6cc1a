// Reads of resource_table_core.h.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/common/resource_table_core.h"
#include "services/common/validation.h"

namespace tandem::common {
namespace {

constexpr size_t kMaxNameBytes = 200;
// How often a long scan asks whether its caller still waits.
constexpr int kRecordsPerCheck = 1024;
// Of the history of a resource.
constexpr int kVersionsPerRead = 16;

// The smallest key after `key`.
std::string After(std::string key) {
  key.push_back('\0');
  return key;
}

// The first page starts at the newest revision, later ones at that of the first.
absl::StatusOr<PagePosition> PositionOf(const PageTokens& tokens, const CallContext& call,
                                        absl::string_view listing, const ListQuery& query) {
  if (query.page_token.empty()) return PagePosition();
  return tokens.Parse(call, listing, query.page_token);
}

absl::Status CannotBeRead(absl::string_view name) {
  return MakeError(absl::StatusCode::kDataLoss, "STORE_DAMAGED",
                   absl::StrCat("the record of ", name, " cannot be read: restore a backup"));
}

absl::Status ExplainTrimmed(const absl::Status& status, const ListQuery& query) {
  if (status.code() != absl::StatusCode::kOutOfRange || query.page_token.empty()) return status;
  return RevisionNotKept("the state that this listing shows is no longer kept: start it again");
}

}  // namespace

bool ResourceTableCore::IsName(absl::string_view name) const {
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return absl::ascii_isalnum(c) || c == '-' || c == '_' || c == '.' || c == '/';
  });
  return plain && name.size() <= kMaxNameBytes && name.size() > prefix_.size() &&
         absl::StartsWith(name, prefix_);
}

std::string ResourceTableCore::NameForm() const {
  return absl::StrCat("must be of the form \"", prefix_, "ID\"");
}

FieldViolations ResourceTableCore::CheckName(absl::string_view name) const {
  FieldViolations violations;
  if (!IsName(name)) violations.Add("name", NameForm());
  return violations;
}

absl::StatusOr<ResourceTableCore::MessagePtr> ResourceTableCore::Get(
    absl::string_view name, storage::Revision revision) const {
  TANDEM_RETURN_IF_ERROR(CheckName(name).ToStatus());
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, resources_->SnapshotAt(revision));
  return Read(*snapshot, name);
}

FieldViolations ResourceTableCore::CheckNames(
    const google::protobuf::RepeatedPtrField<std::string>& names) const {
  FieldViolations violations;
  if (names.empty() || names.size() > kMaxBatch) {
    violations.Add("names", absl::StrCat("must have 1 to ", kMaxBatch, " entries"));
    return violations;
  }
  std::set<std::string> seen;
  for (int i = 0; i < names.size(); ++i) {
    const std::string path = IndexPath("names", i);
    if (!IsName(names[i])) violations.Add(path, NameForm());
    CheckUnique(names[i], path, &seen, &violations);
  }
  return violations;
}

absl::StatusOr<MessagePage> ResourceTableCore::BatchGet(
    const google::protobuf::RepeatedPtrField<std::string>& names,
    storage::Revision revision) const {
  TANDEM_RETURN_IF_ERROR(CheckNames(names).ToStatus());
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, resources_->SnapshotAt(revision));
  MessagePage page;
  page.revision = snapshot->revision();
  size_t bytes = 0;
  for (const std::string& name : names) {
    TANDEM_ASSIGN_OR_RETURN(MessagePtr resource, Read(*snapshot, name));
    bytes += resource->ByteSizeLong();
    if (!page.resources.empty() && bytes > static_cast<size_t>(kMaxPageBytes)) {
      return MakeError(absl::StatusCode::kResourceExhausted, "ANSWER_TOO_LARGE",
                       absl::StrCat("the first ", page.resources.size(), " of the ", names.size(),
                                    " ", spec_.plural, " fill an answer: ask for fewer at a time"));
    }
    page.resources.push_back(std::move(resource));
  }
  return page;
}

absl::StatusOr<Owners> ResourceTableCore::OwnersOf(absl::string_view name) const {
  TANDEM_RETURN_IF_ERROR(CheckName(name).ToStatus());
  TANDEM_ASSIGN_OR_RETURN(const auto snapshot, resources_->SnapshotAt(0));
  auto record = snapshot->Get(name);
  if (!record.ok()) return FromStorage(record.status());
  if (!record->has_value()) return NotFound(name);
  // Without what Split took out: owners are no personal data.
  std::optional<Owners> owners = fields_.OwnersIn(name, (*record)->value);
  if (!owners.has_value()) return CannotBeRead(name);
  return *std::move(owners);
}

absl::StatusOr<ResourceTableCore::MessagePtr> ResourceTableCore::Read(
    const storage::Snapshot& snapshot, absl::string_view name) const {
  TANDEM_RETURN_IF_ERROR(CheckName(name).ToStatus());
  auto record = snapshot.Get(name);
  if (!record.ok()) return FromStorage(record.status());
  if (!record->has_value()) return NotFound(name);
  TANDEM_ASSIGN_OR_RETURN(MessagePtr resource, Decode(name, (*record)->value, (*record)->revision));
  TANDEM_RETURN_IF_ERROR(hooks_->Complete(snapshot, resource.get()));
  return resource;
}

absl::StatusOr<bool> ResourceTableCore::Exists(const storage::Snapshot& snapshot,
                                               absl::string_view name) const {
  if (!CheckName(name).empty()) return false;
  auto record = snapshot.Get(name);
  if (!record.ok()) return FromStorage(record.status());
  return record->has_value();
}

absl::StatusOr<ResourceTableCore::MessagePtr> ResourceTableCore::Decode(
    absl::string_view name, absl::string_view bytes, storage::Revision revision) const {
  MessagePtr resource = fields_.New();
  if (!resource->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return CannotBeRead(name);
  }
  fields_.SetName(name, resource.get());
  fields_.SetRevision(revision, resource.get());
  return resource;
}

std::string ResourceTableCore::ExternalIdIndexKey(absl::string_view external_id) const {
  return absl::StrCat("ext/", prefix_, hooks_->ExternalIdKey(external_id));
}

absl::StatusOr<std::optional<std::string>> ResourceTableCore::FindByExternalId(
    const storage::Snapshot& snapshot, absl::string_view external_id) const {
  if (external_id.empty()) return std::optional<std::string>();
  auto record = snapshot.Get(ExternalIdIndexKey(external_id));
  if (!record.ok()) return FromStorage(record.status());
  if (!record->has_value()) return std::optional<std::string>();
  return std::optional<std::string>(std::move((*record)->value));
}

absl::StatusOr<ResourceTableCore::NameRule> ResourceTableCore::NameRuleOf(
    const storage::Snapshot& snapshot, Filter* filter) const {
  // The index answers these, since records need not hold their external id.
  NameRule names;
  for (const FilterCondition& condition : filter->TakeConditionsOn("external_id")) {
    if (condition.op == FilterCondition::Op::kPrefix) {
      return InvalidField("filter", "external_id can be compared with = and != only");
    }
    TANDEM_ASSIGN_OR_RETURN(const auto name, FindByExternalId(snapshot, condition.value));
    if (condition.op == FilterCondition::Op::kNotEqual) {
      if (name.has_value()) names.excluded.insert(*name);
    } else {
      const bool possible = name.has_value() && names.only.value_or(*name) == *name;
      names.only = possible ? *name : "";
    }
  }
  return names;
}

absl::StatusOr<MessagePage> ResourceTableCore::List(const CallContext& call,
                                                    const ListQuery& query) const {
  TANDEM_ASSIGN_OR_RETURN(
      Filter filter,
      Filter::Parse(query.filter, *fields_.New()->GetDescriptor(), spec_.filter_fields));
  TANDEM_ASSIGN_OR_RETURN(const int page_size, PageSizeOf(query.page_size));
  TANDEM_ASSIGN_OR_RETURN(const PagePosition position,
                          PositionOf(resources_->page_tokens(), call, query.filter, query));
  auto snapshot = resources_->SnapshotAt(position.revision);
  if (!snapshot.ok()) return ExplainTrimmed(snapshot.status(), query);
  TANDEM_ASSIGN_OR_RETURN(const NameRule names, NameRuleOf(**snapshot, &filter));
  if (names.only.has_value()) return FindOne(call, **snapshot, names, filter);

  bool more = false;
  MessagePage page;
  page.revision = (*snapshot)->revision();
  TANDEM_ASSIGN_OR_RETURN(
      page.resources, ScanPage(call, **snapshot, filter, names, position.after, page_size, &more));
  TANDEM_ASSIGN_OR_RETURN(const size_t whole, CompletePage(**snapshot, page.resources));
  more = more || whole < page.resources.size();
  page.resources.resize(whole);
  if (more) {
    page.next_page_token = resources_->page_tokens().Make(
        call, query.filter, {page.revision, fields_.Name(*page.resources.back())});
  }
  return page;
}

absl::StatusOr<size_t> ResourceTableCore::CompletePage(const storage::Snapshot& snapshot,
                                                       const MessageList& resources) const {
  size_t bytes = 0;
  for (size_t i = 0; i < resources.size(); ++i) {
    TANDEM_RETURN_IF_ERROR(hooks_->Complete(snapshot, resources[i].get()));
    bytes += resources[i]->ByteSizeLong();
    if (i > 0 && bytes > static_cast<size_t>(kMaxPageBytes)) return i;
  }
  return resources.size();
}

absl::StatusOr<MessagePage> ResourceTableCore::FindOne(const CallContext& call,
                                                       const storage::Snapshot& snapshot,
                                                       const NameRule& names,
                                                       const Filter& filter) const {
  MessagePage page;
  page.revision = snapshot.revision();
  if (names.only->empty() || names.excluded.count(*names.only) > 0) return page;
  TANDEM_ASSIGN_OR_RETURN(MessagePtr resource, Read(snapshot, *names.only));
  const bool visible =
      call.scope().everything() || call.scope().Admits(fields_.OwnersOf(*resource));
  if (visible && filter.Matches(*resource)) page.resources.push_back(std::move(resource));
  return page;
}

absl::StatusOr<MessageList> ResourceTableCore::ScanPage(const CallContext& call,
                                                        const storage::Snapshot& snapshot,
                                                        const Filter& filter, const NameRule& names,
                                                        const std::string& after, int page_size,
                                                        bool* more) const {
  MessageList found;
  *more = false;  // also when there is no record at all
  int64_t bytes = 0;
  int visited = 0;
  absl::Status failed;
  const auto visit = [&](const storage::Record& record) {
    if (++visited % kRecordsPerCheck == 0) failed = call.CheckAlive();
    *more = static_cast<int>(found.size()) == page_size || bytes >= kMaxPageBytes;
    if (*more || !failed.ok()) return false;
    auto resource = Decode(record.key, record.value, record.revision);
    if (!resource.ok()) {
      failed = resource.status();
      return false;
    }
    if (!call.scope().everything() && !call.scope().Admits(fields_.OwnersOf(**resource))) {
      return true;
    }
    if (!filter.Matches(**resource) || names.excluded.count(record.key) > 0) return true;
    bytes += static_cast<int64_t>(record.value.size());
    found.push_back(*std::move(resource));
    return true;
  };
  TANDEM_RETURN_IF_ERROR(FromStorage(
      snapshot.Scan(after.empty() ? prefix_ : After(after), storage::EndOfPrefix(prefix_), visit)));
  TANDEM_RETURN_IF_ERROR(failed);
  return found;
}

absl::StatusOr<MessagePage> ResourceTableCore::ListRevisions(const CallContext& call,
                                                             absl::string_view name,
                                                             const ListQuery& query) const {
  TANDEM_RETURN_IF_ERROR(CheckName(name).ToStatus());
  TANDEM_ASSIGN_OR_RETURN(const int page_size, PageSizeOf(query.page_size));
  TANDEM_ASSIGN_OR_RETURN(const PagePosition position,
                          PositionOf(resources_->page_tokens(), call, name, query));
  auto snapshot = resources_->SnapshotAt(position.revision);
  if (!snapshot.ok()) return ExplainTrimmed(snapshot.status(), query);

  MessagePage page;
  page.revision = (*snapshot)->revision();
  storage::Revision newest = page.revision;
  if (!position.after.empty() && !absl::SimpleAtoi(position.after, &newest)) {
    return InvalidField("page_token", "is damaged; start again without one");
  }
  const auto read = [&](const storage::Version& version) -> absl::StatusOr<MessagePtr> {
    TANDEM_ASSIGN_OR_RETURN(MessagePtr state, Decode(name, *version.value, version.revision));
    // The oldest state kept may be of a revision that itself is no longer readable.
    const storage::Revision readable =
        std::max(version.revision, resources_->store().Revisions().oldest);
    TANDEM_ASSIGN_OR_RETURN(const auto then, resources_->SnapshotAt(readable));
    TANDEM_RETURN_IF_ERROR(hooks_->Complete(*then, state.get()));
    return state;
  };
  // One state may take a good part of a page, so few are read at a time.
  for (int64_t bytes = 0; true;) {
    TANDEM_RETURN_IF_ERROR(call.CheckAlive());
    auto versions = (*snapshot)->History(name, newest, kVersionsPerRead);
    if (!versions.ok()) return FromStorage(versions.status());
    if (versions->empty()) break;
    for (const storage::Version& version : *versions) {
      newest = version.revision - 1;
      if (!version.value.has_value()) continue;
      TANDEM_ASSIGN_OR_RETURN(MessagePtr state, read(version));
      bytes += static_cast<int64_t>(state->ByteSizeLong());
      const bool full = static_cast<int>(page.resources.size()) == page_size ||
                        (!page.resources.empty() && bytes > kMaxPageBytes);
      if (full) {
        page.next_page_token = resources_->page_tokens().Make(
            call, name, {page.revision, absl::StrCat(version.revision)});
        return page;
      }
      page.resources.push_back(std::move(state));
    }
  }
  if (page.resources.empty() && query.page_token.empty()) return NotFound(name);
  return page;
}

}  // namespace tandem::common
