// What the `list` commands share. Internal to the commands.

#ifndef TANDEM_TOOLS_CLI_COMMANDS_LISTING_H_
#define TANDEM_TOOLS_CLI_COMMANDS_LISTING_H_

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "tools/cli/command.h"
#include "tools/cli/commands/commands.h"

namespace tandem::cli {

template <typename Response>
struct Listed {
  Response all;   // has the resources, and nothing else
  Response last;  // the last page that was read

  bool more() const { return !last.next_page_token().empty(); }
  // Tells people that the limit left some out.
  void SayMore(Program& program) const {
    if (more() && program.format() == Format::kTable) program.Say(kMore);
  }
};

// The first `limit` (at least 1) resources that `method` lists for `request`, page by page, called
// in `role` unless the user chose one. `resources` is the field of an answer that holds them.
template <typename Stub, typename Request, typename Response, typename Resource>
absl::StatusOr<Listed<Response>> ListUpTo(
    Program& program, Stub& stub,
    grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*), Request request,
    google::protobuf::RepeatedPtrField<Resource>* (Response::*resources)(), int limit,
    absl::string_view role) {
  constexpr int kMostOfPage = 1000;
  Listed<Response> listed;
  auto* all = (listed.all.*resources)();
  do {
    request.set_page_size(std::min(kMostOfPage, limit - all->size()));
    TANDEM_ASSIGN_OR_RETURN(listed.last, program.session().Call(stub, method, request, role));
    all->MergeFrom(*(listed.last.*resources)());
    request.set_page_token(listed.last.next_page_token());
  } while (listed.more() && all->size() < limit);
  return listed;
}

}  // namespace tandem::cli

#endif  // TANDEM_TOOLS_CLI_COMMANDS_LISTING_H_
