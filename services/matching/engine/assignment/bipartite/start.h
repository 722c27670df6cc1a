// A plan and prices for repair.h to start from: by the auction, and where values are mostly equal,
// so that bids tell little, by steps that cost nothing. Thread-compatible.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_START_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_START_H_

#include <functional>

#include "services/matching/engine/assignment/bipartite/auction.h"
#include "services/matching/engine/assignment/bipartite/market.h"
#include "services/matching/engine/assignment/bipartite/repair.h"
#include "services/matching/engine/assignment/bipartite/tight_steps.h"

namespace tandem::engine::bipartite {

// From an empty plan, prices of 0 and any outsides. Afterwards load and capacity fit, but a need
// may hold what is no longer its best: the caller settles all. False if stopped.
template <typename Numbers>
bool FindStart(Market<Numbers>* market, Repair<Numbers>* repair,
               const std::function<bool()>& stop) {
  Auction<Numbers> auction(market, stop);
  if (!auction.RunFirst()) return false;
  const bool flat = !auction.IsNearlyDone() && auction.IsFlat();
  if (flat) {
    repair->SettleAll();
    TightSteps<Numbers> steps(market, stop);
    if (!steps.Run()) return false;
    if (auction.IsFew(steps.left())) return true;
  }
  return auction.IsNearlyDone() || auction.RunRounds(/*anew=*/flat);
}

}  // namespace tandem::engine::bipartite

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_BIPARTITE_START_H_
