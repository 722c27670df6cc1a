// The options of every server that set its limits: what one caller, one connection and all calls
// together may use. docs/limits.md tells callers what each means to them.
#ifndef SERVICES_COMMON_LIMIT_FLAGS_H_
#define SERVICES_COMMON_LIMIT_FLAGS_H_

#include "CLI/CLI.hpp"
#include "services/common/server.h"

namespace tandem::common {

struct LimitFlags {
  int max_request_kib = 16 * 1024;
  int max_metadata_kib = 16;
  int max_connections = 1000;
  int max_calls_per_connection = 1000;
  int max_streams = 64;
  int max_streams_per_caller = 16;
  int worker_threads = 64;
  int max_waiting_calls = 1024;
  int max_deadline_s = 60;
  int connection_idle_s = 30 * 60;
  int slow_reader_s = 30;
  int max_held_mib = 512;
  int calls_per_second = 1000;
  int burst_calls = 2000;
};

// Adds --max-request-kib and so on to `app`, with the defaults in `flags`.
void AddLimitFlags(LimitFlags* flags, CLI::App* app);

// Sets the limits of `options`.
void ApplyLimitFlags(const LimitFlags& flags, ServerOptions* options);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_LIMIT_FLAGS_H_
