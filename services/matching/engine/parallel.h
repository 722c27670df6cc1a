// Splits work that only reads shared data over a few threads.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_PARALLEL_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_PARALLEL_H_

#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

namespace tandem::engine {

// How many threads pay for `items` that take some 0.1 microseconds each: 1 or 2. Results must not
// depend on it.
inline int ThreadsFor(int64_t items) {
  constexpr int64_t kWorthAThread = 10'000;
  return items >= 2 * kWorthAThread && std::thread::hardware_concurrency() > 1 ? 2 : 1;
}

// Runs work(0) to work(parts - 1), each in a thread of its own but the first, and returns when all
// are done. Where the system gives no thread, the part runs in the caller's.
template <typename Work>
void RunInParts(int parts, const Work& work) {
  std::vector<std::thread> threads;
  for (int part = 1; part < parts; ++part) {
    try {
      threads.emplace_back([&work, part] { work(part); });
    } catch (const std::system_error&) {
      work(part);
    }
  }
  work(0);
  for (std::thread& thread : threads) thread.join();
}

// Where part `part` of `parts` begins among `count` items; part `parts` is the end.
inline int64_t BeginOfPart(int64_t count, int part, int parts) { return count * part / parts; }

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_PARALLEL_H_
