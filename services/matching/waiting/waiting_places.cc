#include "services/matching/waiting/waiting_places.h"

#include <utility>

namespace tandem::matching {

std::optional<WaitingPlaces::Place> WaitingPlaces::Take(absl::string_view caller) {
  std::optional<common::CallerPlaces::Place> of_caller = callers_.Take(caller);
  if (!of_caller.has_value()) return std::nullopt;
  std::optional<common::CallerPlaces::Place> of_all = all_.Take("");
  if (!of_all.has_value()) return std::nullopt;
  return Place{*std::move(of_caller), *std::move(of_all)};
}

}  // namespace tandem::matching
