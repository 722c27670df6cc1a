// 100,000 random calls, decided by the server's own rule on the server's own stores, against a
// model that knows only permissions.csv and who was made the owner of what. Run it again with other
// cases:
//   bazel test //tests/access:random_access_test --test_env=TANDEM_SEED=7
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_matchers.h"
#include "gtest/gtest.h"
#include "services/common/access/object_access.h"
#include "services/common/errors.h"
#include "tests/access/permission_table.h"
#include "tests/access/raw_call.h"
#include "tests/access/world.h"

namespace tandem::tests {
namespace {

constexpr int kCases = 100'000;

uint64_t SeedOfRun() {
  uint64_t seed = 20261125;
  const char* given = std::getenv("TANDEM_SEED");
  if (given != nullptr && !absl::SimpleAtoi(given, &seed)) seed = 0;
  std::printf("seed %llu: run again with --test_env=TANDEM_SEED=%llu\n",
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(seed));
  return seed;
}

// What the server decides before its handler: "" when it lets the call in.
std::string Decision(const World& world, const common::Principal& principal,
                     const std::string& method, const google::protobuf::Message& request,
                     common::ObjectScope* scope) {
  const common::Method* found = world.registry().Find(method);
  const auto grant = common::GrantFor(principal, method, found->access);
  absl::Status status = grant.status();
  if (grant.ok()) {
    const auto objects =
        common::CheckObjects(principal, **grant, request, world.registry().owners());
    status = objects.status();
    if (objects.ok()) *scope = *objects;
  }
  return status.ok() ? "" : common::ErrorDetailOf(status)->reason;
}

bool Holds(const std::vector<std::string>& owners, const std::string& subject) {
  return !subject.empty() && std::find(owners.begin(), owners.end(), subject) != owners.end();
}

// Whether anybody may call it, also without a role.
bool IsOpen(const PermissionRow& row) { return row.roles.begin()->second == Permission::kOpen; }

// The model. `object` is null when there is none of that name.
std::string Expected(const PermissionRow& row, const common::Principal& principal,
                     const OwnedObject* object) {
  if (IsOpen(row)) return "";
  if (principal.role == common::v1::ROLE_UNSPECIFIED) return "ROLE_MISSING";
  const Permission permission = row.roles.at(principal.role);
  if (permission == Permission::kNever) return "ROLE_NOT_ALLOWED";
  if (permission == Permission::kAll || row.object.empty()) return "";
  const bool mentor = principal.role == common::v1::ROLE_MENTOR;
  if (object == nullptr ||
      !Holds(mentor ? object->owners.mentors : object->owners.organisations, principal.subject)) {
    return "RESOURCE_NOT_FOUND";
  }
  const bool shared = object->owners.organisations.size() > 1;
  return permission == Permission::kSole && shared ? "OBJECT_SHARED" : "";
}

class Drawer {
 public:
  Drawer(const World& world, uint64_t seed) : world_(world), random_(seed) {}

  size_t Below(size_t n) { return random_() % n; }

  common::Principal Principal() {
    common::Principal principal;
    principal.role = static_cast<common::v1::Role>(Below(common::v1::Role_ARRAYSIZE));
    if (Below(2) == 0) {  // the roles with objects of their own more often
      principal.role = Below(2) == 0 ? common::v1::ROLE_MENTOR : common::v1::ROLE_NSB;
    }
    const size_t subject = Below(4);
    if (principal.role == common::v1::ROLE_MENTOR && subject < world_.mentors().size()) {
      principal.subject = world_.mentors()[subject];
    }
    if (principal.role == common::v1::ROLE_NSB && subject < world_.organisations().size()) {
      principal.subject = world_.organisations()[subject];
    }
    return principal;
  }

  // One of its kind, or null for one that does not exist.
  const OwnedObject* Object(const std::string& kind) {
    const std::vector<OwnedObject>& all = world_.objects(kind);
    const size_t index = Below(all.size() + 1 + all.size() / 8);
    return index < all.size() ? &all[index] : nullptr;
  }

 private:
  const World& world_;
  std::mt19937_64 random_;
};

TEST(RandomAccessTest, ServerAndModelDecideAlike) {
  const uint64_t seed = SeedOfRun();
  World world(/*count=*/60, seed);
  Drawer draw(world, seed);
  TANDEM_ASSERT_OK_AND_ASSIGN(const std::vector<PermissionRow> rows, ReadPermissions());
  const char* const listed[] = {"assessment", "request", "match", "organisation"};
  int let_in = 0;
  int refused = 0;

  for (int i = 0; i < kCases; ++i) {
    const PermissionRow& row = rows[draw.Below(rows.size())];
    const common::Principal principal = draw.Principal();
    const OwnedObject* object = row.object.empty() ? nullptr : draw.Object(row.object);
    const auto request = NewMessage(MethodOf(row.method)->input_type());
    if (!row.object.empty()) {
      const std::string known = world.objects(row.object)[0].name;
      SetString(row.named_in,
                object != nullptr ? object->name
                                  : absl::StrCat(known.substr(0, known.find('/')), "/0missing"),
                request.get());
    }

    common::ObjectScope scope;
    const std::string decision = Decision(world, principal, row.method, *request, &scope);

    ASSERT_EQ(decision, Expected(row, principal, object))
        << "case " << i << ": " << row.method << " as " << common::RoleToText(principal.role) << " "
        << principal.subject << " on " << (object == nullptr ? "nothing" : object->name);
    (decision.empty() ? let_in : refused) += 1;
    if (!decision.empty() || !row.object.empty() || IsOpen(row)) continue;
    // A listing: what it may hold.
    const OwnedObject& one = *world.objects(listed[draw.Below(4)]).begin();
    const bool all = row.roles.at(principal.role) == Permission::kAll;
    const bool own = Holds(
        principal.role == common::v1::ROLE_MENTOR ? one.owners.mentors : one.owners.organisations,
        principal.subject);
    ASSERT_EQ(scope.Admits(one.owners), all || own) << "case " << i << ": " << row.method;
  }
  std::printf("%d let in, %d refused\n", let_in, refused);
  EXPECT_GT(let_in, kCases / 10);
  EXPECT_GT(refused, kCases / 10);
}

}  // namespace
}  // namespace tandem::tests
