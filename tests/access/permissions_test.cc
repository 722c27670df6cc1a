// Holds permissions.csv against a running server: every method, every role, every relation.
#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/principal.h"
#include "tests/access/permission_table.h"
#include "tests/access/raw_call.h"
#include "tests/access/world.h"

namespace tandem::tests {
namespace {

using common::Principal;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// How a call ended, as far as access goes.
std::string OutcomeOf(const absl::Status& status) {
  const std::optional<common::ErrorDetail> detail = common::ErrorDetailOf(status);
  const std::string reason = detail.has_value() ? detail->reason : "";
  if (reason == "ROLE_NOT_ALLOWED" || reason == "OBJECT_SHARED" || reason == "RESOURCE_NOT_FOUND" ||
      reason == "FIELD_NOT_ALLOWED" || reason == "ROLE_MISSING") {
    return reason;
  }
  EXPECT_NE(status.code(), absl::StatusCode::kInternal) << status;
  return "let in";  // whatever the handler then says
}

class PermissionsTest : public ::testing::Test {
 protected:
  PermissionsTest() : world_(std::make_unique<World>(/*count=*/0, /*seed=*/1)) {
    const auto rows = ReadPermissions();
    TANDEM_EXPECT_OK(rows.status());
    if (rows.ok()) rows_ = *rows;
    channel_ = common::MakeChannel(world_->server().address());
  }

  // The principal of a role whose own things are the first ones of the world.
  Principal First(common::v1::Role role) const {
    Principal principal;
    principal.role = role;
    if (role == common::v1::ROLE_MENTOR) principal.subject = world_->mentors()[0];
    if (role == common::v1::ROLE_NSB) principal.subject = world_->organisations()[0];
    return principal;
  }

  // Calls the row's method on the object of that name.
  absl::Status Call(const PermissionRow& row, const Principal& principal, const std::string& object,
                    Message* response = nullptr) {
    const auto* method = MethodOf(row.method);
    const std::unique_ptr<Message> request = NewMessage(method->input_type());
    if (!row.named_in.empty()) SetString(row.named_in, object, request.get());
    const std::unique_ptr<Message> ignored = NewMessage(method->output_type());
    return CallMethod(channel_, row.method, principal, *request,
                      response == nullptr ? ignored.get() : response);
  }

  std::string NameOf(const PermissionRow& row, size_t index) const {
    return row.object.empty() ? "" : world_->objects(row.object).at(index).name;
  }
  // A name of the same kind that nothing has.
  std::string MissingName(const PermissionRow& row) const {
    const std::string known = NameOf(row, 0);
    return absl::StrCat(known.substr(0, known.find('/')), "/0missing");
  }

  // A foreign object, and one that does not exist, must answer with the same bytes.
  void ExpectHidden(const PermissionRow& row, const Principal& principal, const std::string& name) {
    const std::string missing = MissingName(row);
    const absl::Status foreign = Call(row, principal, name);
    const absl::Status absent = Call(row, principal, missing);
    EXPECT_EQ(OutcomeOf(foreign), "RESOURCE_NOT_FOUND") << row.method << " " << foreign;
    EXPECT_EQ(foreign.code(), absent.code());
    EXPECT_EQ(absl::StrReplaceAll(foreign.message(), {{name, "NAME"}}),
              absl::StrReplaceAll(absent.message(), {{missing, "NAME"}}));
    EXPECT_EQ(DetailsOf(foreign, name), DetailsOf(absent, missing)) << row.method;
  }

  static std::map<std::string, std::string> DetailsOf(const absl::Status& status,
                                                      const std::string& name) {
    std::map<std::string, std::string> details;
    status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
      // Lengths of names stand in the bytes of a detail, so the parsed form is compared.
      details[std::string(type)] = payload.empty() ? "" : "present";
    });
    const std::optional<common::ErrorDetail> detail = common::ErrorDetailOf(status);
    if (!detail.has_value()) return details;
    for (const auto& [key, value] : detail->metadata) {
      details[key] = absl::StrReplaceAll(value, {{name, "NAME"}});
    }
    details["reason"] = detail->reason;
    return details;
  }

  void CheckCell(const PermissionRow& row, common::v1::Role role, Permission permission) {
    SCOPED_TRACE(absl::StrCat(row.method, " as ", common::RoleToText(role)));
    const Principal principal = First(role);
    switch (permission) {
      case Permission::kNever:
        EXPECT_EQ(OutcomeOf(Call(row, principal, NameOf(row, 0))), "ROLE_NOT_ALLOWED");
        break;
      case Permission::kAll:
      case Permission::kOpen:
        ExpectLetIn(row, principal, 0);
        if (!row.object.empty() && world_->objects(row.object).size() > 1) {
          ExpectLetIn(row, principal, 1);
        }
        break;
      case Permission::kOwn:
      case Permission::kSole:
        if (row.object.empty()) break;  // a listing: see below
        ExpectLetIn(row, principal, 0);
        ExpectHidden(row, principal, NameOf(row, 1));
        if (row.object == "match") ExpectHidden(row, principal, NameOf(row, 2));  // only proposed
        if (row.object == "request") {
          EXPECT_EQ(OutcomeOf(Call(row, principal, NameOf(row, 2))),
                    permission == Permission::kSole ? "OBJECT_SHARED" : "let in");
        }
        break;
    }
  }

  void ExpectLetIn(const PermissionRow& row, const Principal& principal, size_t index) {
    const absl::Status status = Call(row, principal, NameOf(row, index));
    const std::string outcome = OutcomeOf(status);
    // Where the table names no object, none is named, and the handler may say so.
    const bool nothing_named = row.object.empty() && outcome == "RESOURCE_NOT_FOUND";
    EXPECT_TRUE(outcome == "let in" || nothing_named) << status;
  }

  // The names in a listing's answer, sorted.
  std::set<std::string> Listed(const PermissionRow& row, const Principal& principal,
                               Message* response) {
    TANDEM_EXPECT_OK(Call(row, principal, "", response));
    std::set<std::string> names;
    const FieldDescriptor* list = ListOf(*response);
    for (int i = 0; i < response->GetReflection()->FieldSize(*response, list); ++i) {
      const Message& one = response->GetReflection()->GetRepeatedMessage(*response, list, i);
      names.insert(
          one.GetReflection()->GetString(one, one.GetDescriptor()->FindFieldByName("name")));
    }
    return names;
  }

  static const FieldDescriptor* ListOf(const Message& response) {
    for (int i = 0; i < response.GetDescriptor()->field_count(); ++i) {
      const FieldDescriptor* field = response.GetDescriptor()->field(i);
      if (field->is_repeated() && field->message_type() != nullptr) return field;
    }
    return nullptr;
  }

  // Of its own for each test: some calls that are let in write.
  const std::unique_ptr<World> world_;
  std::vector<PermissionRow> rows_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(PermissionsTest, TheTableNamesEveryMethodOfTheServerAndNoOther) {
  std::set<std::string> served, written;
  for (const auto& [name, method] : world_->registry().methods()) served.insert(name);
  for (const PermissionRow& row : rows_) {
    EXPECT_TRUE(written.insert(row.method).second) << row.method << " stands twice";
    EXPECT_EQ(row.roles.size(), 8U) << row.method;
  }
  EXPECT_EQ(served, written);
}

TEST_F(PermissionsTest, EveryCellHoldsOverTheWire) {
  for (const PermissionRow& row : rows_) {
    for (const auto& [role, permission] : row.roles) CheckCell(row, role, permission);
  }
}

TEST_F(PermissionsTest, WithoutARoleOrASubjectNothingIsAllowed) {
  for (const PermissionRow& row : rows_) {
    if (row.roles.begin()->second == Permission::kOpen) continue;
    EXPECT_EQ(OutcomeOf(Call(row, Principal(), NameOf(row, 0))), "ROLE_MISSING") << row.method;
    for (const auto& [role, permission] : row.roles) {
      if (permission != Permission::kOwn && permission != Permission::kSole) continue;
      Principal nobody;
      nobody.role = role;
      if (!row.object.empty()) {
        EXPECT_EQ(OutcomeOf(Call(row, nobody, NameOf(row, 0))), "RESOURCE_NOT_FOUND") << row.method;
        continue;
      }
      const std::unique_ptr<Message> answer = NewMessage(MethodOf(row.method)->output_type());
      EXPECT_THAT(Listed(row, nobody, answer.get()), ::testing::IsEmpty()) << row.method;
    }
  }
}

TEST_F(PermissionsTest, ListingsHoldOnlyWhatIsTheCallersOwn) {
  const std::map<std::string, std::string> kinds = {
      {"tandem.profiles.v1.ProfilesService/ListOrganisations", "organisation"},
      {"tandem.needs.v1.NeedsService/ListAssessments", "assessment"},
      {"tandem.needs.v1.NeedsService/ListEngagementRequests", "request"},
      {"tandem.matching.v1.MatchingService/ListMatches", "match"}};
  int checked = 0;
  for (const PermissionRow& row : rows_) {
    for (const auto& [role, permission] : row.roles) {
      if (permission != Permission::kOwn || !row.object.empty()) continue;
      ASSERT_EQ(kinds.count(row.method), 1U) << row.method << ": say here what it lists";
      const Principal principal = First(role);
      std::set<std::string> own, all;
      for (const OwnedObject& object : world_->objects(kinds.at(row.method))) {
        const auto& owners =
            role == common::v1::ROLE_MENTOR ? object.owners.mentors : object.owners.organisations;
        all.insert(object.name);
        if (std::find(owners.begin(), owners.end(), principal.subject) != owners.end()) {
          own.insert(object.name);
        }
      }
      const std::unique_ptr<Message> answer = NewMessage(MethodOf(row.method)->output_type());
      EXPECT_EQ(Listed(row, principal, answer.get()), own) << row.method;
      EXPECT_EQ(Listed(row, First(common::v1::ROLE_STAFF), answer.get()), all) << row.method;
      ASSERT_FALSE(own.empty());
      ASSERT_LT(own.size(), all.size());
      ++checked;
    }
  }
  EXPECT_EQ(checked, 5);
}

// Whether any resource of the answer has the field set.
bool Shows(const Message& answer, const std::string& field_name) {
  const FieldDescriptor* field = answer.GetDescriptor()->FindFieldByName(field_name);
  const google::protobuf::Reflection* reflection = answer.GetReflection();
  if (field != nullptr) {
    return field->is_repeated() ? reflection->FieldSize(answer, field) > 0
                                : reflection->HasField(answer, field);
  }
  for (int i = 0; i < answer.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* list = answer.GetDescriptor()->field(i);
    if (!list->is_repeated() || list->message_type() == nullptr) continue;
    for (int j = 0; j < reflection->FieldSize(answer, list); ++j) {
      if (Shows(reflection->GetRepeatedMessage(answer, list, j), field_name)) return true;
    }
  }
  return false;
}

TEST_F(PermissionsTest, WhatARoleDoesNotSeeIsNotInItsAnswers) {
  int checked = 0;
  for (const PermissionRow& row : rows_) {
    for (const Limit& limit : row.limits) {
      if (!limit.hidden) continue;
      const std::unique_ptr<Message> seen = NewMessage(MethodOf(row.method)->output_type());
      const std::unique_ptr<Message> all = NewMessage(MethodOf(row.method)->output_type());
      TANDEM_EXPECT_OK(Call(row, First(limit.role), NameOf(row, 0), seen.get()));
      TANDEM_EXPECT_OK(Call(row, First(common::v1::ROLE_STAFF), NameOf(row, 0), all.get()));
      for (const std::string& field : limit.fields) {
        EXPECT_FALSE(Shows(*seen, field)) << row.method << " " << field;
        EXPECT_TRUE(Shows(*all, field)) << row.method << " " << field;
        ++checked;
      }
    }
  }
  EXPECT_EQ(checked, 12);
}

// A request that changes `field` of the first object by its mask.
std::unique_ptr<Message> MaskedRequest(const PermissionRow& row, const std::string& object,
                                       const std::string& field) {
  std::unique_ptr<Message> request = NewMessage(MethodOf(row.method)->input_type());
  SetString(row.named_in, object, request.get());
  const FieldDescriptor* mask = request->GetDescriptor()->FindFieldByName("update_mask");
  if (mask != nullptr) {
    SetString("update_mask.paths", field, request.get());
    return request;
  }
  // Without a mask the field counts as set when it is not empty.
  const FieldDescriptor* resource =
      request->GetDescriptor()->FindFieldByName(row.named_in.substr(0, row.named_in.find('.')));
  Message* content = request->GetReflection()->MutableMessage(request.get(), resource);
  const FieldDescriptor* set = content->GetDescriptor()->FindFieldByName(field);
  if (set->cpp_type() == FieldDescriptor::CPPTYPE_INT32) {
    content->GetReflection()->SetInt32(content, set, 3);
  } else {
    content->GetReflection()->SetString(content, set, "EXT-1");
  }
  return request;
}

TEST_F(PermissionsTest, WhatARoleMayNotSetIsRefused) {
  int checked = 0;
  for (const PermissionRow& row : rows_) {
    for (const Limit& limit : row.limits) {
      if (limit.hidden) continue;
      const bool masked =
          MethodOf(row.method)->input_type()->FindFieldByName("update_mask") != nullptr;
      std::vector<std::string> fields = limit.fields;
      if (masked) fields.emplace_back("*");
      for (const std::string& field : fields) {
        const auto request = MaskedRequest(row, NameOf(row, 0), field);
        const auto answer = NewMessage(MethodOf(row.method)->output_type());
        const absl::Status status =
            CallMethod(channel_, row.method, First(limit.role), *request, answer.get());
        EXPECT_EQ(OutcomeOf(status), "FIELD_NOT_ALLOWED") << row.method << " " << field;
        const absl::Status staff =
            CallMethod(channel_, row.method, First(common::v1::ROLE_STAFF), *request, answer.get());
        EXPECT_EQ(OutcomeOf(staff), "let in") << row.method << " " << field << staff;
        ++checked;
      }
    }
  }
  EXPECT_EQ(checked, 24);
}

TEST_F(PermissionsTest, WhatARoleMayNotSetIsRefusedHoweverItsPathIsWritten) {
  int checked = 0;
  for (const PermissionRow& row : rows_) {
    for (const Limit& limit : row.limits) {
      const bool masked =
          MethodOf(row.method)->input_type()->FindFieldByName("update_mask") != nullptr;
      if (limit.hidden || !masked) continue;
      for (const std::string& field : limit.fields) {
        for (const std::string& path : {"." + field, ".." + field, field + ".", field + "..",
                                        "." + field + ".", std::string()}) {
          const auto request = MaskedRequest(row, NameOf(row, 0), path);
          const auto answer = NewMessage(MethodOf(row.method)->output_type());
          const absl::Status status =
              CallMethod(channel_, row.method, First(limit.role), *request, answer.get());
          EXPECT_EQ(OutcomeOf(status), "FIELD_NOT_ALLOWED") << row.method << " " << path;
          ++checked;
        }
      }
    }
  }
  EXPECT_GT(checked, 100);
}

}  // namespace
}  // namespace tandem::tests
