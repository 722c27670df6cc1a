// tandem admin token create|list|rotate|revoke

#include "absl/strings/str_cat.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/admin.h"

namespace tandem::cli {
namespace {

using ::tandem::access::v1::AccessToken;
using ::tandem::access::v1::CreateAccessTokenRequest;
using ::tandem::access::v1::CreateAccessTokenResponse;
using ::tandem::access::v1::ListAccessTokensResponse;
using ::tandem::access::v1::RotateAccessTokenRequest;
using ::tandem::access::v1::RotateAccessTokenResponse;

constexpr int64_t kSecondsOfMinute = 60;
constexpr int kMaxOverlapMinutes = 7 * 24 * 60;

struct CreateOptions {
  Holder holder;
  std::string expires;
  std::string out;
};

struct RotateOptions {
  std::string name;
  int overlap_minutes = 0;
  std::string out;
};

Table TokenTable() {
  Table table({"token", "actor", "role", "subject", "state", "expires", "rotated", "invitation"});
  for (const char* column : {"invitation", "rotated", "subject"}) table.MakeOptional(column);
  return table;
}

void AddRow(const AccessToken& token, Table* table) {
  table->AddRow({token.name(), token.actor(), Word(token.role()), token.subject(),
                 Word(token.state()), FormatInstant(token.expire_time()),
                 FormatInstant(token.rotate_time()), token.invitation()});
}

absl::StatusOr<int> Create(Program& program, const CreateOptions& options) {
  CreateAccessTokenRequest request;
  TANDEM_RETURN_IF_ERROR(SetHolder(options.holder, request.mutable_access_token()));
  if (!options.expires.empty()) {
    TANDEM_RETURN_IF_ERROR(SetInstant("--expires", options.expires,
                                      request.mutable_access_token()->mutable_expire_time()));
  }
  request.set_request_id(program.session().RequestId());
  TANDEM_ASSIGN_OR_RETURN(const auto stub, AccessOf(program));
  TANDEM_ASSIGN_OR_RETURN(SecretPlace place, SecretPlace::Open(options.out));
  TANDEM_ASSIGN_OR_RETURN(
      CreateAccessTokenResponse made,
      program.session().Call(*stub, &AccessStub::CreateAccessToken, request, "admin"));
  Table table = TokenTable();
  AddRow(made.access_token(), &table);
  return place.Show(program, made, made.mutable_secret(), std::move(table),
                    absl::StrCat("tandem admin token rotate ", made.access_token().name()));
}

absl::StatusOr<int> Rotate(Program& program, const RotateOptions& options) {
  RotateAccessTokenRequest request;
  request.set_name(options.name);
  request.mutable_overlap()->set_seconds(options.overlap_minutes * kSecondsOfMinute);
  request.set_request_id(program.session().RequestId());
  TANDEM_ASSIGN_OR_RETURN(const auto stub, AccessOf(program));
  TANDEM_ASSIGN_OR_RETURN(SecretPlace place, SecretPlace::Open(options.out));
  TANDEM_ASSIGN_OR_RETURN(
      RotateAccessTokenResponse rotated,
      program.session().Call(*stub, &AccessStub::RotateAccessToken, request, "admin"));
  Table table = TokenTable();
  AddRow(rotated.access_token(), &table);
  return place.Show(program, rotated, rotated.mutable_secret(), std::move(table),
                    "rotate it again under another --request-id");
}

void AddCreate(CLI::App& tokens, Program& program) {
  CLI::App* create =
      tokens.add_subcommand("create", "Create a token; its secret is shown this once");
  const auto options = std::make_shared<CreateOptions>();
  AddHolder(create, &options->holder);
  create->add_option(
      "--expires", options->expires,
      "From which date or time on it is refused, at most 366 days from now (default: "
      "90 days)");
  create->add_option("--out", options->out, "Write the secret to this new file instead")
      ->type_name("FILE");
  create->callback([&program, options] {
    program.action = [&program, options] { return Create(program, *options); };
  });
}

void AddRotate(CLI::App& tokens, Program& program) {
  CLI::App* rotate = tokens.add_subcommand("rotate", "Replace the secret of a token");
  const auto options = std::make_shared<RotateOptions>();
  rotate->add_option("token", options->name, "accessTokens/ID")->required();
  rotate
      ->add_option("--overlap-minutes", options->overlap_minutes,
                   "For how long the secret before is taken, too (default: not at all)")
      ->check(CLI::Range(0, kMaxOverlapMinutes));
  rotate->add_option("--out", options->out, "Write the secret to this new file instead")
      ->type_name("FILE");
  rotate->callback([&program, options] {
    program.action = [&program, options] { return Rotate(program, *options); };
  });
}

}  // namespace

void AddTokenCommands(CLI::App& admin, Program& program) {
  CLI::App* tokens = admin.add_subcommand("token", "Access tokens of people");
  tokens->require_subcommand(1);
  AddCreate(*tokens, program);
  CLI::App* list = tokens->add_subcommand("list", "List tokens, without their secrets");
  const auto list_options = std::make_shared<ListOptions>();
  AddListOptions(list, list_options.get());
  list->callback([&program, list_options] {
    program.action = [&program, list_options] {
      return PrintList(program, *list_options, &AccessStub::ListAccessTokens,
                       &ListAccessTokensResponse::mutable_access_tokens, TokenTable(), AddRow);
    };
  });
  AddRotate(*tokens, program);
  CLI::App* revoke =
      tokens->add_subcommand("revoke", "End a token for good, from the next call on");
  const auto options = std::make_shared<RevokeOptions>();
  AddRevokeOptions(revoke, "token", "accessTokens/ID", "LEFT_PROGRAMME", options.get());
  revoke->callback([&program, options] {
    program.action = [&program, options] {
      return Revoke(program, *options, &AccessStub::RevokeAccessToken, TokenTable(), AddRow);
    };
  });
}

}  // namespace tandem::cli
