// What the benchmarks of the engine measure with.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_BENCH_MEASURE_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_BENCH_MEASURE_H_

#include <vector>

namespace tandem::engine::bench {

// CPU seconds of this process so far.
double CpuSeconds();

// The largest memory of this process so far, in MiB.
double PeakMegabytes();

// The value below which a part `q` (0 to 1) of `values` lies; `values` is not empty.
double Quantile(std::vector<double> values, double q);

}  // namespace tandem::engine::bench

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_BENCH_MEASURE_H_
