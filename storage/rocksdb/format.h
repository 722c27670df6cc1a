// Everything that stands on disk in a RocksDB store: names of files and column families, keys and
// values. FORMAT.md describes the same for people; change both together, and raise kFormatVersion.
#ifndef STORAGE_ROCKSDB_FORMAT_H_
#define STORAGE_ROCKSDB_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "storage/store.h"

namespace tandem::storage::format {

inline constexpr uint64_t kFormatVersion = 1;

// Files beside RocksDB's own.
inline constexpr char kMarkerFile[] =
    "TANDEM_STORE";                                 // says that this folder is a store, and which
inline constexpr char kHeadFile[] = "TANDEM_HEAD";  // the newest revision known to be durable
inline constexpr char kLockFile[] = "TANDEM_LOCK";  // held by the process that uses the store

// Column families, in the order in which they are opened. RocksDB needs the first name.
inline constexpr char kMetaFamily[] = "default";
inline constexpr char kVersionsFamily[] = "versions";
inline constexpr char kFeedFamily[] = "feed";
inline constexpr char kAnswersFamily[] = "answers";

// Keys of the meta family.
inline constexpr char kFormatKey[] = "format";      // kFormatVersion
inline constexpr char kIdentityKey[] = "identity";  // the store's id, the same as in kMarkerFile
inline constexpr char kHeadKey[] = "head";          // newest revision
inline constexpr char kOldestKey[] = "oldest";      // RevisionRange::oldest
inline constexpr char kPinPrefix[] = "pin/";        // pin/ revision owner: empty value

// A number as a value (or as the key of a feed record): 8 bytes, big-endian.
std::string EncodeNumber(uint64_t number);
std::optional<uint64_t> DecodeNumber(absl::string_view bytes);

// Key of the versions family: the escaped user key, then the bitwise complement of the revision, so
// that the versions of a key stand together, the newest first, and keys sort by their bytes.
inline constexpr size_t kRevisionBytes = 8;
std::string EscapeKey(absl::string_view key);
std::string VersionKey(absl::string_view key, Revision revision);
// VersionKey() from an escaped key.
std::string VersionKeyOf(absl::string_view escaped_key, Revision revision);
struct DecodedVersionKey {
  std::string key;
  Revision revision = 0;
};
bool DecodeVersionKey(absl::string_view bytes, DecodedVersionKey* decoded);

// Value of the versions family.
std::string EncodeVersion(const std::optional<std::string>& value);
// False when `bytes` is no version. `*value` views into `bytes`; std::nullopt is a deletion.
bool DecodeVersion(absl::string_view bytes, std::optional<absl::string_view>* value);

// Value of the feed family.
std::string EncodeFeedEntries(const std::vector<std::string>& entries);
bool DecodeFeedEntries(absl::string_view bytes, std::vector<std::string>* entries);

// Value of the answers family, whose key is the request_id.
std::string EncodeAnswer(const KeptAnswer& answer);
bool DecodeAnswer(absl::string_view request_id, absl::string_view bytes, KeptAnswer* answer);

std::string PinKey(Revision revision, absl::string_view owner);
bool DecodePinKey(absl::string_view bytes, PinnedRevision* pin);

// Contents of kMarkerFile.
std::string EncodeMarker(absl::string_view identity);
std::optional<std::string> DecodeMarker(absl::string_view bytes);

// One of the two records of kHeadFile: they take turns, so that a torn write leaves the other.
inline constexpr size_t kHeadSlotBytes = 512;  // the distance between them, a disk sector
inline constexpr size_t kHeadSlots = 2;
std::string EncodeHeadSlot(absl::string_view identity, Revision head);
// std::nullopt when damaged or of another store.
std::optional<Revision> DecodeHeadSlot(absl::string_view identity, absl::string_view bytes);

}  // namespace tandem::storage::format

#endif  // STORAGE_ROCKSDB_FORMAT_H_
