// Tells whether something is still in the state from which something else was worked out.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_STATE_NUMBER_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_STATE_NUMBER_H_

#include <atomic>
#include <cstdint>

namespace tandem::engine {

// A number above 0 that no other call in this process returns. Equal numbers mean equal states;
// the numbers themselves differ from run to run, so no decision may depend on them. Thread-safe.
inline uint64_t NewStateNumber() {
  static std::atomic<uint64_t> last{0};
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_STATE_NUMBER_H_
