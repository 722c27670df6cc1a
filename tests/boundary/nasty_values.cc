#include "tests/boundary/nasty_values.h"

#include <cstddef>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tandem::tests {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr size_t kKnownPerField = 48;
constexpr size_t kMaxKnownBytes = 2048;
constexpr int kMaxRemembered = 150;  // texts of one answer

// Fixed texts; each stands for a class of trouble.
const std::string& FixedText(uint64_t index) {
  static const auto* const texts = new std::vector<std::string>{
      "",
      " ",
      "\n",
      "*",
      "-",
      "/",
      "mentors/",
      "/mentors/1",
      "mentors//",
      "mentors/../organisations/1",
      "mentors/-",
      "mentors/00000000000000000000000000",
      "organisations/%2e%2e",
      "engagementRequests/r1/roles/",
      "assessments/a1/items/1/2/3",
      "policies/ldc/versions/99999999999999999999",
      "policies/ldc/versions/-1",
      "operations/\xF0\x9F\x98\x80",
      std::string("a\0b", 3),
      "\xC3\x28",          // invalid UTF-8
      "\xED\xA0\x80",      // a surrogate
      "\xF4\x90\x80\x80",  // beyond Unicode
      "\xC0\xAF",          // overlong
      "\xE2\x80\xAE"
      "evil",  // right-to-left override
      "\xE2\x81\xA7"
      "isolate",  // bidirectional isolate
      "zero\xE2\x80\x8B"
      "width",  // zero-width space
      "\xEF\xBB\xBF"
      "mark",          // byte order mark
      "\xE2\x80\x8D",  // zero-width joiner
      "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81",
      "9223372036854775808",
      "-1",
      "1e999",
      "NaN",
      "\"",
      "state = \"",
      "state = \"OPEN\" AND",
      "external_id : \"\" AND external_id : \"\"",
      "((((((((((((((((",
      "NOT NOT NOT state",
      "2026-02-30",
      "../../etc/passwd",
      "%s%n%p",
      "W/\"etag\"",
      "AAAA",
      "=====",
      "\x7F\x01\x02",
      "UTC",
      "Europe/Geneva",
      "en",
      "CH",
      "x",
  };
  return (*texts)[index % texts->size()];
}

}  // namespace

void NastyValues::Remember(const std::string& field, const std::string& value) {
  if (value.empty() || value.size() > kMaxKnownBytes) return;
  std::vector<std::string>& values = known_[field];
  if (values.size() < kKnownPerField) {
    values.push_back(value);
  } else {
    values[Below(values.size())] = value;
  }
}

void NastyValues::RememberAll(const Message& answer) {
  std::vector<const Message*> open = {&answer};
  int remembered = 0;
  while (!open.empty() && remembered < kMaxRemembered) {
    const Message& message = *open.back();
    open.pop_back();
    const google::protobuf::Reflection* reflection = message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    reflection->ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
      const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
      for (int i = 0; i < size && remembered < kMaxRemembered; ++i) {
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
          Remember(field->name(), field->is_repeated()
                                      ? reflection->GetRepeatedString(message, field, i)
                                      : reflection->GetString(message, field));
          // A page token is asked for under another name than it is given.
          if (field->name() == "next_page_token") {
            Remember("page_token", reflection->GetString(message, field));
          }
          ++remembered;
        } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
          open.push_back(field->is_repeated() ? &reflection->GetRepeatedMessage(message, field, i)
                                              : &reflection->GetMessage(message, field));
        }
      }
    }
  }
}

const std::string* NastyValues::Known(const std::string& field) {
  auto found = known_.find(field);
  if (found == known_.end() || OneIn(5)) {  // what belongs to another kind of field
    if (known_.empty()) return nullptr;
    found = std::next(known_.begin(), static_cast<std::ptrdiff_t>(Below(known_.size())));
  }
  return &found->second[Below(found->second.size())];
}

std::string NastyValues::Text(const std::string& field, const Descriptor* request) {
  if (field == "paths" && !OneIn(4)) return MaskPath(request);
  switch (Below(12)) {
    case 0:
      // Lengths around those of limits; rarely one that fills a message.
      if (OneIn(200)) return std::string(1 << 20, 'x');
      return std::string(size_t{1} << Below(14), OneIn(2) ? 'x' : '\xFE');
    case 1:
      return Bytes(40);
    case 2:
    case 3:
    case 4:
      return FixedText(random_());
    case 5:
      if (const std::string* known = Known(field)) return MutatedText(*known);
      return FixedText(random_());
    default:
      if (const std::string* known = Known(field)) return *known;
      return FixedText(random_());
  }
}

std::string NastyValues::MutatedText(std::string text) {
  if (text.empty()) return text;
  const size_t at = Below(text.size());
  switch (Below(4)) {
    case 0:
      text[at] = static_cast<char>(Below(256));
      break;
    case 1:
      text.resize(at);
      break;
    case 2:
      text.insert(at, FixedText(random_()));
      break;
    default:
      text += text;
  }
  return text;
}

std::string NastyValues::MaskPath(const Descriptor* request) {
  std::string path;
  const Descriptor* type = request;
  // The resource stands in the request: a mask starts below it.
  for (int i = 0; i < request->field_count(); ++i) {
    const Descriptor* inner = request->field(i)->message_type();
    if (inner != nullptr && inner->name() != "FieldMask") type = inner;
  }
  while (type != nullptr && type->field_count() > 0) {
    const FieldDescriptor* field = type->field(static_cast<int>(Below(type->field_count())));
    absl::StrAppend(&path, path.empty() ? "" : ".", field->name());
    type = OneIn(2) ? field->message_type() : nullptr;
  }
  return OneIn(8) ? MutatedText(path) : path;
}

uint64_t NastyValues::Number() {
  const uint64_t bit = uint64_t{1} << Below(64);
  switch (Below(8)) {
    case 0:
      return 0;
    case 1:
      return std::numeric_limits<uint64_t>::max() - Below(3);  // -1, -2, -3
    case 2:
      return static_cast<uint64_t>(std::numeric_limits<int32_t>::min()) + Below(3) - 1;
    case 3:
      return static_cast<uint64_t>(std::numeric_limits<int32_t>::max()) + Below(3) - 1;
    case 4:
      return static_cast<uint64_t>(std::numeric_limits<int64_t>::min()) + Below(3) - 1;
    case 5:
      return bit + Below(3) - 1;
    case 6:
      return Below(40);
    default:
      return random_();
  }
}

double NastyValues::Real() {
  constexpr double kReals[] = {
      0.0,
      -0.0,
      -1.0,
      0.1,
      1e308,
      -1e308,
      std::numeric_limits<double>::denorm_min(),
      std::numeric_limits<double>::infinity(),
      -std::numeric_limits<double>::infinity(),
      std::numeric_limits<double>::quiet_NaN(),
  };
  return kReals[Below(sizeof(kReals) / sizeof(kReals[0]))];
}

int NastyValues::Enum(const google::protobuf::EnumDescriptor* type) {
  if (OneIn(6)) return static_cast<int>(static_cast<int32_t>(Number()));
  return type->value(static_cast<int>(Below(static_cast<uint64_t>(type->value_count()))))->number();
}

std::string NastyValues::Bytes(size_t max_size) {
  std::string bytes(Below(max_size + 1), '\0');
  for (char& byte : bytes) byte = static_cast<char>(Below(256));
  return bytes;
}

}  // namespace tandem::tests
