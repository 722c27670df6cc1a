#include "services/gateway/gzip.h"

#include <zlib.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "services/common/errors.h"

namespace tandem::gateway {
namespace {

constexpr int kGzip = 16 + MAX_WBITS;  // zlib's way to ask for gzip
constexpr int kLevel = 4;              // most of the gain at a third of the time of zlib's default
constexpr size_t kStepBytes = 64 << 10;

// zlib takes it without const, and does not write to it.
Bytef* Input(absl::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

absl::Status NoGzip() {
  return common::MakeError(absl::StatusCode::kInvalidArgument, "REQUEST_MALFORMED",
                           "the message is said to be gzip, and is not");
}

// Inflates until the end of the stream; leaves the output in `bytes`.
absl::Status Inflate(z_stream* stream, size_t max_bytes, std::string* bytes) {
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    const size_t used = bytes->size();
    if (used > max_bytes) {
      return common::MakeError(absl::StatusCode::kResourceExhausted, "REQUEST_TOO_LARGE",
                               absl::StrCat("the message has more than ", max_bytes,
                                            " bytes when decompressed: split it into several"),
                               {{"max_bytes", absl::StrCat(max_bytes)}});
    }
    bytes->resize(used + std::min(kStepBytes, max_bytes + 1 - used));
    stream->next_out = reinterpret_cast<Bytef*>(&(*bytes)[used]);
    stream->avail_out = static_cast<uInt>(bytes->size() - used);
    code = inflate(stream, Z_NO_FLUSH);
    bytes->resize(bytes->size() - stream->avail_out);
    if (code != Z_OK && code != Z_STREAM_END) return NoGzip();
  }
  return stream->avail_in == 0 ? absl::OkStatus() : NoGzip();
}

}  // namespace

std::string Compress(absl::string_view bytes) {
  z_stream stream = {};
  deflateInit2(&stream, kLevel, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY);
  std::string compressed(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
  stream.next_in = Input(bytes);
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(&compressed[0]);
  stream.avail_out = static_cast<uInt>(compressed.size());
  deflate(&stream, Z_FINISH);
  compressed.resize(stream.total_out);
  deflateEnd(&stream);
  return compressed;
}

absl::StatusOr<std::string> Decompress(absl::string_view compressed, size_t max_bytes) {
  z_stream stream = {};
  stream.next_in = Input(compressed);
  stream.avail_in = static_cast<uInt>(compressed.size());
  if (inflateInit2(&stream, kGzip) != Z_OK) return NoGzip();
  std::string bytes;
  const absl::Status status = Inflate(&stream, max_bytes, &bytes);
  inflateEnd(&stream);
  if (!status.ok()) return status;
  return bytes;
}

}  // namespace tandem::gateway
