#include "services/matching/engine/files/node_names.h"

#include "services/matching/engine/files/result_json.h"

namespace tandem::engine::files {

std::string StatusName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kOptimal:
      return "OPTIMAL";
    case Outcome::kStable:
      return "STABLE";
    case Outcome::kInfeasible:
      return "INFEASIBLE";
  }
  return "";
}

std::string KindName(NodeKind kind) {
  switch (kind) {
    case NodeKind::kGround:
      return "ground";
    case NodeKind::kNeedQuota:
      return "need_quota";
    case NodeKind::kBeneficiary:
      return "beneficiary";
    case NodeKind::kNeed:
      return "need";
    case NodeKind::kMentorRequest:
      return "mentor_request";
    case NodeKind::kMentor:
      return "mentor";
    case NodeKind::kMentorQuota:
      return "mentor_quota";
  }
  return "";
}

std::string PurposeName(PricePurpose purpose) {
  switch (purpose) {
    case PricePurpose::kPlan:
      return "plan";
    case PricePurpose::kFilling:
      return "filling";
    case PricePurpose::kNextFloor:
      return "next_floor";
  }
  return "";
}

std::string ObjectiveName(Objective objective) {
  switch (objective) {
    case Objective::kTotal:
      return "total";
    case Objective::kCoverage:
      return "coverage";
    case Objective::kFloor:
      return "floor";
    case Objective::kStable:
      return "stable";
  }
  return "";
}

std::string FillName(Fill fill) { return fill == Fill::kFirst ? "first" : "optional"; }

}  // namespace tandem::engine::files
