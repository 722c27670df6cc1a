// Makes the plan of a market optimal, exactly, by shortest paths from what is still wrong.
//
// Wrong may be that a need has room though some place is worth more to it than leaving it unbought,
// or that a mentor has room though its price is above its floor. Each is put right by one search
// with Dijkstra's method (Edmonds and Karp 1972; Tomizawa 1971) over changes of the plan, relative
// to the prices, which moves prices just so far that a chain of changes costs nothing, and makes
// that chain. It stops as soon as a chain is known to be the cheapest. Nothing right becomes wrong.
//
// The same serves after a change of the instance: note what it touched, then Run.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_REPAIR_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_REPAIR_H_

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "services/matching/engine/assignment/bipartite/columns.h"
#include "services/matching/engine/assignment/bipartite/market.h"

namespace tandem::engine::bipartite {

template <typename Numbers>
class Repair {
 public:
  using M = Market<Numbers>;
  using Price = typename M::Price;
  using Weight = typename M::Weight;

  Repair(M* market, const std::function<bool()>* stop)
      : market_(*market),
        stop_(stop),
        mentor_distance_(market->mentors(), M::kFar),
        need_distance_(market->needs(), M::kFar),
        mentor_from_(market->mentors(), -1),
        need_from_(market->needs(), -1),
        mentor_weight_(market->mentors()),
        need_weight_(market->needs()) {}

  // What must be looked at by the next Run.
  void NoteNeed(int32_t need) { noted_needs_.push_back(need); }
  void NoteMentor(int32_t mentor) { noted_mentors_.push_back(mentor); }
  void NoteAll() {
    noted_needs_.resize(market_.needs());
    for (int32_t i = 0; i < market_.needs(); ++i) noted_needs_[i] = i;
    noted_mentors_.resize(market_.mentors());
    for (int32_t j = 0; j < market_.mentors(); ++j) noted_mentors_[j] = j;
  }

  // Sets the need's level from the prices, and gives back chosen places that are not its best;
  // notes what that leaves wrong.
  void Settle(int32_t i) {
    Price best = market_.FindBest(i, -M::kFar).value;
    while (market_.load[i] > 0) {
      market_.level[i] = std::max(best, market_.OutsideLast(i));
      const int32_t mentor = ChosenBelow(i, market_.level[i]);
      if (mentor < 0) return;
      // With less load, the last outside may be below what is given back here.
      best = std::max(best, market_.ChosenValue(i, mentor));
      market_.Release(i, mentor);
      NoteNeed(i);
      NoteMentor(mentor);
    }
    market_.level[i] = std::max(best, market_.OutsideNext(i));
  }

  // For a plan from elsewhere: all that must be looked at.
  void SettleAll() {
    for (int32_t i = 0; i < market_.needs(); ++i) Settle(i);
    NoteAll();
  }

  // Puts right what was noted. False if stopped.
  bool Run() {
    int64_t steps = 0;
    for (size_t k = 0; k < noted_needs_.size(); ++k) {
      const int32_t i = noted_needs_[k];
      while (IsWanting(i)) {
        if (++steps % 64 == 0 && (*stop_)()) return false;
        ServeNeed(i);
      }
    }
    noted_needs_.clear();
    for (size_t k = 0; k < noted_mentors_.size(); ++k) {
      const int32_t j = noted_mentors_[k];
      while (market_.MentorRoom(j) > 0 && market_.price[j] > market_.Floor(j)) {
        if (++steps % 64 == 0 && (*stop_)()) return false;
        columns_.Build(market_);
        FillPlace(j);
      }
    }
    noted_mentors_.clear();
    return true;
  }

  // The arcs by mentor, built when first needed.
  Columns<Numbers>& columns() { return columns_; }
  // Arcs looked at since the start.
  int64_t scanned() const { return scanned_; }

 private:
  struct Label {
    Price key;
    int32_t node;  // A mentor j, or ~i for a need.
    friend bool operator<(const Label& a, const Label& b) { return b.key < a.key; }
  };

  int32_t ChosenBelow(int32_t i, Price level) const {
    for (int32_t k = 0; k < market_.load[i]; ++k) {
      const int32_t j = market_.unit_mentor[market_.unit_begin[i] + k];
      if (market_.ChosenValue(i, j) < level) return j;
    }
    return -1;
  }

  // Whether the need has room and a place is worth more than leaving it unbought. Lowers its level
  // as far as its arcs allow.
  bool IsWanting(int32_t i) {
    if (market_.NeedRoom(i) <= 0 || market_.level[i] <= market_.OutsideNext(i)) return false;
    const Price best = market_.FindBest(i, -M::kFar).value;
    const Price outside = market_.load[i] > 0 ? market_.OutsideLast(i) : market_.OutsideNext(i);
    market_.level[i] = std::min(market_.level[i], std::max(best, outside));
    return market_.level[i] > market_.OutsideNext(i);
  }

  void Push(Price key, int32_t node) {
    heap_.push_back({key, node});
    std::push_heap(heap_.begin(), heap_.end());
  }
  Label Pop() {
    const Label top = heap_.front();
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
    return top;
  }
  void Begin(Price limit) {
    heap_.clear();
    seen_mentors_.clear();
    seen_needs_.clear();
    limit_ = limit;
    end_mentor_ = -1;
    end_need_ = -1;
  }
  bool ReachNeed(int32_t i, Price distance, int32_t from) {
    if (distance >= limit_ || distance >= need_distance_[i]) return false;
    if (need_distance_[i] == M::kFar) seen_needs_.push_back(i);
    need_distance_[i] = distance;
    need_from_[i] = from;
    return true;
  }
  bool ReachMentor(int32_t j, Price distance, int32_t from) {
    if (distance >= limit_ || distance >= mentor_distance_[j]) return false;
    if (mentor_distance_[j] == M::kFar) seen_mentors_.push_back(j);
    mentor_distance_[j] = distance;
    mentor_from_[j] = from;
    return true;
  }

  // One more place for a wanting need: a chain of needs that each move on to another mentor, which
  // ends at a mentor with room, or at a need that gives its place up (maybe this one).
  void ServeNeed(int32_t start) {
    Begin(market_.level[start] - market_.OutsideNext(start));
    end_need_ = start;
    ReachNeed(start, 0, -1);
    LookFrom(start);
    while (!heap_.empty() && heap_.front().key < limit_) {
      const Label top = Pop();
      if (top.node < 0) {
        LookAtRest(~top.node);
      } else if (top.key == mentor_distance_[top.node]) {
        LookAtHolders(top.node, top.key);
      }
    }
    for (int32_t j : seen_mentors_) {
      if (mentor_distance_[j] < limit_) market_.price[j] += limit_ - mentor_distance_[j];
      mentor_distance_[j] = M::kFar;
    }
    for (int32_t i : seen_needs_) {
      if (need_distance_[i] < limit_) market_.level[i] -= limit_ - need_distance_[i];
      need_distance_[i] = M::kFar;
    }
    MoveAlong(start);
  }

  void MoveAlong(int32_t start) {
    int32_t to = end_mentor_;
    if (end_need_ >= 0) {
      if (end_need_ == start) return;
      to = need_from_[end_need_];
      market_.Release(end_need_, to);
    }
    while (true) {
      const int32_t i = mentor_from_[to];
      const int32_t left = need_from_[i];
      if (i != start) market_.Release(i, left);
      market_.Choose(i, to, mentor_weight_[to]);
      if (i == start) return;
      to = left;
    }
  }

  void LookFrom(int32_t i) {
    const Price base = need_distance_[i] + market_.level[i];
    const uint32_t end = market_.FrontEnd(i);
    for (uint32_t arc = market_.row_begin[i]; arc < end; ++arc) LookAt(i, arc, base);
    scanned_ += end - market_.row_begin[i];
    // The others need not be looked at before the search has come as far as the best of them.
    if (market_.row_end[i] > end && base - market_.rest[i] < limit_) {
      Push(base - market_.rest[i], ~i);
    }
  }

  void LookAtRest(int32_t i) {
    const Price base = need_distance_[i] + market_.level[i];
    Price best = -M::kFar;
    for (uint32_t arc = market_.FrontEnd(i); arc < market_.row_end[i]; ++arc) {
      best = std::max(best, market_.Value(arc));
      LookAt(i, arc, base);
    }
    scanned_ += market_.row_end[i] - market_.FrontEnd(i);
    market_.rest[i] = std::min(market_.rest[i], best);
  }

  void LookAt(int32_t i, uint32_t arc, Price base) {
    const int32_t j = market_.mentor_of[arc];
    const Price distance = base - market_.Value(arc);
    if (distance >= limit_ || distance >= mentor_distance_[j]) return;
    if (market_.load[i] > 0 && market_.IsChosen(i, j)) return;
    ReachMentor(j, distance, i);
    mentor_weight_[j] = market_.weight[arc];
    if (market_.MentorRoom(j) > 0) {
      limit_ = distance;
      end_mentor_ = j;
      end_need_ = -1;
    } else {
      Push(distance, j);
    }
  }

  void LookAtHolders(int32_t j, Price distance) {
    scanned_ += market_.mentor_load[j];
    const uint32_t first = market_.place_begin[j];
    for (uint32_t p = first; p < first + market_.mentor_load[j]; ++p) {
      const int32_t i = market_.place[p].need;
      const Price value = market_.ChosenValue(i, j);
      if (!ReachNeed(i, distance + value - market_.level[i], j)) continue;
      const Price given_up = need_distance_[i] + market_.level[i] - market_.OutsideLast(i);
      if (given_up < limit_) {
        limit_ = given_up;
        end_need_ = i;
        end_mentor_ = -1;
      }
      LookFrom(i);
    }
  }

  // The other way round: one more need for a mentor with a price above its floor. The chain ends at
  // a need with room, or at a mentor who is left with room at its floor (maybe this one).
  void FillPlace(int32_t start) {
    Begin(market_.price[start] - market_.Floor(start));
    end_mentor_ = start;
    ReachMentor(start, 0, -1);
    Push(0, start);
    while (!heap_.empty() && heap_.front().key < limit_) {
      const Label top = Pop();
      if (top.node >= 0) {
        if (top.key == mentor_distance_[top.node]) LookAtColumn(top.node, top.key);
      } else if (top.key == need_distance_[~top.node]) {
        LookAtChosen(~top.node, top.key);
      }
    }
    for (int32_t j : seen_mentors_) {
      if (mentor_distance_[j] < limit_) LowerPrice(j, limit_ - mentor_distance_[j]);
      mentor_distance_[j] = M::kFar;
    }
    for (int32_t i : seen_needs_) {
      if (need_distance_[i] < limit_) market_.level[i] += limit_ - need_distance_[i];
      need_distance_[i] = M::kFar;
    }
    MoveBack(start);
  }

  void MoveBack(int32_t start) {
    if (end_mentor_ == start) return;
    int32_t i = end_need_;
    if (end_mentor_ >= 0) {
      i = mentor_from_[end_mentor_];
      market_.Release(i, end_mentor_);
    }
    while (true) {
      const int32_t to = need_from_[i];
      const int32_t next = mentor_from_[to];
      if (to != start) market_.Release(next, to);
      market_.Choose(i, to, need_weight_[i]);
      if (to == start) return;
      i = next;
    }
  }

  void LookAtColumn(int32_t j, Price distance) {
    scanned_ += columns_.end[j] - columns_.begin[j];
    const Price base = distance + market_.price[j];
    for (uint32_t at = columns_.begin[j]; at < columns_.end[j]; ++at) {
      const int32_t i = columns_.need[at];
      const Price reached = base + market_.level[i] - static_cast<Price>(columns_.weight[at]);
      if (reached >= limit_ || reached >= need_distance_[i]) continue;
      if (market_.load[i] > 0 && market_.IsChosen(i, j)) continue;
      ReachNeed(i, reached, j);
      need_weight_[i] = columns_.weight[at];
      Push(reached, ~i);
    }
  }

  void LookAtChosen(int32_t i, Price distance) {
    if (market_.NeedRoom(i) > 0) {
      const Price bought = distance + std::max<Price>(market_.OutsideNext(i) - market_.level[i], 0);
      if (bought < limit_) {
        limit_ = bought;
        end_need_ = i;
        end_mentor_ = -1;
      }
    }
    for (int32_t k = 0; k < market_.load[i]; ++k) {
      const uint32_t unit = market_.unit_begin[i] + k;
      const int32_t j = market_.unit_mentor[unit];
      const Price value = static_cast<Price>(market_.unit_weight[unit]) - market_.price[j];
      const Price reached = distance + value - market_.level[i];
      if (!ReachMentor(j, reached, i)) continue;
      const Price left = reached + market_.price[j] - market_.Floor(j);
      if (left < limit_) {
        limit_ = left;
        end_mentor_ = j;
        end_need_ = -1;
      }
      Push(reached, j);
    }
  }

  // Values rise: so do the bounds of rows whose front lacks the mentor.
  void LowerPrice(int32_t j, Price amount) {
    market_.price[j] -= amount;
    for (uint32_t at = columns_.begin[j]; at < columns_.end[j]; ++at) {
      const int32_t i = columns_.need[at];
      const Price value = static_cast<Price>(columns_.weight[at]) - market_.price[j];
      if (value <= market_.rest[i]) continue;
      const auto row = market_.mentor_of.begin();
      const auto front_end = row + market_.FrontEnd(i);
      if (std::find(row + market_.row_begin[i], front_end, j) == front_end) market_.rest[i] = value;
    }
  }

  M& market_;
  const std::function<bool()>* stop_;
  Columns<Numbers> columns_;
  std::vector<int32_t> noted_needs_;
  std::vector<int32_t> noted_mentors_;
  int64_t scanned_ = 0;
  // The current search. Distances are kFar between searches.
  std::vector<Price> mentor_distance_;
  std::vector<Price> need_distance_;
  std::vector<int32_t> mentor_from_;
  std::vector<int32_t> need_from_;
  std::vector<Weight> mentor_weight_;  // Of the arc by which a mentor, or need, was reached.
  std::vector<Weight> need_weight_;
  std::vector<int32_t> seen_mentors_;
  std::vector<int32_t> seen_needs_;
  std::vector<Label> heap_;
  Price limit_ = 0;  // What the cheapest chain known costs, and where it ends.
  int32_t end_mentor_ = -1;
  int32_t end_need_ = -1;
};

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_REPAIR_H_
