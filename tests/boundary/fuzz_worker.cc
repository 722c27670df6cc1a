#include "tests/boundary/fuzz_worker.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/code.pb.h"
#include "services/common/client.h"
#include "services/common/errors.h"
#include "services/common/principal.h"
#include "services/common/server.h"
#include "tandem/common/v1/error_reason.pb.h"
#include "tests/access/raw_call.h"

namespace tandem::tests {
namespace {

using google::protobuf::Message;

// Longer than the server's own limit of a call would be a hang.
constexpr absl::Duration kHangGuard = absl::Seconds(45);
constexpr size_t kMaxFaults = 5;
constexpr size_t kCorpusPerMethod = 12;
constexpr size_t kMaxShownBytes = 1500;

// The facts that the catalogue states of a reason, or null.
const common::v1::ErrorFacts* FactsOf(const std::string& reason) {
  const auto* value =
      common::v1::ErrorReason_descriptor()->FindValueByName(absl::StrCat("ERROR_REASON_", reason));
  return value == nullptr ? nullptr : &value->options().GetExtension(common::v1::error_facts);
}

bool WaitsByItself(const std::string& method) { return absl::EndsWith(method, "/WaitOperation"); }

}  // namespace

FuzzWorker::FuzzWorker(World* world, const std::vector<FuzzTarget>* targets, WriteLedger* ledger,
                       uint64_t seed, int number)
    : world_(world),
      targets_(targets),
      ledger_(ledger),
      channel_(common::MakeChannel(world->server().address())),
      values_(seed),
      mutator_(&values_),
      number_(number) {
  for (const char* kind :
       {"mentor", "organisation", "programme", "assessment", "request", "match"}) {
    for (const OwnedObject& object : world->objects(kind)) {
      values_.Remember("name", object.name);
      values_.Remember(kind, object.name);
    }
  }
}

void FuzzWorker::Run(int64_t calls) {
  for (int64_t i = 0; i < calls && faults_.size() < kMaxFaults; ++i) {
    const FuzzTarget& target = (*targets_)[values_.Below(targets_->size())];
    const WireCall call = NextCall(target);
    const WireOutcome outcome = SendCall(channel_, call);
    ++sent_;
    counts_.by_code[absl::StatusCodeToString(outcome.status.code())] += 1;
    if (!call.streaming) counts_.slowest = std::max(counts_.slowest, outcome.took);
    const bool may_have_written =
        outcome.ended_by_caller || (outcome.status.ok() && !validate_only_);
    if (target.writes && may_have_written) ledger_->Allow(call.principal.actor);
    if (outcome.status.ok()) Learn(target, call, outcome);
    const std::string fault = Judge(call, outcome);
    if (fault.empty()) continue;
    faults_.push_back(absl::StrCat(
        fault, "\n  ", call.method, " as ", common::RoleToText(call.principal.role), " ",
        call.principal.subject, ", ", call.request.size(), " bytes, took ",
        absl::FormatDuration(outcome.took), "\n  answered ", outcome.status.ToString(),
        "\n  request: ", absl::BytesToHexString(call.request.substr(0, kMaxShownBytes))));
  }
}

WireCall FuzzWorker::NextCall(const FuzzTarget& target) {
  WireCall call;
  call.method = target.name;
  if (values_.OneIn(500)) {
    call.method = absl::StrCat(target.name, values_.Below(9));
  }
  call.streaming = target.method->server_streaming();
  call.principal = NextPrincipal(target);
  call.request = NextRequest(target, &validate_only_);
  call.long_details = values_.OneIn(2);
  call.timeout = kHangGuard;
  if (call.streaming) call.timeout = absl::Milliseconds(values_.Below(40));
  if (WaitsByItself(target.name)) call.timeout = absl::Milliseconds(50);
  if (values_.OneIn(200)) call.timeout = absl::Milliseconds(values_.Below(5));
  return call;
}

common::Principal FuzzWorker::NextPrincipal(const FuzzTarget& target) {
  common::Principal principal;
  principal.role = static_cast<common::v1::Role>(values_.Below(common::v1::Role_ARRAYSIZE));
  if (values_.OneIn(3)) principal.role = common::v1::ROLE_ADMIN;  // gets furthest
  // Readers share an actor, to which page tokens are bound; every writer has its own.
  principal.actor = target.writes ? absl::StrCat("w", number_, "-", sent_) : "reader";
  const auto& mentors = world_->mentors();
  const auto& organisations = world_->organisations();
  if (principal.role == common::v1::ROLE_MENTOR && !values_.OneIn(5)) {
    principal.subject = mentors[values_.Below(mentors.size())];
  } else if (principal.role == common::v1::ROLE_NSB && !values_.OneIn(5)) {
    principal.subject = organisations[values_.Below(organisations.size())];
  } else if (values_.OneIn(20)) {
    principal.subject = "mentors/0missing";
  }
  return principal;
}

std::string FuzzWorker::NextRequest(const FuzzTarget& target, bool* validate_only) {
  const std::unique_ptr<Message> request = NewMessage(target.method->input_type());
  const std::vector<std::string>& taken = corpus_[target.name];
  if (!taken.empty() && values_.OneIn(2)) {
    request->ParsePartialFromString(taken[values_.Below(taken.size())]);
  } else if (!values_.OneIn(6)) {
    request->ParsePartialFromString(target.example);
  }
  if (!values_.OneIn(10)) mutator_.MutateFields(request.get());
  std::string bytes = request->SerializePartialAsString();
  if (values_.OneIn(4)) mutator_.MutateBytes(&bytes);
  // Beyond what a request may have.
  if (values_.OneIn(30'000)) bytes += "\xA2\x06\x80\x80\x80\x08" + std::string(16 << 20, 'x');
  // As the server will read it.
  *validate_only = false;
  const auto* field = target.method->input_type()->FindFieldByName("validate_only");
  if (field != nullptr && request->ParsePartialFromString(bytes)) {
    *validate_only = request->GetReflection()->GetBool(*request, field);
  }
  return bytes;
}

std::string FuzzWorker::Judge(const WireCall& call, const WireOutcome& outcome) {
  if (outcome.status.ok()) return "";
  if (outcome.ended_by_caller) {
    const bool hung = outcome.took > call.timeout + kHangGuard;
    const bool guarded = call.timeout == kHangGuard;
    return hung || guarded ? "the call hung" : "";
  }
  switch (outcome.status.code()) {
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return "a request may not bring about this code";
    default:
      break;
  }
  // Twice the server's limit and more: gRPC refuses the bytes before any code of ours sees them.
  const size_t by_grpc = 2 * static_cast<size_t>(common::ServerOptions().max_message_bytes);
  if (call.request.size() > by_grpc &&
      outcome.status.code() == absl::StatusCode::kResourceExhausted) {
    return "";
  }
  const auto detail = common::ErrorDetailOf(outcome.status);
  if (!detail.has_value()) return "the error has no ErrorInfo";
  const common::v1::ErrorFacts* facts = FactsOf(detail->reason);
  if (facts == nullptr) return absl::StrCat("the catalogue lacks the reason ", detail->reason);
  const auto code = static_cast<google::rpc::Code>(outcome.status.code());
  if (std::find(facts->codes().begin(), facts->codes().end(), code) == facts->codes().end()) {
    return absl::StrCat("the catalogue states other codes of the reason ", detail->reason);
  }
  return "";
}

void FuzzWorker::Learn(const FuzzTarget& target, const WireCall& call, const WireOutcome& outcome) {
  counts_.succeeded.insert(target.name);
  if (call.request.size() < 100'000) {
    std::vector<std::string>& taken = corpus_[target.name];
    if (taken.size() < kCorpusPerMethod) {
      taken.push_back(call.request);
    } else {
      taken[values_.Below(taken.size())] = call.request;
    }
  }
  if (!values_.OneIn(4)) return;
  for (const std::string& answer : outcome.answers) {
    const std::unique_ptr<Message> message = NewMessage(target.method->output_type());
    if (message->ParsePartialFromString(answer)) values_.RememberAll(*message);
  }
}

}  // namespace tandem::tests
