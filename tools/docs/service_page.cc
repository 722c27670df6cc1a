#include "tools/docs/service_page.h"

#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "tandem/common/v1/access.pb.h"
#include "tools/docs/proto_files.h"

namespace tandem::docs {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

// The codes that comments list the errors of a method by.
const std::vector<std::string>& Codes() {
  static const auto* const codes = new std::vector<std::string>{"INVALID_ARGUMENT",
                                                                "NOT_FOUND",
                                                                "ALREADY_EXISTS",
                                                                "PERMISSION_DENIED",
                                                                "UNAUTHENTICATED",
                                                                "RESOURCE_EXHAUSTED",
                                                                "FAILED_PRECONDITION",
                                                                "ABORTED",
                                                                "OUT_OF_RANGE",
                                                                "UNIMPLEMENTED",
                                                                "INTERNAL",
                                                                "UNAVAILABLE",
                                                                "DATA_LOSS",
                                                                "DEADLINE_EXCEEDED",
                                                                "CANCELLED",
                                                                "UNKNOWN"};
  return *codes;
}

// The messages and enums that `method` leads to, each once, in the order in which they are met.
struct Types {
  std::vector<const Descriptor*> messages;
  std::vector<const EnumDescriptor*> enums;
  std::set<std::string> seen;

  void Add(const Descriptor* message) {
    if (!absl::StartsWith(message->full_name(), "tandem.")) return;
    if (!seen.insert(message->full_name()).second) return;
    if (!message->options().map_entry()) messages.push_back(message);
    for (int i = 0; i < message->field_count(); ++i) {
      if (message->field(i)->message_type() != nullptr) Add(message->field(i)->message_type());
      if (message->field(i)->enum_type() != nullptr) Add(message->field(i)->enum_type());
    }
  }
  void Add(const EnumDescriptor* type) {
    if (absl::StartsWith(type->full_name(), "tandem.") && seen.insert(type->full_name()).second) {
      enums.push_back(type);
    }
  }
};

std::string Cell(absl::string_view text) { return absl::StrReplaceAll(text, {{"|", "\\|"}}); }

std::string Link(absl::string_view name) {
  return absl::StrCat("[", name, "](#", absl::AsciiStrToLower(name), ")");
}

std::string LinkOrName(const std::string& full_name, const std::string& name) {
  return absl::StartsWith(full_name, "tandem.") ? Link(name) : absl::StrCat("`", full_name, "`");
}

std::string TypeOf(const FieldDescriptor& field) {
  if (field.is_map()) {
    return absl::StrCat("map of ", TypeOf(*field.message_type()->FindFieldByNumber(1)), " to ",
                        TypeOf(*field.message_type()->FindFieldByNumber(2)));
  }
  std::string type = field.type_name();
  if (field.message_type() != nullptr) {
    type = LinkOrName(field.message_type()->full_name(), field.message_type()->name());
  } else if (field.enum_type() != nullptr) {
    type = LinkOrName(field.enum_type()->full_name(), field.enum_type()->name());
  }
  return field.is_repeated() ? absl::StrCat("list of ", type) : type;
}

void AppendFields(const Descriptor& message, std::string* page) {
  if (message.field_count() == 0) {
    absl::StrAppend(page, "No fields.\n");
    return;
  }
  absl::StrAppend(page, "| field | type | meaning |\n|---|---|---|\n");
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    absl::StrAppend(page, "| `", field.name(), "` | ", TypeOf(field), " | ", Cell(CommentOf(field)),
                    " |\n");
  }
}

// Where in `comment` the next "CODE: " begins, from `from` on; npos when there is none.
size_t NextCode(const std::string& comment, size_t from) {
  size_t next = std::string::npos;
  for (const std::string& code : Codes()) {
    size_t found = comment.find(absl::StrCat(code, ": "), from);
    // Not the end of a longer word.
    while (found != std::string::npos && found > 0 && comment[found - 1] != ' ') {
      found = comment.find(absl::StrCat(code, ": "), found + 1);
    }
    next = std::min(next, found);
  }
  return next;
}

// The comment of a method, with its errors as a list.
void AppendComment(const std::string& comment, std::string* page) {
  size_t error = NextCode(comment, 0);
  absl::StrAppend(page, absl::StripAsciiWhitespace(comment.substr(0, error)), "\n");
  if (error != std::string::npos) absl::StrAppend(page, "\n");
  while (error != std::string::npos) {
    const size_t next = NextCode(comment, error + 1);
    const std::string text = comment.substr(error, next == std::string::npos ? next : next - error);
    absl::StrAppend(page, "- ", absl::StripAsciiWhitespace(text), "\n");
    error = next;
  }
}

// A JSON text within single quotes of the shell, where "$NAME" is replaced by the variable.
std::string ShellQuoted(const std::string& json) {
  std::string quoted = "'";
  for (size_t i = 0; i < json.size(); ++i) {
    if (json[i] != '$') {
      quoted += json[i] == '\'' ? "'\\''" : std::string(1, json[i]);
      continue;
    }
    size_t end = i + 1;
    while (end < json.size() && (absl::ascii_isupper(json[end]) || json[end] == '_')) ++end;
    absl::StrAppend(&quoted, "'\"", json.substr(i, end - i), "\"'");
    i = end - 1;
  }
  return quoted + "'";
}

// The example of a method, as its request's type writes it.
absl::StatusOr<std::string> ExampleOf(const MethodDescriptor& method, const Examples& examples) {
  const std::string name = absl::StrCat(method.service()->full_name(), "/", method.name());
  const auto example = examples.find(name);
  if (example == examples.end()) {
    return absl::NotFoundError(absl::StrCat("no example of ", name, ": add it to the examples"));
  }
  google::protobuf::DynamicMessageFactory factory;
  const std::unique_ptr<google::protobuf::Message> request(
      factory.GetPrototype(method.input_type())->New());
  const auto parsed = google::protobuf::util::JsonStringToMessage(example->second, request.get());
  if (!parsed.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("the example of ", name, " is no request of it: ", parsed.ToString()));
  }
  std::string json;
  const auto written = google::protobuf::util::MessageToJsonString(*request, &json);
  if (!written.ok()) return absl::InternalError(written.ToString());
  return json;
}

// "mentor, nsb: own objects" of one grant.
std::string GrantText(const common::v1::Grant& grant) {
  std::vector<std::string> roles;
  for (int role : grant.roles()) {
    roles.push_back(absl::StrReplaceAll(
        absl::AsciiStrToLower(
            absl::StripPrefix(common::v1::Role_Name(static_cast<common::v1::Role>(role)), "ROLE_")),
        {{"_", "-"}}));
  }
  std::string text = absl::StrJoin(roles, ", ");
  if (grant.objects() == common::v1::OBJECT_RULE_OWN_MENTOR) {
    text += ": what belongs to the mentor that the caller is";
  } else if (grant.objects() == common::v1::OBJECT_RULE_OWN_ORGANISATION) {
    text += ": what belongs to the caller's organisation, alone or with others";
  } else if (grant.objects() == common::v1::OBJECT_RULE_SOLE_ORGANISATION) {
    text += ": what belongs to the caller's organisation alone";
  }
  if (grant.protected_fields_size() > 0) {
    absl::StrAppend(&text, "; may not set ", absl::StrJoin(grant.protected_fields(), ", "));
  }
  if (grant.hidden_fields_size() > 0) {
    absl::StrAppend(&text, "; does not see ", absl::StrJoin(grant.hidden_fields(), ", "));
  }
  return text;
}

// The call by HTTP, in the Connect protocol.
std::string CurlCall(const MethodDescriptor& method, const std::string& path,
                     const std::string& quoted) {
  const std::string start = absl::StrCat("curl -s --fail-with-body \"http://$TANDEM_HTTP/", path,
                                         "\" -H \"$AUTH\" -H 'content-type: ");
  if (!method.server_streaming()) return absl::StrCat(start, "application/json' -d ", quoted);
  return absl::StrCat(
      start, "application/connect+json' -N -H 'connect-timeout-ms: 2000' --data-binary @<(framed ",
      quoted, ")");
}

absl::Status AppendMethod(const MethodDescriptor& method, const Examples& examples,
                          std::string* page) {
  TANDEM_ASSIGN_OR_RETURN(const std::string example, ExampleOf(method, examples));
  const std::string quoted = ShellQuoted(example);
  const std::string path = absl::StrCat(method.service()->full_name(), "/", method.name());
  absl::StrAppend(page, "\n## ", method.name(), "\n\n");
  AppendComment(CommentOf(method), page);
  absl::StrAppend(page, "\nMay be called by:\n\n");
  for (const common::v1::Grant& grant :
       method.options().GetExtension(common::v1::access).grants()) {
    absl::StrAppend(page, "- ", GrantText(grant), "\n");
  }
  absl::StrAppend(page, "\nTakes ",
                  LinkOrName(method.input_type()->full_name(), method.input_type()->name()),
                  ", answers ", method.server_streaming() ? "a stream of " : "",
                  LinkOrName(method.output_type()->full_name(), method.output_type()->name()),
                  ".\n\n```sh\ngrpcurl -plaintext -protoset \"$PROTOSET\" -H \"$AUTH\" -d ", quoted,
                  " \"$TANDEM\" ", path, "\n\n", CurlCall(method, path, quoted), "\n```\n");
  return absl::OkStatus();
}

void AppendTypes(const Types& types, std::string* page) {
  absl::StrAppend(page, "\n# Messages\n");
  for (const Descriptor* message : types.messages) {
    absl::StrAppend(page, "\n## ", message->name(), "\n\n", CommentOf(*message), "\n\n");
    AppendFields(*message, page);
  }
  if (types.enums.empty()) return;
  absl::StrAppend(page, "\n# Enums\n");
  for (const EnumDescriptor* type : types.enums) {
    absl::StrAppend(page, "\n## ", type->name(), "\n\n", CommentOf(*type),
                    "\n\n| value | meaning |\n|---|---|\n");
    for (int i = 0; i < type->value_count(); ++i) {
      absl::StrAppend(page, "| `", type->value(i)->name(), "` | ", Cell(CommentOf(*type->value(i))),
                      " |\n");
    }
  }
}

}  // namespace

absl::StatusOr<Examples> ParseExamples(const std::string& json) {
  google::protobuf::Struct all;
  const auto parsed = google::protobuf::util::JsonStringToMessage(json, &all);
  if (!parsed.ok()) return absl::InvalidArgumentError(parsed.ToString());
  Examples examples;
  for (const auto& [method, request] : all.fields()) {
    std::string text;
    const auto written = google::protobuf::util::MessageToJsonString(request, &text);
    if (!written.ok() || !request.has_struct_value()) {
      return absl::InvalidArgumentError(absl::StrCat("the example of ", method, " is no object"));
    }
    examples[method] = std::move(text);
  }
  return examples;
}

absl::StatusOr<std::string> ServicePage(const ServiceDescriptor& service,
                                        const Examples& examples) {
  Types types;
  std::string page = absl::StrCat(
      "# ", service.full_name(), "\n\n*Generated from the comments of [", service.file()->name(),
      "](../../protos/", service.file()->name(), ") by `tools/docs/generate`.*\n\n",
      CommentOf(service),
      "\n\n[README.md](README.md) says how to set `$TANDEM`, `$TANDEM_HTTP`, `$PROTOSET`, `$AUTH` "
      "and the "
      "variables in the calls, and [conventions.md](../conventions.md) what all methods have in "
      "common.\n\n| method | what it does |\n|---|---|\n");
  for (int i = 0; i < service.method_count(); ++i) {
    const MethodDescriptor& method = *service.method(i);
    const std::string comment = CommentOf(method);
    absl::StrAppend(
        &page, "| ", Link(method.name()), " | ",
        Cell(comment.substr(0, comment.find(". ") == std::string::npos ? std::string::npos
                                                                       : comment.find(". ") + 1)),
        " |\n");
    types.Add(method.input_type());
    types.Add(method.output_type());
  }
  for (int i = 0; i < service.method_count(); ++i) {
    TANDEM_RETURN_IF_ERROR(AppendMethod(*service.method(i), examples, &page));
  }
  AppendTypes(types, &page);
  return page;
}

}  // namespace tandem::docs
