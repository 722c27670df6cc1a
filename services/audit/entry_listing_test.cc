#include "services/audit/entry_listing.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/audit/audit_log.h"
#include "services/common/errors.h"
#include "services/common/paging.h"
#include "storage/cancellation.h"
#include "storage/open.h"

namespace tandem::audit {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A log of ten changes, at 100 s, 101 s, ... by ANNA and BEN in turn.
class EntryListingTest : public ::testing::Test {
 protected:
  void SetUp() override {
    TANDEM_ASSERT_OK_AND_ASSIGN(std::unique_ptr<storage::Store> store, storage::Open("memory:"));
    store_ = std::move(store);
    TANDEM_ASSERT_OK_AND_ASSIGN(log_, AuditLog::Open(store_, absl::Now));
    Add(1, 10);
  }

  void Add(int64_t first, int64_t last) {
    google::protobuf::RepeatedPtrField<common::v1::Change> changes;
    for (int64_t i = first; i <= last; ++i) {
      common::v1::Change* change = changes.Add();
      change->set_store("profiles");
      change->set_revision(i);
      change->set_actor(i % 2 == 0 ? "ANNA" : "BEN");
      change->set_resource(absl::StrCat(i <= 5 ? "mentors/" : "organisations/", i));
      change->set_kind(common::v1::CHANGE_KIND_CREATED);
      change->mutable_commit_time()->set_seconds(99 + i);
    }
    TANDEM_ASSERT_OK(log_->Enqueue("profiles", changes, last));
    while (log_->DurableRevision("profiles") < last) absl::SleepFor(absl::Milliseconds(1));
  }

  absl::StatusOr<v1::ListAuditEntriesResponse> List(const v1::ListAuditEntriesRequest& request) {
    common::Call call;
    call.method = "tandem.audit.v1.AuditService/ListAuditEntries";
    call.principal.actor = "unauthenticated: auditor";
    storage::Cancellation cancellation;
    const common::CallContext context(call, &cancellation);
    return ListEntries(*store_, tokens_, context, request);
  }

  std::vector<int64_t> Sequences(const v1::ListAuditEntriesRequest& request) {
    const auto response = List(request);
    EXPECT_TRUE(response.ok()) << response.status();
    std::vector<int64_t> sequences;
    if (!response.ok()) return sequences;
    for (const v1::AuditEntry& entry : response->audit_entries()) {
      sequences.push_back(entry.sequence());
    }
    return sequences;
  }

  std::shared_ptr<storage::Store> store_;
  const common::PageTokens tokens_{std::string(32, 'k'), absl::Now};
  std::unique_ptr<AuditLog> log_;
};

TEST_F(EntryListingTest, FiltersByActorResourceAndKind) {
  v1::ListAuditEntriesRequest request;
  request.set_filter("actor = \"ANNA\" AND resource : \"mentors/\"");
  EXPECT_THAT(Sequences(request), ElementsAre(2, 4));

  request.set_filter("kind = \"ERASED\"");
  EXPECT_THAT(Sequences(request), IsEmpty());
}

TEST_F(EntryListingTest, TheTimeRangeHoldsItsStartAndNotItsEnd) {
  v1::ListAuditEntriesRequest request;
  request.mutable_start_time()->set_seconds(102);
  request.mutable_end_time()->set_seconds(105);
  EXPECT_THAT(Sequences(request), ElementsAre(3, 4, 5));
}

TEST_F(EntryListingTest, PagesGiveEachEntryOnceWhileOthersAreWritten) {
  v1::ListAuditEntriesRequest request;
  request.set_page_size(4);
  std::vector<int64_t> seen;
  for (int page = 0; page < 10; ++page) {
    TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ListAuditEntriesResponse response, List(request));
    for (const v1::AuditEntry& entry : response.audit_entries()) seen.push_back(entry.sequence());
    if (response.next_page_token().empty()) break;
    request.set_page_token(response.next_page_token());
    Add(11 + page, 11 + page);
  }
  EXPECT_THAT(seen, ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST_F(EntryListingTest, ATokenOfAnotherFilterIsRefused) {
  v1::ListAuditEntriesRequest request;
  request.set_page_size(4);
  TANDEM_ASSERT_OK_AND_ASSIGN(const v1::ListAuditEntriesResponse response, List(request));
  request.set_page_token(response.next_page_token());
  request.set_filter("actor = \"BEN\"");

  EXPECT_THAT(List(request).status(), base::StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(EntryListingTest, AnUnknownFieldAndAnEmptyTimeRangeAreRefusedByName) {
  v1::ListAuditEntriesRequest request;
  request.set_filter("after_digest = \"x\"");
  EXPECT_EQ(common::FieldViolationsOf(List(request).status()).at(0).field, "filter");

  request.clear_filter();
  request.mutable_start_time()->set_seconds(5);
  request.mutable_end_time()->set_seconds(4);
  const auto violations = common::FieldViolationsOf(List(request).status());
  EXPECT_EQ(violations.at(0).field, "end_time");
  EXPECT_EQ(violations.at(0).description, "must not be before start_time");
}

}  // namespace
}  // namespace tandem::audit
