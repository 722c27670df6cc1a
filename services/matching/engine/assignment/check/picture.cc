#include "services/matching/engine/assignment/check/picture.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/sha256.h"

namespace tandem::engine::check {
namespace {

// The first 8 bytes, big-endian, of the SHA-256 of an id.
uint64_t HashOf(const std::string& id) {
  const std::string bytes = base::Sha256(id);
  uint64_t hash = 0;
  for (size_t i = 0; i < 8; ++i) hash = hash * 256 + static_cast<uint8_t>(bytes[i]);
  return hash;
}

uint64_t HashOnce(const std::string& id, uint64_t* hash) {
  if (*hash == 0) *hash = HashOf(id);
  return *hash;
}

// The first output of SplitMix64 from `state`.
uint64_t SplitMix64(uint64_t state) {
  state += 0x9e3779b97f4a7c15ULL;
  state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9ULL;
  state = (state ^ (state >> 27)) * 0x94d049bb133111ebULL;
  return state ^ (state >> 31);
}

constexpr uint64_t kEveryBit = ~uint64_t{0};

}  // namespace

Picture::Picture(const AssignmentProblem& problem, const std::vector<Match>& matches)
    : problem_(problem),
      need_load_(problem.needs.size(), 0),
      mentor_load_(problem.mentors.size(), 0),
      quota_load_(problem.quotas.size(), 0),
      shared_request_(problem.needs.size(), -1),
      need_hash_(problem.needs.size(), 0),
      mentor_hash_(problem.mentors.size(), 0) {
  ReadNeeds();
  NamePairs(matches);
  NumberNodes();
  SetPartners();
  CountLoads(matches);
  other_arcs_.reserve(problem.quotas.size() + 2 * beneficiary_.size() + 2 * problem.needs.size() +
                      roles_.size() + problem.mentors.size());
  DrawNeedSide();
  DrawMentorSide();
}

void Picture::ReadNeeds() {
  for (const AssignmentNeed& need : problem_.needs) {
    tiers_ |= 1u << need.tier;
    names_beneficiaries_ = names_beneficiaries_ || !need.beneficiary.empty();
    names_requests_ = names_requests_ || !need.request.empty();
  }
}

template <typename Take>
void Picture::ForEachNamed(const std::vector<Match>& matches, const Take& take) const {
  for (const Match& match : matches) take(match.need, match.mentor, kChosen);
  for (const PairRef& pair : problem_.pinned) take(pair.need, pair.mentor, kPinned);
  for (const PairRef& pair : problem_.forbidden) take(pair.need, pair.mentor, kForbidden);
  if (problem_.previous.empty()) return;
  absl::flat_hash_map<absl::string_view, int32_t> needs;
  absl::flat_hash_map<absl::string_view, int32_t> mentors;
  for (size_t i = 0; i < problem_.needs.size(); ++i) needs[problem_.needs[i].id] = i;
  for (size_t i = 0; i < problem_.mentors.size(); ++i) mentors[problem_.mentors[i].id] = i;
  for (const PairOfIds& pair : problem_.previous) {
    const auto need = needs.find(pair.need);
    const auto mentor = mentors.find(pair.mentor);
    if (need == needs.end() || mentor == mentors.end()) continue;
    take(need->second, mentor->second, kPrevious);
  }
}

// Sorts what is named by need and mentor: counted by need first, then each need's few.
void Picture::NamePairs(const std::vector<Match>& matches) {
  const size_t needs = problem_.needs.size();
  std::vector<std::pair<int32_t, Named>> found;
  found.reserve(matches.size() + problem_.pinned.size() + problem_.forbidden.size() +
                problem_.previous.size());
  named_from_.assign(needs + 1, 0);
  ForEachNamed(matches, [&](int32_t need, int32_t mentor, Mark mark) {
    found.push_back({need, {mentor, -1, 0, mark}});
    ++named_from_[need + 1];
  });
  for (size_t need = 0; need < needs; ++need) named_from_[need + 1] += named_from_[need];
  named_.resize(found.size());
  std::vector<int32_t> next = named_from_;
  for (const auto& [need, named] : found) named_[next[need]++] = named;
  for (size_t need = 0; need < needs; ++need) {
    const auto begin = named_.begin() + named_from_[need];
    const auto end = named_.begin() + named_from_[need + 1];
    if (end - begin < 2) continue;
    std::sort(begin, end, [](const Named& a, const Named& b) { return a.mentor < b.mentor; });
    // Of a pair that is named more than once the first entry tells all.
    for (auto last = end - 1; last != begin; --last) {
      if (last->mentor == (last - 1)->mentor) (last - 1)->marks |= last->marks;
    }
  }
}

const Picture::Named* Picture::FindNamed(int32_t need, int32_t mentor) const {
  const Named* const begin = named_.data() + named_from_[need];
  const Named* const end = named_.data() + named_from_[need + 1];
  const Named* const found =
      std::lower_bound(begin, end, mentor, [](const Named& a, int32_t m) { return a.mentor < m; });
  return found == end || found->mentor != mentor ? nullptr : found;
}

void Picture::SetPartners() {
  partners_.resize(problem_.needs.size());
  for (size_t need = 0; need < partners_.size(); ++need) {
    Partners& partners = partners_[need];
    const int32_t begin = named_from_[need];
    const int32_t end = named_from_[need + 1];
    if (shared_request_[need] >= 0) {
      partners.bits = kEveryBit;
    } else if (end - begin == 1) {
      partners.only = named_[begin].mentor;
    } else {
      for (int32_t i = begin; i < end; ++i) partners.bits |= uint64_t{1} << (named_[i].mentor & 63);
    }
  }
}

void Picture::Keep(int32_t pair) {
  const AssignmentPair& p = problem_.pairs[pair];
  const Named* const found = FindNamed(p.need, p.mentor);
  if (found == nullptr) {
    kept_pairs_.push_back(pair);
    return;
  }
  Named& named = named_[found - named_.data()];
  named.pair = pair;
  named.score = p.score;
  if (found->marks & kChosen) chosen_pairs_.push_back(pair);
}

// A need's pairs mostly stand together, so what concerns the need is read once for a run of them;
// of a mentor, 8 bytes per screen are read.
template <size_t kScreens>
void Picture::Pass(const Screen* given) {
  Screen screens[kScreens + 1];
  std::copy(given, given + kScreens, screens);
  const AssignmentPair* const pairs = problem_.pairs.data();
  const size_t size = problem_.pairs.size();
  for (size_t i = 0; i < size;) {
    const int32_t need = pairs[i].need;
    const Partners partners = partners_[need];
    int64_t at_need[kScreens + 1];
    for (size_t s = 0; s < kScreens; ++s) at_need[s] = screens[s].at_need[need];
    for (; i < size && pairs[i].need == need; ++i) {
      const AssignmentPair& pair = pairs[i];
      bool keep = (pair.mentor == partners.only) | (partners.bits >> (pair.mentor & 63) & 1);
      for (size_t s = 0; s < kScreens; ++s) {
        const Screen& screen = screens[s];
        const int64_t reduced =
            pair.score * screen.factor + at_need[s] - screen.at_mentor[pair.mentor];
        keep |= (pair.score >= screen.min_score) & (reduced >= screen.least);
      }
      if (keep) Keep(static_cast<int32_t>(i));
    }
  }
}

void Picture::LookThrough(const std::vector<Screen>& screens) {
  kept_pairs_.reserve(named_.size());
  switch (screens.size()) {
    case 0:
      return Pass<0>(nullptr);
    case 1:
      return Pass<1>(screens.data());
    case 2:
      return Pass<2>(screens.data());
    default:
      return Pass<3>(screens.data());
  }
}

void Picture::NumberNodes() {
  need_base_ = 1 + static_cast<int32_t>(problem_.quotas.size());
  mentor_base_ = need_base_ + static_cast<int32_t>(problem_.needs.size());
  nodes_ = mentor_base_ + static_cast<int32_t>(problem_.mentors.size());
  if (problem_.objective == Objective::kCoverage) {
    for (const AssignmentNeed& need : problem_.needs) {
      const auto [node, added] = beneficiary_.emplace(BeneficiaryOf(need), nodes_);
      if (added) ++nodes_;
      beneficiary_of_need_.push_back(node->second);
    }
    beneficiary_load_.assign(beneficiary_.size(), 0);
  }
  role_base_ = nodes_;
  NumberRoles();
  nodes_ += static_cast<int32_t>(roles_.size());
}

void Picture::NumberRoles() {
  if (!names_requests_) return;  // Then each need is a request of its own.
  absl::flat_hash_map<absl::string_view, int32_t> first_of;  // The first need of each request.
  first_of.reserve(problem_.needs.size());
  for (size_t i = 0; i < problem_.needs.size(); ++i) {
    const int32_t need = static_cast<int32_t>(i);
    const auto [first, added] = first_of.emplace(RequestOf(problem_.needs[i]), need);
    if (added) continue;
    shared_request_[first->second] = first->second;
    shared_request_[need] = first->second;
    request_by_name_.emplace(first->first, first->second);
  }
  if (request_by_name_.empty()) return;
  for (size_t i = 0; i < problem_.pairs.size(); ++i) {
    const AssignmentPair& pair = problem_.pairs[i];
    const int32_t request = shared_request_[pair.need];
    if (request < 0 || IsForbidden(static_cast<int32_t>(i))) continue;
    const int32_t number = static_cast<int32_t>(roles_.size());
    if (!role_at_.emplace(Key(pair.mentor, request), number).second) continue;
    roles_.push_back({pair.mentor, request, 0});
  }
}

int32_t Picture::FindRole(int32_t mentor, int32_t shared_request) const {
  const auto found = role_at_.find(Key(mentor, shared_request));
  return found == role_at_.end() ? -1 : found->second;
}

int32_t Picture::RoleOrMentor(int32_t need, int32_t mentor) const {
  const int32_t request = shared_request_[need];
  const int32_t role = request < 0 ? -1 : FindRole(mentor, request);
  return role < 0 ? Mentor(mentor) : role_base_ + role;
}

void Picture::CountLoads(const std::vector<Match>& matches) {
  const int32_t first_beneficiary = mentor_base_ + static_cast<int32_t>(problem_.mentors.size());
  for (const Match& match : matches) {
    const AssignmentNeed& need = problem_.needs[match.need];
    ++need_load_[match.need];
    ++mentor_load_[match.mentor];
    if (!beneficiary_load_.empty()) {
      ++beneficiary_load_[beneficiary_of_need_[match.need] - first_beneficiary];
    }
    const int32_t request = shared_request_[match.need];
    const int32_t role = request < 0 ? -1 : FindRole(match.mentor, request);
    if (role >= 0) ++roles_[role].load;
    for (int32_t q = need.quota; q >= 0; q = problem_.quotas[q].parent) ++quota_load_[q];
    for (int32_t q = problem_.mentors[match.mentor].quota; q >= 0; q = problem_.quotas[q].parent) {
      ++quota_load_[q];
    }
  }
}

int32_t Picture::AllowedPair(int32_t need, int32_t mentor) const {
  const Named* const found = FindNamed(need, mentor);
  return found == nullptr || found->marks & kForbidden ? -1 : found->pair;
}

int64_t Picture::DrawOf(int32_t need_index, int32_t mentor_index, int which) const {
  const uint64_t need = HashOnce(problem_.needs[need_index].id, &need_hash_[need_index]);
  const uint64_t mentor = HashOnce(problem_.mentors[mentor_index].id, &mentor_hash_[mentor_index]);
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
      const auto request = request_by_name_.find(node.name);
      if (request == request_by_name_.end()) return -1;
      const int32_t role = FindRole(node.index, request->second);
      return role < 0 ? -1 : role_base_ + role;
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
  if (node >= role_base_) {
    const Role& role = roles_[node - role_base_];
    return absl::StrCat("mentor '", problem_.mentors[role.mentor].id, "' in request '",
                        RequestOf(problem_.needs[role.need]), "'");
  }
  for (const auto& [name, number] : beneficiary_) {
    if (number == node) return absl::StrCat("beneficiary '", name, "'");
  }
  return "an unknown node";
}

std::string Picture::PairName(int32_t pair) const {
  return absl::StrCat("need '", problem_.needs[problem_.pairs[pair].need].id, "' and mentor '",
                      problem_.mentors[problem_.pairs[pair].mentor].id, "'");
}

void Picture::DrawNeedSide() {
  for (size_t q = 0; q < problem_.quotas.size(); ++q) {
    const AssignmentQuota& quota = problem_.quotas[q];
    PictureArc arc;
    arc.tail = Quota(quota.parent);
    arc.head = Quota(static_cast<int32_t>(q));
    if (quota.side == Side::kMentor) std::swap(arc.tail, arc.head);
    arc.min = quota.min;
    arc.max = quota.max == kUnlimited ? kUnbounded : quota.max;
    arc.flow = quota_load_[q];
    other_arcs_.push_back(arc);
  }
  std::vector<bool> drawn(nodes_, false);
  const bool covered = problem_.objective == Objective::kCoverage;
  for (int32_t need = 0; need < static_cast<int64_t>(problem_.needs.size()); ++need) {
    if (covered && !drawn[beneficiary_of_need_[need]]) {
      drawn[beneficiary_of_need_[need]] = true;
      DrawBeneficiary(need);
    }
    DrawNeed(need);
  }
}

// The arcs into the beneficiary of `need`.
void Picture::DrawBeneficiary(int32_t need) {
  const int32_t first_beneficiary = mentor_base_ + static_cast<int32_t>(problem_.mentors.size());
  const int64_t served = beneficiary_load_[beneficiary_of_need_[need] - first_beneficiary];
  PictureArc arc;
  arc.tail = Quota(problem_.needs[need].quota);
  arc.head = beneficiary_of_need_[need];
  arc.max = 1;
  arc.flow = std::min<int64_t>(served, 1);
  arc.serves_beneficiary = true;
  other_arcs_.push_back(arc);
  arc.max = kUnbounded;
  arc.flow = served - arc.flow;
  arc.serves_beneficiary = false;
  other_arcs_.push_back(arc);
}

void Picture::DrawNeed(int32_t index) {
  const AssignmentNeed& need = problem_.needs[index];
  PictureArc arc;
  arc.tail =
      problem_.objective == Objective::kCoverage ? beneficiary_of_need_[index] : Quota(need.quota);
  arc.head = Need(index);
  arc.slot_tier = need.tier;
  arc.min = need.min;
  arc.max = need.max;
  arc.flow = need_load_[index];
  if (problem_.fill == Fill::kFirst) {
    PictureArc first = arc;
    first.serves_tier = need.tier;
    first.min = std::min<int64_t>(need.min, 1);
    first.max = std::min<int64_t>(need.max, 1);
    first.flow = std::min<int64_t>(arc.flow, 1);
    other_arcs_.push_back(first);
    arc.min -= first.min;
    arc.max -= first.max;
    arc.flow -= first.flow;
  }
  other_arcs_.push_back(arc);
}

void Picture::DrawMentorSide() {
  for (size_t i = 0; i < roles_.size(); ++i) {
    PictureArc arc;
    arc.tail = role_base_ + static_cast<int32_t>(i);
    arc.head = Mentor(roles_[i].mentor);
    arc.max = 1;
    arc.flow = roles_[i].load;
    other_arcs_.push_back(arc);
  }
  for (size_t m = 0; m < problem_.mentors.size(); ++m) {
    const AssignmentMentor& mentor = problem_.mentors[m];
    PictureArc arc;
    arc.tail = Mentor(static_cast<int32_t>(m));
    arc.head = Quota(mentor.quota);
    arc.min = mentor.min;
    arc.max = mentor.max;
    arc.flow = mentor_load_[m];
    other_arcs_.push_back(arc);
  }
}

}  // namespace tandem::engine::check
