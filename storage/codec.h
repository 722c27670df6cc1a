// Numbers and strings as bytes: what on-disk records and status payloads are made of. Numbers are
// big-endian, so that the order of the bytes is the order of the (non-negative) numbers.
#ifndef STORAGE_CODEC_H_
#define STORAGE_CODEC_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tandem::storage {

// 8 bytes.
void AppendFixed64(uint64_t number, std::string* out);
// 4 bytes of length, then the bytes. `text` has fewer than 2^32 bytes.
void AppendSized(absl::string_view text, std::string* out);

// Reads what was appended above, in the same order. Every method returns false, and leaves its
// output alone, once the input is too short; then it stays so.
class Decoder {
 public:
  // `input` must outlive the decoder.
  explicit Decoder(absl::string_view input) : rest_(input) {}

  bool ReadFixed64(uint64_t* number);
  bool ReadFixed32(uint32_t* number);
  bool ReadSized(std::string* text);
  // True when everything was read and nothing was missing.
  bool Done() const { return ok_ && rest_.empty(); }
  absl::string_view rest() const { return rest_; }

 private:
  bool Take(size_t size, absl::string_view* bytes);

  absl::string_view rest_;
  bool ok_ = true;
};

void AppendFixed32(uint32_t number, std::string* out);

}  // namespace tandem::storage

#endif  // STORAGE_CODEC_H_
