// A RocksDB file system on a SimulatedDisk, for power cuts in memory.
#ifndef STORAGE_TESTING_POWER_CUT_FILE_SYSTEM_H_
#define STORAGE_TESTING_POWER_CUT_FILE_SYSTEM_H_

#include <memory>

#include "rocksdb/file_system.h"
#include "storage/testing/simulated_disk.h"

namespace tandem::storage {

std::shared_ptr<rocksdb::FileSystem> NewPowerCutFileSystem(std::shared_ptr<SimulatedDisk> disk);

}  // namespace tandem::storage

#endif  // STORAGE_TESTING_POWER_CUT_FILE_SYSTEM_H_
