#include "services/common/limit_flags.h"

#include <string>

#include "absl/time/time.h"

namespace tandem::common {
namespace {

constexpr char kGroup[] = "Limits";

// An option for a whole number from `min` to `max`.
void AddLimit(CLI::App* app, const std::string& name, int* value, int min, int max,
              const std::string& what) {
  app->add_option(name, *value, what)
      ->check(CLI::Range(min, max))
      ->capture_default_str()
      ->group(kGroup);
}

}  // namespace

void AddLimitFlags(LimitFlags* flags, CLI::App* app) {
  AddLimit(app, "--max-request-kib", &flags->max_request_kib, 1, 256 * 1024, "KiB of one request");
  AddLimit(app, "--max-metadata-kib", &flags->max_metadata_kib, 1, 1024,
           "KiB of the metadata (headers) of one call");
  AddLimit(app, "--max-connections", &flags->max_connections, 1, 100'000,
           "Connections at once; at most a quarter of the process's file descriptors");
  AddLimit(app, "--max-calls-per-connection", &flags->max_calls_per_connection, 1, 100'000,
           "Calls of one connection at once");
  AddLimit(app, "--max-streams", &flags->max_streams, 1, 10'000,
           "Server streams (Watch..., Export...) of all callers at once");
  AddLimit(app, "--max-streams-per-caller", &flags->max_streams_per_caller, 0, 10'000,
           "Server streams of one caller at once; 0: no limit");
  AddLimit(app, "--worker-threads", &flags->worker_threads, 1, 10'000,
           "Other calls that are served at once");
  AddLimit(app, "--max-waiting-calls", &flags->max_waiting_calls, 0, 1'000'000,
           "Calls that wait for one of these threads");
  AddLimit(app, "--max-deadline-s", &flags->max_deadline_s, 1, 3600,
           "Seconds that one call may take, streams apart; longer deadlines are cut to it");
  AddLimit(app, "--connection-idle-s", &flags->connection_idle_s, 1, 7 * 24 * 3600,
           "Seconds without a call after which a connection is closed");
  AddLimit(app, "--slow-reader-s", &flags->slow_reader_s, 1, 3600,
           "Seconds that a client may read nothing of an answer or a stream's next message");
  AddLimit(app, "--max-held-mib", &flags->max_held_mib, 1, 1024 * 1024,
           "MiB of all requests and answers over 64 KiB at once");
  AddLimit(app, "--calls-per-second", &flags->calls_per_second, 0, 1'000'000,
           "Calls per second of one caller; 0: no limit");
  AddLimit(app, "--burst-calls", &flags->burst_calls, 1, 1'000'000,
           "Calls of one caller that may come at once after a silence");
}

void ApplyLimitFlags(const LimitFlags& flags, ServerOptions* options) {
  options->max_message_bytes = flags.max_request_kib << 10;
  options->max_metadata_bytes = flags.max_metadata_kib << 10;
  options->max_connections = flags.max_connections;
  options->max_calls_per_connection = flags.max_calls_per_connection;
  options->max_streams = flags.max_streams;
  options->max_streams_per_caller = flags.max_streams_per_caller;
  options->worker_threads = flags.worker_threads;
  options->queue_capacity = flags.max_waiting_calls;
  options->max_deadline = absl::Seconds(flags.max_deadline_s);
  options->default_deadline = absl::Seconds(flags.max_deadline_s);
  options->max_connection_idle = absl::Seconds(flags.connection_idle_s);
  options->slow_reader_time = absl::Seconds(flags.slow_reader_s);
  options->max_held_bytes = static_cast<size_t>(flags.max_held_mib) << 20;
  options->calls_per_second = flags.calls_per_second;
  options->burst_calls = flags.burst_calls;
}

}  // namespace tandem::common
