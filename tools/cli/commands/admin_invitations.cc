// tandem admin invite create|list|revoke|redeem

#include "absl/strings/str_cat.h"
#include "tools/cli/cell.h"
#include "tools/cli/commands/admin.h"

namespace tandem::cli {
namespace {

using ::tandem::access::v1::CreateInvitationRequest;
using ::tandem::access::v1::CreateInvitationResponse;
using ::tandem::access::v1::Invitation;
using ::tandem::access::v1::ListInvitationsResponse;
using ::tandem::access::v1::RedeemInvitationRequest;
using ::tandem::access::v1::RedeemInvitationResponse;

constexpr int kMaxTokenDays = 366;
constexpr int64_t kSecondsOfDay = 24 * 60 * 60;

struct CreateOptions {
  Holder holder;
  std::string expires;
  int token_days = 0;  // 0: the server's default
  std::string out;
};

struct RedeemOptions {
  std::string code_file;
  std::string out;
};

Table InvitationTable() {
  Table table({"invitation", "actor", "role", "subject", "state", "expires", "used", "token"});
  for (const char* column : {"used", "token", "subject"}) table.MakeOptional(column);
  return table;
}

void AddRow(const Invitation& invitation, Table* table) {
  table->AddRow({invitation.name(), invitation.actor(), Word(invitation.role()),
                 invitation.subject(), Word(invitation.state()),
                 FormatInstant(invitation.expire_time()), FormatInstant(invitation.used_time()),
                 invitation.access_token()});
}

absl::StatusOr<int> Create(Program& program, const CreateOptions& options) {
  CreateInvitationRequest request;
  Invitation* invitation = request.mutable_invitation();
  TANDEM_RETURN_IF_ERROR(SetHolder(options.holder, invitation));
  if (!options.expires.empty()) {
    TANDEM_RETURN_IF_ERROR(
        SetInstant("--expires", options.expires, invitation->mutable_expire_time()));
  }
  if (options.token_days > 0) {
    invitation->mutable_token_lifetime()->set_seconds(options.token_days * kSecondsOfDay);
  }
  request.set_request_id(program.session().RequestId());
  TANDEM_ASSIGN_OR_RETURN(const auto stub, AccessOf(program));
  TANDEM_ASSIGN_OR_RETURN(SecretPlace place, SecretPlace::Open(options.out));
  TANDEM_ASSIGN_OR_RETURN(
      CreateInvitationResponse made,
      program.session().Call(*stub, &AccessStub::CreateInvitation, request, "admin"));
  Table table = InvitationTable();
  AddRow(made.invitation(), &table);
  return place.Show(program, made, made.mutable_code(), std::move(table),
                    absl::StrCat("revoke ", made.invitation().name(), " and create another"));
}

absl::StatusOr<int> Redeem(Program& program, const RedeemOptions& options) {
  const auto code =
      base::ReadSecretFile(options.code_file == "-" ? "/dev/stdin" : options.code_file);
  if (!code.ok()) return absl::InvalidArgumentError(code.status().message());
  RedeemInvitationRequest request;
  request.set_code(*code);
  request.set_request_id(program.session().RequestId());
  TANDEM_ASSIGN_OR_RETURN(const auto stub, AccessOf(program));
  TANDEM_ASSIGN_OR_RETURN(SecretPlace place, SecretPlace::Open(options.out));
  TANDEM_ASSIGN_OR_RETURN(
      RedeemInvitationResponse redeemed,
      program.session().Call(*stub, &AccessStub::RedeemInvitation, request, ""));
  const auto& token = redeemed.access_token();
  Table table({"token", "actor", "role", "subject", "expires"});
  table.AddRow({token.name(), token.actor(), Word(token.role()), token.subject(),
                FormatInstant(token.expire_time())});
  return place.Show(program, redeemed, redeemed.mutable_secret(), std::move(table),
                    absl::StrCat("ask an admin to rotate ", token.name()));
}

void AddCreate(CLI::App& invitations, Program& program) {
  CLI::App* create =
      invitations.add_subcommand("create", "Create an invitation; its code is shown this once");
  const auto options = std::make_shared<CreateOptions>();
  AddHolder(create, &options->holder);
  create->add_option("--expires", options->expires,
                     "From which date or time on the code is refused, at most 31 days from now "
                     "(default: 7 days)");
  create
      ->add_option("--token-days", options->token_days,
                   "For how many days the token is good from its redemption (default: 90)")
      ->check(CLI::Range(1, kMaxTokenDays));
  create->add_option("--out", options->out, "Write the code to this new file instead")
      ->type_name("FILE");
  create->callback([&program, options] {
    program.action = [&program, options] { return Create(program, *options); };
  });
}

void AddRedeem(CLI::App& invitations, Program& program) {
  CLI::App* redeem = invitations.add_subcommand(
      "redeem", "Exchange the code of an invitation, once, for an access token: needs no other");
  const auto options = std::make_shared<RedeemOptions>();
  redeem
      ->add_option("--code-file", options->code_file,
                   "File with the code, which only you may read; - reads it from standard input")
      ->type_name("FILE")
      ->required();
  redeem->add_option("--out", options->out, "Write the token's secret to this new file instead")
      ->type_name("FILE");
  redeem->callback([&program, options] {
    program.action = [&program, options] { return Redeem(program, *options); };
  });
}

}  // namespace

void AddInvitationCommands(CLI::App& admin, Program& program) {
  CLI::App* invitations = admin.add_subcommand("invite", "Invitations to get an access token");
  invitations->require_subcommand(1);
  AddCreate(*invitations, program);
  CLI::App* list = invitations->add_subcommand("list", "List invitations, without their codes");
  const auto list_options = std::make_shared<ListOptions>();
  AddListOptions(list, list_options.get());
  list->callback([&program, list_options] {
    program.action = [&program, list_options] {
      return PrintList(program, *list_options, &AccessStub::ListInvitations,
                       &ListInvitationsResponse::mutable_invitations, InvitationTable(), AddRow);
    };
  });
  CLI::App* revoke = invitations->add_subcommand("revoke", "End an invitation that was not used");
  const auto options = std::make_shared<RevokeOptions>();
  AddRevokeOptions(revoke, "invitation", "invitations/ID", "SENT_TO_THE_WRONG_PERSON",
                   options.get());
  revoke->callback([&program, options] {
    program.action = [&program, options] {
      return Revoke(program, *options, &AccessStub::RevokeInvitation, InvitationTable(), AddRow);
    };
  });
  AddRedeem(*invitations, program);
}

}  // namespace tandem::cli
