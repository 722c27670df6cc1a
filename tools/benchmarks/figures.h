// Medians, rates and the machine's description: what every benchmark prints in the same way.
#ifndef TOOLS_BENCHMARKS_FIGURES_H_
#define TOOLS_BENCHMARKS_FIGURES_H_

#include <string>
#include <vector>

#include "absl/time/time.h"

namespace tandem::benchmarks {

// Each figure is measured so many times; the median is reported.
inline constexpr int kRuns = 5;

// The median; the lower one of an even number. `values` is not empty.
double Median(std::vector<double> values);

// The value below which the fraction `p` (0 to 1) of the values lies. `values` is not empty.
double Percentile(std::vector<double> values, double p);

// "MIN / MEDIAN / MAX UNIT".
std::string Spread(const std::vector<double>& values, const std::string& unit);

// Processor, cores, memory and kernel in one line each.
std::string DescribeMachine();

// Seconds since `start`.
double SecondsSince(absl::Time start);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_FIGURES_H_
