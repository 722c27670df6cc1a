// Serves needs along changes that cost nothing by the prices there are: a quick first step of a
// repair (repair.h) where many values are equal, so that prices hardly tell what is best.
//
// Method: the disjoint augmenting paths of Hopcroft and Karp (1973), by depth-first search without
// their layers, over arcs worth exactly their need's level. What a search left behind leads nowhere
// and is not entered again before the next pass, so a pass looks at each arc once.
//
// Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIGHT_STEPS_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIGHT_STEPS_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <vector>

#include "services/matching/engine/assignment/bipartite/market.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class TightSteps {
 public:
  using M = Market<Numbers>;

  // The market's levels must be valid (Repair::Settle).
  TightSteps(M* market, const std::function<bool()>& stop) : market_(*market), stop_(stop) {}

  // False if stopped. Prices and levels stay.
  bool Run() {
    for (int32_t i = 0; i < market_.needs(); ++i) {
      if (IsWanting(i)) wanting_.push_back(i);
    }
    size_t before = 0;
    while (!wanting_.empty() && wanting_.size() != before) {
      before = wanting_.size();
      visited_.assign(market_.mentors(), 0);
      if (!RunPass()) return false;
    }
    return true;
  }

  // After Run: how many needs still want a place.
  int64_t left() const { return static_cast<int64_t>(wanting_.size()); }

 private:
  // A need on the way, and how it was and is looked through: its row, then the holders of the
  // mentor that its arc leads to.
  struct Step {
    int32_t need;
    uint32_t arc;
    int32_t holder;  // How many of the mentor's holders were tried; -1: none, look for an arc.
  };

  bool IsWanting(int32_t i) const {
    return market_.NeedRoom(i) > 0 && market_.level[i] > market_.OutsideNext(i);
  }

  bool RunPass() {
    std::vector<int32_t> still;
    int64_t searches = 0;
    for (const int32_t i : wanting_) {
      while (IsWanting(i)) {
        if (++searches % 256 == 0 && stop_()) return false;
        if (!Serve(i)) break;
      }
      if (IsWanting(i)) still.push_back(i);
    }
    wanting_ = std::move(still);
    return true;
  }

  bool Serve(int32_t start) {
    path_.clear();
    Enter(start);
    while (!path_.empty()) {
      Step& step = path_.back();
      if (step.holder < 0) {
        if (!FindArc(&step)) {
          path_.pop_back();
          continue;
        }
        if (market_.MentorRoom(market_.mentor_of[step.arc]) > 0) {
          MoveAlong();
          return true;
        }
        step.holder = 0;
      }
      const int32_t holder = NextHolder(&step);
      if (holder >= 0) Enter(holder);
    }
    return false;
  }

  void Enter(int32_t need) { path_.push_back({need, market_.row_begin[need], -1}); }

  // Goes on to the next arc worth the need's level whose mentor was not entered.
  bool FindArc(Step* step) {
    const int32_t i = step->need;
    const bool whole_row = market_.rest[i] >= market_.level[i];
    const uint32_t end = whole_row ? market_.row_end[i] : market_.FrontEnd(i);
    for (; step->arc < end; ++step->arc) {
      const int32_t j = market_.mentor_of[step->arc];
      if (visited_[j] != 0 || market_.Value(step->arc) != market_.level[i]) continue;
      if (market_.load[i] > 0 && market_.IsChosen(i, j)) continue;
      visited_[j] = 1;
      return true;
    }
    return false;
  }

  // The next holder of the step's mentor who may move on; -1 if there is none, and the step then
  // looks for another arc.
  int32_t NextHolder(Step* step) {
    const int32_t j = market_.mentor_of[step->arc];
    while (step->holder < market_.mentor_load[j]) {
      const int32_t i = market_.place[market_.place_begin[j] + step->holder++].need;
      if (market_.ChosenValue(i, j) == market_.level[i]) return i;
    }
    step->holder = -1;
    ++step->arc;
    return -1;
  }

  // Each need of the path takes a place of its arc's mentor, the last one first.
  void MoveAlong() {
    for (size_t k = path_.size(); k-- > 0;) {
      const Step& step = path_[k];
      if (k > 0) market_.Release(step.need, market_.mentor_of[path_[k - 1].arc]);
      market_.Choose(step.need, market_.mentor_of[step.arc], market_.weight[step.arc]);
    }
  }

  M& market_;
  const std::function<bool()>& stop_;
  std::vector<int32_t> wanting_;
  std::vector<char> visited_;  // By mentor.
  std::vector<Step> path_;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_TIGHT_STEPS_H_
