// What the contract suite and the random comparison need of a backend: a store that can be opened,
// closed and opened again on the same data.
#ifndef STORAGE_TESTING_BACKEND_H_
#define STORAGE_TESTING_BACKEND_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/store.h"

namespace tandem::storage {

class Backend {
 public:
  virtual ~Backend() = default;

  // Opens the store: empty the first time, as it was before afterwards. At most one is open.
  virtual absl::StatusOr<std::unique_ptr<Store>> Open() = 0;

  // False when data does not outlive the store object.
  virtual bool durable() const = 0;
};

using BackendFactory = std::unique_ptr<Backend> (*)();

// Empty stores, each of its own.
std::unique_ptr<Backend> NewInMemoryBackend();
std::unique_ptr<Backend> NewRocksDbBackend();

}  // namespace tandem::storage

#endif  // STORAGE_TESTING_BACKEND_H_
