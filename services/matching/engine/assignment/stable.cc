// The objective kStable: need-proposing deferred acceptance (Gale and Shapley 1962; with several
// places on both sides, Roth 1984). Its result does not depend on the order of proposals and is
// the best stable plan for every need.
// Preferences are those of preferences.h. Pinned pairs take places first and are never displaced.

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "services/matching/engine/assignment/plan.h"
#include "services/matching/engine/assignment/preferences.h"

namespace tandem::engine {
namespace {

class DeferredAcceptance {
 public:
  DeferredAcceptance(const AssignmentProblem& problem, const ProblemIndex& index)
      : problem_(problem),
        index_(index),
        preferences_(problem, index),
        wanted_(problem.needs.size()),
        next_(problem.needs.size(), 0),
        need_room_(problem.needs.size()),
        mentor_room_(problem.mentors.size()),
        held_(problem.mentors.size(), Held(MentorPrefers{this})) {
    for (size_t i = 0; i < problem.needs.size(); ++i) need_room_[i] = problem.needs[i].max;
    for (size_t i = 0; i < problem.mentors.size(); ++i) mentor_room_[i] = problem.mentors[i].max;
    for (int32_t pair : index.AllowedPairs(problem)) {
      if (index.pinned[pair]) {
        chosen_.push_back(pair);
        --need_room_[problem.pairs[pair].need];
        --mentor_room_[problem.pairs[pair].mentor];
      } else {
        wanted_[problem.pairs[pair].need].push_back(pair);
      }
    }
  }

  // The chosen pairs in the order of need and mentor id.
  std::vector<int32_t> Run() {
    std::vector<int32_t> free;
    for (size_t need = 0; need < wanted_.size(); ++need) {
      std::sort(wanted_[need].begin(), wanted_[need].end(),
                [this](int32_t a, int32_t b) { return preferences_.NeedPrefers(a, b); });
      free.push_back(static_cast<int32_t>(need));
    }
    while (!free.empty()) {
      const int32_t need = free.back();
      if (need_room_[need] <= 0 || next_[need] == wanted_[need].size()) {
        free.pop_back();
        continue;
      }
      const int32_t displaced = Propose(wanted_[need][next_[need]++]);
      if (displaced >= 0) free.push_back(problem_.pairs[displaced].need);
    }
    for (const Held& held : held_) chosen_.insert(chosen_.end(), held.begin(), held.end());
    const auto key = [this](int32_t pair) {
      return std::make_pair(index_.need_rank[problem_.pairs[pair].need],
                            index_.mentor_rank[problem_.pairs[pair].mentor]);
    };
    std::sort(chosen_.begin(), chosen_.end(),
              [&key](int32_t a, int32_t b) { return key(a) < key(b); });
    return std::move(chosen_);
  }

 private:
  struct MentorPrefers {
    const DeferredAcceptance* solver;
    bool operator()(int32_t a, int32_t b) const { return solver->preferences_.MentorPrefers(a, b); }
  };
  // What a mentor holds, the best first.
  using Held = std::set<int32_t, MentorPrefers>;

  // The mentor of `pair` holds it if there is room or a worse one to let go. Returns the pair that
  // is let go (maybe `pair` itself), or -1 if none is: then `pair` is held, or there is no room.
  int32_t Propose(int32_t pair) {
    const int32_t mentor = problem_.pairs[pair].mentor;
    if (mentor_room_[mentor] <= 0) return -1;
    held_[mentor].insert(pair);
    --need_room_[problem_.pairs[pair].need];
    if (static_cast<int64_t>(held_[mentor].size()) <= mentor_room_[mentor]) return -1;
    const int32_t worst = *held_[mentor].rbegin();
    held_[mentor].erase(worst);
    ++need_room_[problem_.pairs[worst].need];
    return worst;
  }

  const AssignmentProblem& problem_;
  const ProblemIndex& index_;
  const Preferences preferences_;
  std::vector<std::vector<int32_t>> wanted_;  // Per need: its pairs, the best first.
  std::vector<size_t> next_;                  // Per need: whom it asks next.
  std::vector<int64_t> need_room_;
  std::vector<int64_t> mentor_room_;  // For unpinned pairs.
  std::vector<Held> held_;
  std::vector<int32_t> chosen_;
};

}  // namespace

absl::StatusOr<AssignmentResult> SolveStable(const AssignmentProblem& problem,
                                             const ProblemIndex& index,
                                             const SolveOptions& options) {
  // Pins may ask for more than there is; nothing else can fail.
  const ValueSpace filling = ValueSpace::ForFilling(problem);
  TANDEM_ASSIGN_OR_RETURN(SolvedNetwork pins,
                          SolvePairs(problem, index, filling, kPinsOnly, options));
  if (!pins.solution.feasible) {
    TANDEM_ASSIGN_OR_RETURN(Conflict conflict, FindConflict(problem, index, pins.network, options));
    return DescribeConflict(std::move(conflict));
  }
  AssignmentResult result = DescribePlan(problem, index, ValueSpace::ForPlan(problem),
                                         DeferredAcceptance(problem, index).Run());
  result.outcome = Outcome::kStable;
  result.method = "deferred-acceptance";
  return result;
}

}  // namespace tandem::engine
