// The figures of the foundation, measured on a real `tandemd` with real files, from outside:
// import, durable updates, ranking, restart. Each prints its figures beside a raw figure that is
// taken in the same run.
#ifndef TOOLS_BENCHMARKS_SERVICE_BENCHMARKS_H_
#define TOOLS_BENCHMARKS_SERVICE_BENCHMARKS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"

namespace tandem::benchmarks {

struct Setting {
  std::string tandemd;        // the server program
  std::string tandem;         // the command line
  std::string self;           // this program
  std::string sample;         // folder with policy.json of the sample
  std::string scratch;        // an empty folder on the disk to measure
  int64_t mentors = 100'000;  // generated
  int64_t needs = 200;        // generated
  int64_t sync_delay_us = 0;  // that each sync takes longer, see slow_disk.h
};

// Writes the generated CSV files into `setting.scratch`/csv.
absl::Status GenerateFiles(const Setting& setting);

// Rows per second of `tandem import mentors` into an empty server, beside the bare synced writes of
// the same number of batches.
absl::Status BenchmarkImport(const Setting& setting);

// Durable single updates per second with 32 clients, beside bare RocksDB synced writes of the same
// bytes with 32 threads.
absl::Status BenchmarkUpdates(const Setting& setting);

// RankMentors of 10 among all mentors, beside an empty RPC on the same server.
absl::Status BenchmarkRanking(const Setting& setting);

// How long a change of a mentor takes to be visible to RankMentors, beside that ranking alone.
absl::Status BenchmarkVisibility(const Setting& setting);

// From the start of the process to the first ranking, beside a bare scan of the same database. Also
// memory per mentor.
absl::Status BenchmarkRestart(const Setting& setting);

// Reading a mentor, over gRPC and as JSON over HTTP, and ranking 10 of 10,000 mentors, each beside
// calls of the same payload that do nothing; and what authorization costs by itself.
absl::Status BenchmarkCalls(const Setting& setting);

}  // namespace tandem::benchmarks

#endif  // TOOLS_BENCHMARKS_SERVICE_BENCHMARKS_H_
