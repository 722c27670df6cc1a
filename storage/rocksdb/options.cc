#include "storage/rocksdb/options.h"

#include "rocksdb/cache.h"
#include "rocksdb/env.h"
#include "rocksdb/filter_policy.h"
#include "rocksdb/slice_transform.h"
#include "rocksdb/table.h"
#include "storage/rocksdb/format.h"

namespace tandem::storage {
namespace {

constexpr double kBloomBitsPerKey = 10;

// The escaped user key of a version key: the filters then answer "was this key ever written" for
// the expectation that a key is absent, mostly without reading the disk.
class UserKeyOfVersion : public rocksdb::SliceTransform {
 public:
  const char* Name() const override { return "tandem.UserKeyOfVersion"; }
  rocksdb::Slice Transform(const rocksdb::Slice& key) const override {
    return rocksdb::Slice(key.data(), key.size() - format::kRevisionBytes);
  }
  bool InDomain(const rocksdb::Slice& key) const override {
    return key.size() > format::kRevisionBytes;
  }
};

// RocksDB's log for people. On a full disk Debian's build ends the process (an assertion) when it
// writes its second line there; what matters of it, the store reports itself.
class SilentLog : public rocksdb::Logger {
 public:
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

rocksdb::ColumnFamilyOptions Common(const RocksDbOptions& options) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = options.write_buffer_bytes;
  family.max_write_buffer_number = 2;  // more can lose data in 7.8 (fixed later)
  family.compression = rocksdb::kLZ4Compression;
  return family;
}

rocksdb::BlockBasedTableOptions Table(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  return table;
}

}  // namespace

rocksdb::DBOptions DatabaseOptions(rocksdb::Env* env) {
  rocksdb::DBOptions database;
  database.env = env;
  database.paranoid_checks = true;
  // A log is cut at its first damaged record: that is what a power cut leaves of the write it
  // interrupted. Whether more than that is gone, the store checks by itself when it opens.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  database.track_and_verify_wals_in_manifest = true;  // a missing log is noticed
  database.max_bgerror_resume_count = 0;              // after an error: restart, never resume
  database.max_background_jobs = 2;
  database.bytes_per_sync = 1024 * 1024;
  database.max_total_wal_size = 128 * 1024 * 1024;  // bounds the time of a restart
  database.info_log = std::make_shared<SilentLog>();
  database.stats_dump_period_sec = 0;
  database.stats_persist_period_sec = 0;
  return database;
}

std::vector<rocksdb::ColumnFamilyDescriptor> ColumnFamilies(const RocksDbOptions& options) {
  const std::shared_ptr<rocksdb::Cache> cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  rocksdb::ColumnFamilyOptions plain = Common(options);
  plain.table_factory.reset(rocksdb::NewBlockBasedTableFactory(Table(cache)));

  rocksdb::ColumnFamilyOptions versions = Common(options);
  versions.prefix_extractor = std::make_shared<UserKeyOfVersion>();
  versions.memtable_prefix_bloom_size_ratio = 0.1;
  rocksdb::BlockBasedTableOptions by_user_key = Table(cache);
  by_user_key.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  by_user_key.whole_key_filtering = false;
  versions.table_factory.reset(rocksdb::NewBlockBasedTableFactory(by_user_key));

  rocksdb::ColumnFamilyOptions answers = Common(options);
  answers.memtable_prefix_bloom_size_ratio = 0.1;
  answers.memtable_whole_key_filtering = true;
  rocksdb::BlockBasedTableOptions by_request = Table(cache);
  by_request.filter_policy.reset(rocksdb::NewBloomFilterPolicy(kBloomBitsPerKey));
  answers.table_factory.reset(rocksdb::NewBlockBasedTableFactory(by_request));

  return {{format::kMetaFamily, plain},
          {format::kVersionsFamily, versions},
          {format::kFeedFamily, plain},
          {format::kAnswersFamily, answers}};
}

}  // namespace tandem::storage
