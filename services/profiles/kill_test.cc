// A person's key is durable before the profile that is sealed with it, in a store of its own: here
// the server is killed (SIGKILL) again and again while it writes both. Every acknowledged mentor is
// there and readable, keys without a profile do no harm, and repeating a call never makes a second.
#include <csignal>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/child_process.h"
#include "base/status_matchers.h"
#include "base/temp_dir.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/profiles/identity/key_database.h"
#include "services/profiles/testing/builders.h"
#include "tandem/profiles/v1/profiles_service.grpc.pb.h"

namespace tandem::profiles {
namespace {

using Stub = v1::ProfilesService::Stub;

constexpr int kRounds = 12;
constexpr int kWriters = 8;
constexpr absl::string_view kListening = "listening on ";

class KillTest : public ::testing::Test {
 protected:
  void Start() {
    TANDEM_ASSERT_OK_AND_ASSIGN(
        server_,
        base::ChildProcess::Start({"services/profiles/profiles_server", "--address", "127.0.0.1:0",
                                   "--data", folder_.path(), "--log-level", "error"}));
    TANDEM_ASSERT_OK_AND_ASSIGN(const std::string line,
                                server_->WaitForLine(kListening, absl::Minutes(1)));
    const std::string address = line.substr(line.find(kListening.data()) + kListening.size());
    stub_ = v1::ProfilesService::NewStub(common::MakeChannel(address));
  }

  void Kill() {
    server_->Signal(SIGKILL);
    server_->Wait();
    server_.reset();
  }

  // OK only when the answer arrived.
  grpc::Status Create(const std::string& id, v1::Mentor* created) {
    v1::CreateMentorRequest request;
    *request.mutable_mentor() = ValidMentor(id, absl::StrCat("Person ", id));
    request.set_request_id(id);
    grpc::ClientContext context;
    common::PrepareCall("writer", tandem::common::v1::ROLE_STAFF, absl::Seconds(20), &context);
    return stub_->CreateMentor(&context, request, created);
  }

  // Writers create one mentor after the other until the server is gone. `acknowledged` gets the
  // names by external id, `unanswered` the ids whose outcome nobody knows.
  void WriteUntilKilled(int round, std::map<std::string, std::string>* acknowledged,
                        std::set<std::string>* unanswered) {
    absl::Mutex mutex;
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
      writers.emplace_back([&, writer] {
        for (int i = 0;; ++i) {
          const std::string id = absl::StrCat("m-", round, "-", writer, "-", i);
          v1::Mentor created;
          const bool ok = Create(id, &created).ok();
          absl::MutexLock lock(&mutex);
          if (!ok) {
            unanswered->insert(id);
            return;
          }
          (*acknowledged)[id] = created.name();
        }
      });
    }
    absl::SleepFor(absl::Milliseconds(60 + 23 * round));
    server_->Signal(SIGKILL);
    for (std::thread& writer : writers) writer.join();
    server_->Wait();
    server_.reset();
  }

  // Resource names of the mentors who have a key.
  std::set<std::string> Keys() {
    std::set<std::string> persons;
    auto keys = KeyDatabase::Open(folder_.Join("profiles/keys/db"));
    EXPECT_TRUE(keys.ok()) << keys.status();
    if (!keys.ok()) return persons;
    TANDEM_EXPECT_OK(
        (*keys)->Scan(KeyDatabase::Table::kKeys, [&](absl::string_view person, absl::string_view) {
          if (absl::StartsWith(person, "mentors/")) {
            persons.emplace(person);
          }
        }));
    return persons;
  }

  // All mentors by external id; a name that cannot be read would be an error of the call.
  std::map<std::string, std::string> List() {
    std::map<std::string, std::string> all;
    v1::ListMentorsRequest request;
    request.set_page_size(1000);
    do {
      grpc::ClientContext context;
      common::PrepareCall("reader", tandem::common::v1::ROLE_STAFF, absl::Seconds(20), &context);
      v1::ListMentorsResponse page;
      const grpc::Status status = stub_->ListMentors(&context, request, &page);
      EXPECT_TRUE(status.ok()) << status.error_message();
      if (!status.ok()) break;
      for (const v1::Mentor& mentor : page.mentors()) {
        EXPECT_EQ(mentor.identity().names(0).full_name(),
                  absl::StrCat("Person ", mentor.external_id()));
        EXPECT_TRUE(all.emplace(mentor.external_id(), mentor.name()).second)
            << mentor.external_id() << " stands twice";
      }
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return all;
  }

  const base::TempDir folder_;
  std::unique_ptr<base::ChildProcess> server_;
  std::unique_ptr<Stub> stub_;
};

TEST_F(KillTest, AKillBetweenKeyAndProfileLosesNothingAndLeavesNoPartOfAPerson) {
  std::map<std::string, std::string> acknowledged;
  std::set<std::string> unanswered;
  int orphans = 0;
  ASSERT_NO_FATAL_FAILURE(Start());
  for (int round = 0; round < kRounds; ++round) {
    WriteUntilKilled(round, &acknowledged, &unanswered);
    const std::set<std::string> keys = Keys();
    ASSERT_NO_FATAL_FAILURE(Start());
    const std::map<std::string, std::string> listed = List();

    for (const auto& [id, name] : acknowledged) {
      const auto found = listed.find(id);
      ASSERT_TRUE(found != listed.end()) << id << " was acknowledged and is gone";
      EXPECT_EQ(found->second, name);
    }
    for (const auto& [id, name] : listed) {
      EXPECT_EQ(keys.count(name), 1u) << id << " has no key";
      EXPECT_TRUE(acknowledged.count(id) + unanswered.count(id) == 1) << id << " nobody wrote";
    }
    orphans = static_cast<int>(keys.size() - listed.size());
  }

  // Repeating what got no answer makes each exactly once, whatever the kill left of it.
  for (const std::string& id : unanswered) {
    v1::Mentor created;
    const grpc::Status status = Create(id, &created);
    EXPECT_TRUE(status.ok()) << id << ": " << status.error_message();
    acknowledged[id] = created.name();
  }
  EXPECT_EQ(List(), acknowledged);
  EXPECT_GT(acknowledged.size(), static_cast<size_t>(kRounds * kWriters));
  // The kills did hit the gap: some keys have no profile (a dozen kills of eight writers).
  EXPECT_GT(orphans, 0) << "no kill came between a key and its profile";
  Kill();
}

}  // namespace
}  // namespace tandem::profiles
