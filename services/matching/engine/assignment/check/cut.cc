#include "services/matching/engine/assignment/check/cut.h"

#include <algorithm>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace tandem::engine::check {

CutProof::CutProof(const Picture& picture, const Conflict& conflict, int64_t min_score)
    : picture_(picture),
      conflict_(conflict),
      min_score_(min_score),
      inside_(picture.nodes(), false),
      failure_(ReadSet()) {
  // An arc is supply if its tail is inside and its head outside, or the other way round.
  const bool tail_inside = conflict.demand_enters;
  const int32_t needs = static_cast<int32_t>(picture.problem().needs.size());
  const int32_t mentors = static_cast<int32_t>(picture.problem().mentors.size());
  for (int32_t need = 0; need < needs; ++need) {
    at_need_.push_back(inside_[picture.FirstNeed() + need] == tail_inside ? 0 : -1);
  }
  for (int32_t mentor = 0; mentor < mentors; ++mentor) {
    at_mentor_.push_back(inside_[picture.FirstMentor() + mentor] == tail_inside ? 1 : 0);
  }
}

Screen CutProof::screen() const { return {at_need_.data(), at_mentor_.data(), 0, 0, min_score_}; }

std::string CutProof::ReadSet() {
  std::vector<NodeRef> nodes = conflict_.mentor_requests;
  for (int32_t need : conflict_.needs) nodes.push_back({NodeKind::kNeed, need, ""});
  for (int32_t mentor : conflict_.mentors) nodes.push_back({NodeKind::kMentor, mentor, ""});
  for (const std::string& name : conflict_.beneficiaries) {
    nodes.push_back({NodeKind::kBeneficiary, -1, name});
  }
  for (int32_t quota : conflict_.quotas) {
    const bool known = quota >= 0 && quota < static_cast<int64_t>(picture_.problem().quotas.size());
    if (!known) return "conflict: an unknown quota";
    const bool need_side = picture_.problem().quotas[quota].side == Side::kNeed;
    nodes.push_back({need_side ? NodeKind::kNeedQuota : NodeKind::kMentorQuota, quota, ""});
  }
  for (const NodeRef& node : nodes) {
    const int32_t number = picture_.NumberOf(node);
    if (number <= 0) return "conflict: it names something that is no node of the problem";
    if (inside_[number])
      return absl::StrCat("conflict: ", picture_.NameOf(number), " stands twice");
    inside_[number] = true;
  }
  return "";
}

std::string CutProof::Check() const {
  if (!failure_.empty()) return failure_;
  absl::int128 demand = 0;
  absl::int128 supply = 0;
  std::vector<PairRef> pins;
  picture_.ForEachArc(min_score_, [&](const PictureArc& arc) {
    if (inside_[arc.tail] == inside_[arc.head]) return true;
    if (inside_[arc.head] != conflict_.demand_enters) {
      supply += arc.max;
      return true;
    }
    demand += arc.min;
    if (arc.pair < 0 || arc.min == 0) return true;
    pins.push_back({arc.tail - picture_.FirstNeed(), arc.mentor});
    return true;
  });
  if (demand != conflict_.demand || supply != conflict_.supply) {
    return absl::StrCat("conflict: demand ", conflict_.demand, " and supply ", conflict_.supply,
                        " are stated, but the set does not have them");
  }
  if (conflict_.demand <= conflict_.supply) return "conflict: demand is not more than supply";
  const auto order = [](const PairRef& a, const PairRef& b) {
    return a.need != b.need ? a.need < b.need : a.mentor < b.mentor;
  };
  std::vector<PairRef> stated = conflict_.pins;
  std::sort(stated.begin(), stated.end(), order);
  std::sort(pins.begin(), pins.end(), order);
  if (!(stated == pins)) return "conflict: the pins stated are not those of the demand";
  return "";
}

}  // namespace tandem::engine::check
