#include "tools/docs/errors_page.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "google/rpc/code.pb.h"
#include "tandem/common/v1/error_reason.pb.h"
#include "tools/docs/proto_files.h"

namespace tandem::docs {
namespace {

using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;

constexpr char kIntroduction[] = R"(# Errors

*Generated from [error_reason.proto](../protos/tandem/common/v1/error_reason.proto) by `tools/docs/generate`.*

Every error that Tandem answers with carries, in `google.rpc.Status.details` (gRPC: the trailer `grpc-status-details-bin`):

| detail | when | what it says |
|---|---|---|
| `google.rpc.ErrorInfo` | always | `domain` is `tandem`, `reason` one of those below, `metadata` what it is about: `resource`, `current_etag`, ... |
| `google.rpc.BadRequest` | `FIELDS_INVALID` | every violated field with what would be right, paths from the request: `mentors[3].languages[0].language` |
| `google.rpc.RetryInfo` | where waiting helps | for how long to wait before the call is sent again |

Decide by the **code** first, then by the **reason**; messages are for people and may change. A reason keeps its code and its meaning
within v1. New ones may come, so treat an unknown reason by its code. An error without details comes from gRPC itself or from something
between you and the server: a lost connection (UNAVAILABLE), a deadline that your own client noticed (DEADLINE_EXCEEDED), a message far
above the limits (RESOURCE_EXHAUSTED).

**After any failure of a write, even a lost connection, repeat it with the same `request_id`**: if the first one was committed, you get its
answer and nothing happens twice.
)";

absl::string_view Short(const EnumValueDescriptor& value, absl::string_view prefix) {
  return absl::StripPrefix(value.name(), prefix);
}

// "read again" of CLIENT_ACTION_READ_AGAIN.
std::string ActionText(common::v1::ClientAction action) {
  const std::string name = common::v1::ClientAction_Name(action);
  return absl::StrReplaceAll(absl::AsciiStrToLower(absl::StripPrefix(name, "CLIENT_ACTION_")),
                             {{"_", " "}});
}

void AppendReason(const EnumValueDescriptor& value, std::string* page) {
  const common::v1::ErrorFacts& facts = value.options().GetExtension(common::v1::error_facts);
  std::vector<std::string> codes;
  for (int code : facts.codes()) {
    codes.push_back(google::rpc::Code_Name(static_cast<google::rpc::Code>(code)));
  }
  const bool any = facts.action() == common::v1::CLIENT_ACTION_UNSPECIFIED;
  absl::StrAppend(page, "| `", Short(value, "ERROR_REASON_"), "` | ",
                  codes.empty() ? "any" : absl::StrJoin(codes, ", "), " | ",
                  any ? "by the code" : ActionText(facts.action()), " | ", CommentOf(value),
                  " |\n");
}

// The heading above a value, "---- The request." in the comment that stands apart; or "".
std::string HeadingOf(const EnumValueDescriptor& value) {
  google::protobuf::SourceLocation location;
  if (!value.GetSourceLocation(&location)) return "";
  for (const std::string& comment : location.leading_detached_comments) {
    absl::string_view text = absl::StripAsciiWhitespace(comment);
    if (absl::ConsumePrefix(&text, "---- ")) return std::string(absl::StripSuffix(text, "."));
  }
  return "";
}

}  // namespace

std::string ErrorsPage(const EnumDescriptor& reasons, const EnumDescriptor& actions) {
  std::string page = kIntroduction;
  absl::StrAppend(&page, "\n## What a client does\n\n| action | what it means |\n|---|---|\n");
  for (int i = 1; i < actions.value_count(); ++i) {
    const EnumValueDescriptor& action = *actions.value(i);
    absl::StrAppend(&page, "| ", ActionText(static_cast<common::v1::ClientAction>(action.number())),
                    " | ", CommentOf(action), " |\n");
  }
  for (int i = 1; i < reasons.value_count(); ++i) {
    const EnumValueDescriptor& reason = *reasons.value(i);
    const std::string heading = HeadingOf(reason);
    if (!heading.empty()) {
      absl::StrAppend(&page, "\n## ", heading,
                      "\n\n| reason | code | action | what it means |\n|---|---|---|---|\n");
    }
    AppendReason(reason, &page);
  }
  return page;
}

}  // namespace tandem::docs
