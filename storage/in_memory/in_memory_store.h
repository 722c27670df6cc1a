// The store that keeps everything in memory: for tests, rehearsals, and as the model that shows how
// plain the contract of store.h is. Not durable; otherwise it keeps the whole contract.
#ifndef STORAGE_IN_MEMORY_IN_MEMORY_STORE_H_
#define STORAGE_IN_MEMORY_IN_MEMORY_STORE_H_

#include <memory>

#include "storage/store.h"

namespace tandem::storage {

std::unique_ptr<Store> NewInMemoryStore();

}  // namespace tandem::storage

#endif  // STORAGE_IN_MEMORY_IN_MEMORY_STORE_H_
