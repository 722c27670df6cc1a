#include "storage/rocksdb/format.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "storage/codec.h"

namespace tandem::storage::format {
namespace {

// A 0 byte of a key is written as 0 255, and 0 1 ends it: so no escaped key is the beginning of
// another, and escaped keys sort as the keys do.
constexpr char kEscape = '\x00';
constexpr char kEscapedZero = '\xFF';
constexpr char kEnd = '\x01';

constexpr char kDeletion = 0;
constexpr char kValue = 1;

constexpr char kMarkerTitle[] = "tandem-store 1\nid ";
constexpr char kMarkerEnd[] =
    "\nThis folder holds a Tandem store. Do not change or delete any file in it.\n";
constexpr char kHeadMagic[] = "tandem-head 1 ";

// FNV-1a, 64 bits (Fowler, Noll, Vo): notices torn writes, no defence against people.
uint64_t Checksum(absl::string_view bytes) {
  uint64_t hash = 14695981039346656037ULL;
  for (char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 1099511628211ULL;
  }
  return hash;
}

}  // namespace

std::string EncodeNumber(uint64_t number) {
  std::string bytes;
  AppendFixed64(number, &bytes);
  return bytes;
}

std::optional<uint64_t> DecodeNumber(absl::string_view bytes) {
  Decoder decoder(bytes);
  uint64_t number = 0;
  if (!decoder.ReadFixed64(&number) || !decoder.Done()) return std::nullopt;
  return number;
}

std::string EscapeKey(absl::string_view key) {
  std::string escaped;
  escaped.reserve(key.size() + 2 + kRevisionBytes);
  for (char byte : key) {
    escaped.push_back(byte);
    if (byte == kEscape) escaped.push_back(kEscapedZero);
  }
  escaped.push_back(kEscape);
  escaped.push_back(kEnd);
  return escaped;
}

std::string VersionKeyOf(absl::string_view escaped_key, Revision revision) {
  std::string bytes(escaped_key);
  AppendFixed64(~static_cast<uint64_t>(revision), &bytes);
  return bytes;
}

std::string VersionKey(absl::string_view key, Revision revision) {
  std::string bytes = EscapeKey(key);
  AppendFixed64(~static_cast<uint64_t>(revision), &bytes);
  return bytes;
}

bool DecodeVersionKey(absl::string_view bytes, DecodedVersionKey* decoded) {
  decoded->key.clear();
  size_t i = 0;
  for (;; ++i) {
    if (i + 1 >= bytes.size()) return false;
    if (bytes[i] != kEscape) {
      decoded->key.push_back(bytes[i]);
      continue;
    }
    ++i;
    if (bytes[i] == kEnd) break;
    if (bytes[i] != kEscapedZero) return false;
    decoded->key.push_back(kEscape);
  }
  const std::optional<uint64_t> complement = DecodeNumber(bytes.substr(i + 1));
  if (!complement.has_value()) return false;
  decoded->revision = static_cast<Revision>(~*complement);
  return decoded->revision > 0;
}

std::string EncodeVersion(const std::optional<std::string>& value) {
  if (!value.has_value()) return std::string(1, kDeletion);
  std::string bytes;
  bytes.reserve(value->size() + 1);
  bytes.push_back(kValue);
  bytes.append(*value);
  return bytes;
}

bool DecodeVersion(absl::string_view bytes, std::optional<absl::string_view>* value) {
  if (bytes.empty()) return false;
  if (bytes[0] == kValue) {
    *value = bytes.substr(1);
    return true;
  }
  *value = std::nullopt;
  return bytes[0] == kDeletion && bytes.size() == 1;
}

std::string EncodeFeedEntries(const std::vector<std::string>& entries) {
  std::string bytes;
  AppendFixed32(static_cast<uint32_t>(entries.size()), &bytes);
  for (const std::string& entry : entries) AppendSized(entry, &bytes);
  return bytes;
}

bool DecodeFeedEntries(absl::string_view bytes, std::vector<std::string>* entries) {
  Decoder decoder(bytes);
  uint32_t count = 0;
  if (!decoder.ReadFixed32(&count)) return false;
  entries->clear();
  for (uint32_t i = 0; i < count; ++i) {
    std::string entry;
    if (!decoder.ReadSized(&entry)) return false;
    entries->push_back(std::move(entry));
  }
  return decoder.Done();
}

std::string EncodeAnswer(const KeptAnswer& answer) {
  std::string bytes;
  AppendFixed64(static_cast<uint64_t>(absl::ToUnixMicros(answer.expires_at)), &bytes);
  AppendFixed64(static_cast<uint64_t>(answer.revision), &bytes);
  AppendSized(answer.request_digest, &bytes);
  AppendSized(answer.answer, &bytes);
  return bytes;
}

bool DecodeAnswer(absl::string_view request_id, absl::string_view bytes, KeptAnswer* answer) {
  Decoder decoder(bytes);
  uint64_t expires_micros = 0;
  uint64_t revision = 0;
  if (!decoder.ReadFixed64(&expires_micros) || !decoder.ReadFixed64(&revision) ||
      !decoder.ReadSized(&answer->request_digest) || !decoder.ReadSized(&answer->answer) ||
      !decoder.Done()) {
    return false;
  }
  answer->request_id = std::string(request_id);
  answer->expires_at = absl::FromUnixMicros(static_cast<int64_t>(expires_micros));
  answer->revision = static_cast<Revision>(revision);
  return true;
}

std::string PinKey(Revision revision, absl::string_view owner) {
  std::string bytes = kPinPrefix;
  AppendFixed64(static_cast<uint64_t>(revision), &bytes);
  absl::StrAppend(&bytes, owner);
  return bytes;
}

bool DecodePinKey(absl::string_view bytes, PinnedRevision* pin) {
  if (!absl::ConsumePrefix(&bytes, kPinPrefix)) return false;
  Decoder decoder(bytes);
  uint64_t revision = 0;
  if (!decoder.ReadFixed64(&revision)) return false;
  pin->revision = static_cast<Revision>(revision);
  pin->owner = std::string(decoder.rest());
  return true;
}

std::string EncodeMarker(absl::string_view identity) {
  return absl::StrCat(kMarkerTitle, identity, kMarkerEnd);
}

std::optional<std::string> DecodeMarker(absl::string_view bytes) {
  if (!absl::ConsumePrefix(&bytes, kMarkerTitle) || !absl::ConsumeSuffix(&bytes, kMarkerEnd) ||
      bytes.empty()) {
    return std::nullopt;
  }
  return std::string(bytes);
}

std::string EncodeHeadSlot(absl::string_view identity, Revision head) {
  std::string bytes = kHeadMagic;
  AppendSized(identity, &bytes);
  AppendFixed64(static_cast<uint64_t>(head), &bytes);
  AppendFixed64(Checksum(bytes), &bytes);
  bytes.resize(kHeadSlotBytes, '\0');
  return bytes;
}

std::optional<Revision> DecodeHeadSlot(absl::string_view identity, absl::string_view bytes) {
  const absl::string_view all = bytes;
  if (!absl::ConsumePrefix(&bytes, kHeadMagic)) return std::nullopt;
  Decoder decoder(bytes);
  std::string owner;
  uint64_t head = 0;
  uint64_t checksum = 0;
  if (!decoder.ReadSized(&owner) || !decoder.ReadFixed64(&head)) return std::nullopt;
  const size_t covered = all.size() - decoder.rest().size();
  if (!decoder.ReadFixed64(&checksum)) return std::nullopt;
  if (checksum != Checksum(all.substr(0, covered)) || owner != identity) return std::nullopt;
  return static_cast<Revision>(head);
}

}  // namespace tandem::storage::format
