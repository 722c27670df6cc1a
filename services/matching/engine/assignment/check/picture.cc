#include "services/matching/engine/assignment/check/picture.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/sha256.h"

namespace tandem::engine::check {
namespace {

// The hash of an id, kept at `hash`.
uint64_t HashOnce(const std::string& id, uint64_t* hash) {
  if (*hash == 0) *hash = base::Sha256Prefix(id);
  return *hash;
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
      needs_(problem.needs.size()),
      mentors_(problem.mentors.size()),
      quota_load_(problem.quotas.size(), 0),
      need_hash_(problem.needs.size(), 0),
      mentor_hash_(problem.mentors.size(), 0) {
  ReadParties(matches);
  ReadPrevious();
  NamePairs(matches);
  NumberNodes();
  CountGroupLoads(matches);
}

// The ids of those who have a match are hashed on the way: each takes longer than all else here,
// and a processor works on several at once when they follow each other.
void Picture::ReadParties(const std::vector<Match>& matches) {
  for (const Match& match : matches) {
    ++needs_[match.need].load;
    ++mentors_[match.mentor].load;
  }
  for (size_t i = 0; i < needs_.size(); ++i) {
    const AssignmentNeed& need = problem_.needs[i];
    Party& party = needs_[i];
    party.min = static_cast<int32_t>(need.min);
    party.max = static_cast<int32_t>(need.max);
    party.quota = need.quota;
    party.tier = need.tier;
    tiers_ |= 1u << need.tier;
    names_beneficiaries_ = names_beneficiaries_ || !need.beneficiary.empty();
    names_requests_ = names_requests_ || !need.request.empty();
    if (party.load > 0) need_hash_[i] = base::Sha256Prefix(need.id);
  }
  for (size_t m = 0; m < mentors_.size(); ++m) {
    const AssignmentMentor& mentor = problem_.mentors[m];
    Party& party = mentors_[m];
    party.min = static_cast<int32_t>(mentor.min);
    party.max = static_cast<int32_t>(mentor.max);
    party.quota = mentor.quota;
    if (party.load > 0) mentor_hash_[m] = base::Sha256Prefix(mentor.id);
  }
}

void Picture::ReadPrevious() {
  if (problem_.previous.empty()) return;
  absl::flat_hash_map<absl::string_view, int32_t> needs;
  absl::flat_hash_map<absl::string_view, int32_t> mentors;
  for (size_t i = 0; i < needs_.size(); ++i) needs[problem_.needs[i].id] = i;
  for (size_t i = 0; i < mentors_.size(); ++i) mentors[problem_.mentors[i].id] = i;
  for (const PairOfIds& pair : problem_.previous) {
    const auto need = needs.find(pair.need);
    const auto mentor = mentors.find(pair.mentor);
    if (need == needs.end() || mentor == mentors.end()) continue;
    previous_.push_back({need->second, mentor->second});
  }
}

template <typename Take>
void Picture::ForEachNamed(const std::vector<Match>& matches, const Take& take) const {
  for (const Match& match : matches) take(match.need, match.mentor, NamedPair::kChosen);
  for (const PairRef& p : problem_.pinned) take(p.need, p.mentor, NamedPair::kPinned);
  for (const PairRef& p : problem_.forbidden) take(p.need, p.mentor, NamedPair::kForbidden);
  for (const PairRef& p : previous_) take(p.need, p.mentor, NamedPair::kPrevious);
}

// Sorts what is named by need and mentor: counted by need first, then each need's few.
void Picture::NamePairs(const std::vector<Match>& matches) {
  named_from_.assign(needs_.size() + 1, 0);
  ForEachNamed(matches, [this](int32_t need, int32_t, NamedPair::Mark) { ++named_from_[need]; });
  int32_t sum = 0;
  for (int32_t& end : named_from_) end = sum += end;
  named_.resize(static_cast<size_t>(sum));
  // Filled from behind, so that what were ends become beginnings.
  ForEachNamed(matches, [this](int32_t need, int32_t mentor, NamedPair::Mark mark) {
    NamedPair& named = named_[--named_from_[need]];
    named.mentor = mentor;
    named.marks = mark;
  });
  for (size_t need = 0; need < needs_.size(); ++need) {
    const auto begin = named_.begin() + named_from_[need];
    const auto end = named_.begin() + named_from_[need + 1];
    if (end - begin < 2) continue;
    std::sort(begin, end,
              [](const NamedPair& a, const NamedPair& b) { return a.mentor < b.mentor; });
    // Of a pair that is named more than once the first entry tells all.
    for (auto last = end - 1; last != begin; --last) {
      if (last->mentor == (last - 1)->mentor) (last - 1)->marks |= last->marks;
    }
  }
}

const NamedPair* Picture::FindNamed(int32_t need, int32_t mentor) const {
  const NamedPair* const begin = named_.data() + named_from_[need];
  const NamedPair* const end = named_.data() + named_from_[need + 1];
  const NamedPair* const found = std::lower_bound(
      begin, end, mentor, [](const NamedPair& a, int32_t m) { return a.mentor < m; });
  return found == end || found->mentor != mentor ? nullptr : found;
}

void Picture::Keep(int32_t pair) {
  const AssignmentPair& p = problem_.pairs[pair];
  const NamedPair* const found = FindNamed(p.need, p.mentor);
  if (found == nullptr) {
    kept_pairs_.push_back({p.need, p.mentor, pair, p.score});
    return;
  }
  NamedPair& named = named_[found - named_.data()];
  named.pair = pair;
  named.score = p.score;
}

// Looks through the pairs of one need that stand together from `first` on; where they end.
template <typename Rule>
size_t Picture::PassRow(size_t first, const Rule& keeps) {
  const AssignmentPair* const pairs = problem_.pairs.data();
  const size_t size = problem_.pairs.size();
  const int32_t need = pairs[first].need;
  size_t i = first;
  for (; i < size && pairs[i].need == need; ++i) {
    // Far enough ahead for the main memory; beyond the end nothing happens.
    __builtin_prefetch(pairs + i + 128);
    if (keeps(pairs[i])) Keep(static_cast<int32_t>(i));
  }
  return i;
}

// A need's pairs mostly stand together, so what concerns the need is read once for a run of them;
// of a mentor, 8 bytes per screen are read. `kLimited`: scores may be beyond what a screen can say
// something about.
template <size_t kScreens, bool kLimited>
void Picture::Pass(const Screen* given) {
  Screen screens[kScreens + 1];
  std::copy(given, given + kScreens, screens);
  for (size_t i = 0; i < problem_.pairs.size();) {
    const int32_t need = problem_.pairs[i].need;
    int64_t least[kScreens + 1];
    for (size_t s = 0; s < kScreens; ++s) least[s] = screens[s].least - screens[s].at_need[need];
    const auto any_screen_keeps = [&](const AssignmentPair& pair) {
      bool keep = false;
      for (size_t s = 0; s < kScreens; ++s) {
        const Screen& screen = screens[s];
        // Unsigned, since beyond the limit the product may be anything.
        const auto value = static_cast<int64_t>(
            static_cast<uint64_t>(pair.score) * static_cast<uint64_t>(screen.factor) -
            static_cast<uint64_t>(screen.at_mentor[pair.mentor]));
        bool keeps = value >= least[s];
        if (kLimited) {
          keeps = (keeps | (pair.score > screen.max_score)) & (pair.score >= screen.min_score);
        }
        keep |= keeps;
      }
      return keep;
    };
    const NamedPair* const named = named_.data() + named_from_[need];
    const int32_t count = named_from_[need + 1] - named_from_[need];
    if (SharedRequest(need) >= 0) {
      i = PassRow(i, [](const AssignmentPair&) { return true; });
    } else if (count == 1) {
      const int32_t only = named->mentor;
      i = PassRow(i, [&](const AssignmentPair& pair) {
        return (pair.mentor == only) | any_screen_keeps(pair);
      });
    } else {
      // Bit m % 64 stands for each named mentor m: Keep tells them from others.
      uint64_t bits = 0;
      for (int32_t k = 0; k < count; ++k) bits |= uint64_t{1} << (named[k].mentor & 63);
      i = PassRow(i, [&](const AssignmentPair& pair) {
        return static_cast<bool>(bits >> (pair.mentor & 63) & 1) | any_screen_keeps(pair);
      });
    }
  }
}

template <bool kLimited>
void Picture::PassWith(const std::vector<Screen>& screens) {
  switch (screens.size()) {
    case 0:
      return Pass<0, kLimited>(nullptr);
    case 1:
      return Pass<1, kLimited>(screens.data());
    case 2:
      return Pass<2, kLimited>(screens.data());
    default:
      return Pass<3, kLimited>(screens.data());
  }
}

void Picture::LookThrough(const std::vector<Screen>& screens) {
  kept_pairs_.reserve(named_.size());
  const bool limited = std::any_of(screens.begin(), screens.end(), [](const Screen& screen) {
    return screen.min_score > 0 || screen.max_score < kMaxScore;
  });
  limited ? PassWith<true>(screens) : PassWith<false>(screens);
}

void Picture::NumberNodes() {
  need_base_ = 1 + static_cast<int32_t>(problem_.quotas.size());
  mentor_base_ = need_base_ + static_cast<int32_t>(needs_.size());
  beneficiary_base_ = mentor_base_ + static_cast<int32_t>(mentors_.size());
  nodes_ = beneficiary_base_;
  if (problem_.objective == Objective::kCoverage) {
    for (size_t i = 0; i < needs_.size(); ++i) {
      const auto [node, added] = beneficiary_.emplace(BeneficiaryOf(problem_.needs[i]), nodes_);
      if (added) {
        ++nodes_;
        beneficiaries_.push_back({static_cast<int32_t>(i), 0});
      }
      beneficiary_of_need_.push_back(node->second);
    }
  }
  role_base_ = nodes_;
  NumberRoles();
  nodes_ += static_cast<int32_t>(roles_.size());
}

void Picture::NumberRoles() {
  if (!names_requests_) return;  // Then each need is a request of its own.
  shared_request_.assign(needs_.size(), -1);
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
    if (request < 0) continue;
    const NamedPair* const named = FindNamed(pair.need, pair.mentor);
    if (named != nullptr && named->Is(NamedPair::kForbidden)) continue;
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
  const int32_t request = SharedRequest(need);
  const int32_t role = request < 0 ? -1 : FindRole(mentor, request);
  return role < 0 ? Mentor(mentor) : role_base_ + role;
}

// Of beneficiaries, roles and quotas.
void Picture::CountGroupLoads(const std::vector<Match>& matches) {
  if (beneficiaries_.empty() && roles_.empty() && problem_.quotas.empty()) return;
  for (const Match& match : matches) {
    if (!beneficiaries_.empty()) {
      ++beneficiaries_[beneficiary_of_need_[match.need] - beneficiary_base_].load;
    }
    const int32_t request = SharedRequest(match.need);
    const int32_t role = request < 0 ? -1 : FindRole(match.mentor, request);
    if (role >= 0) ++roles_[role].load;
    for (const int32_t innermost : {needs_[match.need].quota, mentors_[match.mentor].quota}) {
      for (int32_t q = innermost; q >= 0; q = problem_.quotas[q].parent) ++quota_load_[q];
    }
  }
}

int64_t Picture::DrawOf(int32_t need_index, int32_t mentor_index, int which) const {
  const uint64_t need = HashOnce(problem_.needs[need_index].id, &need_hash_[need_index]);
  const uint64_t mentor = HashOnce(problem_.mentors[mentor_index].id, &mentor_hash_[mentor_index]);
  const uint64_t turned = mentor << 32 | mentor >> 32;
  const uint64_t output =
      SplitMix64((problem_.seed + static_cast<uint64_t>(which)) ^ need ^ turned);
  return static_cast<int64_t>(output % (uint64_t{1} << 40));
}

std::array<absl::int128, 2> Picture::SumsOfDraws() const {
  std::array<absl::int128, 2> sums = {0, 0};
  size_t next = kAhead;
  ForEachChosen([&](int32_t need, const NamedPair& named) {
    if (next < named_.size()) __builtin_prefetch(&mentor_hash_[named_[next++].mentor]);
    for (int which : {0, 1}) sums[which] += DrawOf(need, named.mentor, which);
  });
  return sums;
}

int64_t Picture::BeneficiariesServed() const {
  return std::count_if(beneficiaries_.begin(), beneficiaries_.end(),
                       [](const Beneficiary& b) { return b.load > 0; });
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

PictureArc Picture::QuotaArc(int32_t index) const {
  const AssignmentQuota& quota = problem_.quotas[index];
  PictureArc arc;
  arc.tail = Quota(quota.parent);
  arc.head = Quota(index);
  if (quota.side == Side::kMentor) std::swap(arc.tail, arc.head);
  arc.min = quota.min;
  arc.max = quota.max == kUnlimited ? kUnbounded : quota.max;
  arc.flow = quota_load_[index];
  return arc;
}

PictureArc Picture::BeneficiaryArc(int32_t index) const {
  PictureArc arc;
  arc.tail = Quota(needs_[beneficiaries_[index].first_need].quota);
  arc.head = beneficiary_base_ + index;
  arc.max = kUnbounded;
  arc.flow = beneficiaries_[index].load;
  return arc;
}

PictureArc Picture::RoleArc(int32_t index) const {
  PictureArc arc;
  arc.tail = role_base_ + index;
  arc.head = Mentor(roles_[index].mentor);
  arc.max = 1;
  arc.flow = roles_[index].load;
  return arc;
}

}  // namespace tandem::engine::check
