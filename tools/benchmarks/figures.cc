#include "tools/benchmarks/figures.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"

namespace tandem::benchmarks {

double Percentile(std::vector<double> values, double p) {
  std::sort(values.begin(), values.end());
  const auto index = static_cast<size_t>(std::floor(p * static_cast<double>(values.size() - 1)));
  return values[index];
}

double Median(std::vector<double> values) { return Percentile(std::move(values), 0.5); }

std::string Spread(const std::vector<double>& values, const std::string& unit) {
  return absl::StrFormat("%.4g / %.4g / %.4g %s", Percentile(values, 0), Median(values),
                         Percentile(values, 1), unit);
}

std::string DescribeMachine() {
  std::string processor = "unknown";
  std::ifstream cpuinfo("/proc/cpuinfo");
  for (std::string line; std::getline(cpuinfo, line);) {
    const std::vector<std::string> parts = absl::StrSplit(line, absl::MaxSplits(": ", 1));
    if (parts.size() == 2 && line.rfind("model name", 0) == 0) {
      processor = parts[1];
      break;
    }
  }
  utsname kernel = {};
  uname(&kernel);
  const int64_t memory_mib =
      static_cast<int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) / (1024 * 1024);
  return absl::StrCat("machine: ", processor, ", ", sysconf(_SC_NPROCESSORS_ONLN), " cores, ",
                      memory_mib, " MiB of memory, ", kernel.sysname, " ", kernel.release, "\n");
}

double SecondsSince(absl::Time start) { return absl::ToDoubleSeconds(absl::Now() - start); }

}  // namespace tandem::benchmarks
