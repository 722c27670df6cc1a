#include "services/matching/engine/assignment/check/picture.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/sha256.h"

namespace tandem::engine::check {
namespace {

uint64_t Key(int32_t need, int32_t mentor) {
  return static_cast<uint64_t>(need) << 32 | static_cast<uint32_t>(mentor);
}

// The first 8 bytes, big-endian, of the SHA-256 of an id.
uint64_t HashOf(const std::string& id) {
  const std::string bytes = base::Sha256(id);
  uint64_t hash = 0;
  for (size_t i = 0; i < 8; ++i) hash = hash * 256 + static_cast<uint8_t>(bytes[i]);
  return hash;
}

// The first output of SplitMix64 from `state`.
uint64_t SplitMix64(uint64_t state) {
  state += 0x9e3779b97f4a7c15ULL;
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9ULL;
  state = (state ^ (state >> 27)) * 0x94d049bb133111ebULL;
  return state ^ (state >> 31);
}

}  // namespace

Picture::Picture(const AssignmentProblem& problem, const std::vector<Match>& matches)
    : problem_(problem),
      matches_(matches),
      forbidden_(problem.pairs.size(), false),
      pinned_(problem.pairs.size(), false),
      previous_(problem.pairs.size(), false),
      chosen_(problem.pairs.size(), false),
      need_load_(problem.needs.size(), 0),
      mentor_load_(problem.mentors.size(), 0),
      quota_load_(problem.quotas.size(), 0) {
  pair_at_.reserve(problem.pairs.size());
  for (size_t i = 0; i < problem.pairs.size(); ++i) {
    pair_at_[Key(problem.pairs[i].need, problem.pairs[i].mentor)] = static_cast<int32_t>(i);
  }
  const auto mark = [this](int32_t need, int32_t mentor, std::vector<bool>& marks) {
    const auto found = pair_at_.find(Key(need, mentor));
    if (found != pair_at_.end()) marks[found->second] = true;
  };
  for (const PairRef& pair : problem.forbidden) mark(pair.need, pair.mentor, forbidden_);
  for (const PairRef& pair : problem.pinned) mark(pair.need, pair.mentor, pinned_);
  for (const Match& match : matches) mark(match.need, match.mentor, chosen_);
  for (const AssignmentNeed& need : problem.needs) need_hash_.push_back(HashOf(need.id));
  for (const AssignmentMentor& mentor : problem.mentors) mentor_hash_.push_back(HashOf(mentor.id));
  MarkPrevious();
  NumberNodes();
  CountLoads();
}

void Picture::MarkPrevious() {
  if (problem_.previous.empty()) return;
  absl::flat_hash_set<std::pair<absl::string_view, absl::string_view>> ids;
  for (const PairOfIds& pair : problem_.previous) ids.insert({pair.need, pair.mentor});
  for (size_t i = 0; i < problem_.pairs.size(); ++i) {
    const AssignmentPair& pair = problem_.pairs[i];
    previous_[i] = ids.contains({problem_.needs[pair.need].id, problem_.mentors[pair.mentor].id});
  }
}

void Picture::NumberNodes() {
  need_base_ = 1 + static_cast<int32_t>(problem_.quotas.size());
  mentor_base_ = need_base_ + static_cast<int32_t>(problem_.needs.size());
  nodes_ = mentor_base_ + static_cast<int32_t>(problem_.mentors.size());
  if (problem_.objective == Objective::kCoverage) {
    for (const AssignmentNeed& need : problem_.needs) {
      if (beneficiary_.emplace(BeneficiaryOf(need), nodes_).second) ++nodes_;
    }
  }
  absl::flat_hash_map<absl::string_view, int> roles;
  for (const AssignmentNeed& need : problem_.needs) ++roles[RequestOf(need)];
  for (size_t i = 0; i < problem_.pairs.size(); ++i) {
    const AssignmentPair& pair = problem_.pairs[i];
    const absl::string_view request = RequestOf(problem_.needs[pair.need]);
    if (forbidden_[i] || roles[request] < 2) continue;
    if (mentor_request_.emplace(MentorRequest(pair.mentor, request), nodes_).second) ++nodes_;
  }
}

void Picture::CountLoads() {
  for (const Match& match : matches_) {
    const AssignmentNeed& need = problem_.needs[match.need];
    ++need_load_[match.need];
    ++mentor_load_[match.mentor];
    ++beneficiary_load_[BeneficiaryOf(need)];
    ++mentor_request_load_[{match.mentor, RequestOf(need)}];
    for (int32_t q = need.quota; q >= 0; q = problem_.quotas[q].parent) ++quota_load_[q];
    for (int32_t q = problem_.mentors[match.mentor].quota; q >= 0; q = problem_.quotas[q].parent) {
      ++quota_load_[q];
    }
  }
}

int32_t Picture::AllowedPair(int32_t need, int32_t mentor) const {
  const auto found = pair_at_.find(Key(need, mentor));
  if (found == pair_at_.end() || forbidden_[found->second]) return -1;
  return found->second;
}

bool Picture::IsForbidden(int32_t pair) const { return forbidden_[pair]; }
bool Picture::IsPinned(int32_t pair) const { return pinned_[pair]; }
bool Picture::IsPrevious(int32_t pair) const { return previous_[pair]; }
bool Picture::IsChosen(int32_t pair) const { return chosen_[pair]; }

int64_t Picture::DrawOf(int32_t pair, int which) const {
  const uint64_t need = need_hash_[problem_.pairs[pair].need];
  const uint64_t mentor = mentor_hash_[problem_.pairs[pair].mentor];
  const uint64_t turned = mentor << 32 | mentor >> 32;
  const uint64_t output =
      SplitMix64((problem_.seed + static_cast<uint64_t>(which)) ^ need ^ turned);
  return static_cast<int64_t>(output % (uint64_t{1} << 40));
}

int32_t Picture::NumberOf(const NodeRef& node) const {
  const auto in = [&node](size_t size) {
    return node.index >= 0 && node.index < static_cast<int64_t>(size);
  };
  switch (node.kind) {
    case NodeKind::kGround:
      return 0;
    case NodeKind::kNeedQuota:
    case NodeKind::kMentorQuota: {
      const Side side = node.kind == NodeKind::kNeedQuota ? Side::kNeed : Side::kMentor;
      if (!in(problem_.quotas.size()) || problem_.quotas[node.index].side != side) return -1;
      return Quota(node.index);
    }
    case NodeKind::kNeed:
      return in(problem_.needs.size()) ? Need(node.index) : -1;
    case NodeKind::kMentor:
      return in(problem_.mentors.size()) ? Mentor(node.index) : -1;
    case NodeKind::kBeneficiary: {
      const auto found = beneficiary_.find(node.name);
      return found == beneficiary_.end() ? -1 : found->second;
    }
    case NodeKind::kMentorRequest: {
      const auto found = mentor_request_.find({node.index, node.name});
      return found == mentor_request_.end() ? -1 : found->second;
    }
  }
  return -1;
}

std::string Picture::NameOf(int32_t node) const {
  if (node == 0) return "the ground";
  if (node < need_base_) return absl::StrCat("quota '", problem_.quotas[node - 1].id, "'");
  if (node < mentor_base_) {
    return absl::StrCat("need '", problem_.needs[node - need_base_].id, "'");
  }
  const int32_t mentor = node - mentor_base_;
  if (mentor < static_cast<int32_t>(problem_.mentors.size())) {
    return absl::StrCat("mentor '", problem_.mentors[mentor].id, "'");
  }
  for (const auto& [name, number] : beneficiary_) {
    if (number == node) return absl::StrCat("beneficiary '", name, "'");
  }
  for (const auto& [key, number] : mentor_request_) {
    if (number != node) continue;
    return absl::StrCat("mentor '", problem_.mentors[key.first].id, "' in request '", key.second,
                        "'");
  }
  return "an unknown node";
}

std::string Picture::PairName(int32_t pair) const {
  return absl::StrCat("need '", problem_.needs[problem_.pairs[pair].need].id, "' and mentor '",
                      problem_.mentors[problem_.pairs[pair].mentor].id, "'");
}

void Picture::ForEachArc(int64_t min_score,
                         const std::function<bool(const PictureArc&)>& visit) const {
  if (!VisitNeedSide(visit)) return;
  if (!VisitPairs(min_score, visit)) return;
  VisitMentorSide(visit);
}

bool Picture::VisitNeedSide(const std::function<bool(const PictureArc&)>& visit) const {
  for (size_t q = 0; q < problem_.quotas.size(); ++q) {
    const AssignmentQuota& quota = problem_.quotas[q];
    PictureArc arc;
    arc.tail = Quota(quota.parent);
    arc.head = Quota(static_cast<int32_t>(q));
    if (quota.side == Side::kMentor) std::swap(arc.tail, arc.head);
    arc.min = quota.min;
    arc.max = quota.max == kUnlimited ? kUnbounded : quota.max;
    arc.flow = quota_load_[q];
    if (!visit(arc)) return false;
  }
  absl::flat_hash_set<absl::string_view> seen;
  for (size_t n = 0; n < problem_.needs.size(); ++n) {
    const AssignmentNeed& need = problem_.needs[n];
    if (problem_.objective == Objective::kCoverage && seen.insert(BeneficiaryOf(need)).second) {
      const auto load = beneficiary_load_.find(BeneficiaryOf(need));
      const int64_t served = load == beneficiary_load_.end() ? 0 : load->second;
      PictureArc arc;
      arc.tail = Quota(need.quota);
      arc.head = beneficiary_.at(BeneficiaryOf(need));
      arc.max = 1;
      arc.flow = std::min<int64_t>(served, 1);
      arc.serves_beneficiary = true;
      if (!visit(arc)) return false;
      arc.max = kUnbounded;
      arc.flow = served - arc.flow;
      arc.serves_beneficiary = false;
      if (!visit(arc)) return false;
    }
    if (!VisitNeed(static_cast<int32_t>(n), visit)) return false;
  }
  return true;
}

bool Picture::VisitNeed(int32_t index, const std::function<bool(const PictureArc&)>& visit) const {
  const AssignmentNeed& need = problem_.needs[index];
  PictureArc arc;
  arc.tail = problem_.objective == Objective::kCoverage ? beneficiary_.at(BeneficiaryOf(need))
                                                        : Quota(need.quota);
  arc.head = Need(index);
  arc.slot_tier = need.tier;
  arc.min = need.min;
  arc.max = need.max;
  arc.flow = need_load_[index];
  if (problem_.fill == Fill::kOptional) return visit(arc);
  PictureArc first = arc;
  first.serves_tier = need.tier;
  first.min = std::min<int64_t>(need.min, 1);
  first.max = std::min<int64_t>(need.max, 1);
  first.flow = std::min<int64_t>(arc.flow, 1);
  if (!visit(first)) return false;
  arc.min -= first.min;
  arc.max -= first.max;
  arc.flow -= first.flow;
  return visit(arc);
}

bool Picture::VisitPairs(int64_t min_score,
                         const std::function<bool(const PictureArc&)>& visit) const {
  for (size_t i = 0; i < problem_.pairs.size(); ++i) {
    const AssignmentPair& pair = problem_.pairs[i];
    if (forbidden_[i] || (pair.score < min_score && !pinned_[i])) continue;
    PictureArc arc;
    arc.tail = Need(pair.need);
    arc.head = Mentor(pair.mentor);
    if (!mentor_request_.empty()) {
      const auto node = mentor_request_.find({pair.mentor, RequestOf(problem_.needs[pair.need])});
      if (node != mentor_request_.end()) arc.head = node->second;
    }
    arc.min = pinned_[i] ? 1 : 0;
    arc.max = 1;
    arc.flow = chosen_[i] ? 1 : 0;
    arc.pair = static_cast<int32_t>(i);
    if (!visit(arc)) return false;
  }
  return true;
}

bool Picture::VisitMentorSide(const std::function<bool(const PictureArc&)>& visit) const {
  for (const auto& [key, node] : mentor_request_) {
    const auto load = mentor_request_load_.find(key);
    PictureArc arc;
    arc.tail = node;
    arc.head = Mentor(key.first);
    arc.max = 1;
    arc.flow = load == mentor_request_load_.end() ? 0 : load->second;
    if (!visit(arc)) return false;
  }
  for (size_t m = 0; m < problem_.mentors.size(); ++m) {
    const AssignmentMentor& mentor = problem_.mentors[m];
    PictureArc arc;
    arc.tail = Mentor(static_cast<int32_t>(m));
    arc.head = Quota(mentor.quota);
    arc.min = mentor.min;
    arc.max = mentor.max;
    arc.flow = mentor_load_[m];
    if (!visit(arc)) return false;
  }
  return true;
}

}  // namespace tandem::engine::check
