#include "storage/codec.h"

namespace tandem::storage {
namespace {

template <typename Number>
void AppendBigEndian(Number number, std::string* out) {
  for (int shift = 8 * (static_cast<int>(sizeof(Number)) - 1); shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>((number >> shift) & 0xFF));
  }
}

template <typename Number>
Number FromBigEndian(absl::string_view bytes) {
  Number number = 0;
  for (char byte : bytes) number = (number << 8) | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

void AppendFixed64(uint64_t number, std::string* out) { AppendBigEndian(number, out); }

void AppendFixed32(uint32_t number, std::string* out) { AppendBigEndian(number, out); }

void AppendSized(absl::string_view text, std::string* out) {
  AppendFixed32(static_cast<uint32_t>(text.size()), out);
  out->append(text.data(), text.size());
}

bool Decoder::Take(size_t size, absl::string_view* bytes) {
  if (!ok_ || rest_.size() < size) {
    ok_ = false;
    return false;
  }
  *bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool Decoder::ReadFixed64(uint64_t* number) {
  absl::string_view bytes;
  if (!Take(8, &bytes)) return false;
  *number = FromBigEndian<uint64_t>(bytes);
  return true;
}

bool Decoder::ReadFixed32(uint32_t* number) {
  absl::string_view bytes;
  if (!Take(4, &bytes)) return false;
  *number = FromBigEndian<uint32_t>(bytes);
  return true;
}

bool Decoder::ReadSized(std::string* text) {
  uint32_t size = 0;
  absl::string_view bytes;
  if (!ReadFixed32(&size) || !Take(size, &bytes)) return false;
  text->assign(bytes.data(), bytes.size());
  return true;
}

}  // namespace tandem::storage
