#include "services/common/parsed_size.h"

#include <cstdint>

#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/message.h"
#include "google/protobuf/wire_format_lite.h"

namespace tandem::common {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int kMaxDepth = 100;  // as protobuf's parser
// Of protobuf's own structures on 64-bit machines, with what an allocation costs.
constexpr size_t kAllocationBytes = 16;
constexpr size_t kPointerBytes = 8;
constexpr size_t kStringBytes = 32 + kAllocationBytes;
constexpr size_t kPackedBytes = 8;   // of a number in a packed list
constexpr size_t kNumberBytes = 16;  // of one on its own, the larger of known and unknown
constexpr size_t kUnknownGroupBytes = kNumberBytes + 24 + kAllocationBytes;

// Of a message in which nothing is set.
size_t EmptyBytes(const Descriptor* type) {
  const google::protobuf::Message* prototype =
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  return (prototype == nullptr ? 0 : prototype->SpaceUsedLong()) + kAllocationBytes + kPointerBytes;
}

class Weigher {
 public:
  Weigher(CodedInputStream* input, size_t enough) : input_(*input), enough_(enough) {}

  size_t total() const { return total_; }

  // The fields up to the end of the input or of its limit; of an unknown group (`type` is null) up
  // to its end. False where parsing or counting ends.
  bool Fields(const Descriptor* type, int depth) {
    if (depth > kMaxDepth) return false;
    while (total_ <= enough_) {
      const uint32_t tag = input_.ReadTag();
      if (tag == 0) return type != nullptr && input_.ConsumedEntireMessage();
      const WireFormatLite::WireType wire_type = WireFormatLite::GetTagWireType(tag);
      if (wire_type == WireFormatLite::WIRETYPE_END_GROUP) return type == nullptr;
      const FieldDescriptor* field =
          type == nullptr ? nullptr
                          : type->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      if (!Field(field, wire_type, depth)) return false;
    }
    return false;
  }

 private:
  bool Field(const FieldDescriptor* field, WireFormatLite::WireType wire_type, int depth) {
    uint64_t number = 0;
    switch (wire_type) {
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
        return Delimited(field, depth);
      case WireFormatLite::WIRETYPE_START_GROUP:
        total_ += kUnknownGroupBytes;
        return Fields(nullptr, depth + 1);
      case WireFormatLite::WIRETYPE_VARINT:
        total_ += kNumberBytes;
        return input_.ReadVarint64(&number);
      case WireFormatLite::WIRETYPE_FIXED64:
        total_ += kNumberBytes;
        return input_.Skip(sizeof(uint64_t));
      case WireFormatLite::WIRETYPE_FIXED32:
        total_ += kNumberBytes;
        return input_.Skip(sizeof(uint32_t));
      default:
        return false;
    }
  }

  bool Delimited(const FieldDescriptor* field, int depth) {
    uint32_t size = 0;
    if (!input_.ReadVarint32(&size) || size > INT32_MAX) return false;
    const int length = static_cast<int>(size);
    if (field == nullptr || field->message_type() == nullptr) {
      // Of packed numbers each byte may be one.
      const bool packed = field != nullptr && field->is_packable();
      total_ += packed ? size * kPackedBytes : kNumberBytes + kStringBytes + size;
      return input_.Skip(length);
    }
    total_ += EmptyBytes(field->message_type());
    const CodedInputStream::Limit limit = input_.PushLimit(length);
    if (!Fields(field->message_type(), depth + 1)) return false;
    input_.PopLimit(limit);
    return true;
  }

  CodedInputStream& input_;
  const size_t enough_;
  size_t total_ = 0;
};

}  // namespace

size_t ParsedSize(google::protobuf::io::ZeroCopyInputStream* stream, const Descriptor& type,
                  size_t enough) {
  CodedInputStream input(stream);
  Weigher weigher(&input, enough);
  (void)weigher.Fields(&type, 0);
  return weigher.total();
}

}  // namespace tandem::common
