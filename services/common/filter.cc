#include "services/common/filter.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "google/protobuf/timestamp.pb.h"
#include "services/common/errors.h"

namespace tandem::common {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Op = FilterCondition::Op;

constexpr size_t kMaxFilterBytes = 4096;
constexpr char kTimestampType[] = "google.protobuf.Timestamp";

absl::Status Refused(absl::string_view problem) {
  return InvalidField("filter", absl::StrCat(problem,
                                             "; write field = \"value\" or field != \"value\", "
                                             "joined by AND"));
}

// Takes a filter apart: names, operators and quoted values.
class Scanner {
 public:
  explicit Scanner(absl::string_view text) : text_(text) {}

  bool AtEnd() {
    SkipSpaces();
    return position_ == text_.size();
  }
  size_t column() const { return position_ + 1; }

  std::string Word() {
    SkipSpaces();
    const size_t start = position_;
    while (position_ < text_.size() &&
           (absl::ascii_isalnum(text_[position_]) || text_[position_] == '_')) {
      ++position_;
    }
    return std::string(text_.substr(start, position_ - start));
  }

  std::optional<Op> Operator() {
    SkipSpaces();
    const absl::string_view rest = text_.substr(position_);
    if (absl::StartsWith(rest, "!=")) return Take(2, Op::kNotEqual);
    if (absl::StartsWith(rest, "=")) return Take(1, Op::kEqual);
    if (absl::StartsWith(rest, ":")) return Take(1, Op::kPrefix);
    return std::nullopt;
  }

  // A value in double quotes, without them.
  std::optional<std::string> Value() {
    SkipSpaces();
    if (position_ == text_.size() || text_[position_] != '"') return std::nullopt;
    std::string value;
    for (++position_; position_ < text_.size(); ++position_) {
      if (text_[position_] == '"') {
        ++position_;
        return value;
      }
      if (text_[position_] == '\\' && ++position_ == text_.size()) break;
      value.push_back(text_[position_]);
    }
    return std::nullopt;
  }

 private:
  void SkipSpaces() {
    while (position_ < text_.size() && text_[position_] == ' ') ++position_;
  }
  Op Take(size_t size, Op op) {
    position_ += size;
    return op;
  }

  absl::string_view text_;
  size_t position_ = 0;
};

// What all values of an enum start with: "RECORD_STATE_" of "RECORD_STATE_UNSPECIFIED".
absl::string_view EnumPrefix(const EnumDescriptor& type) {
  absl::string_view zero = type.value(0)->name();
  return absl::EndsWith(zero, "UNSPECIFIED") ? zero.substr(0, zero.size() - 11) : "";
}

absl::StatusOr<std::string> NormalizeEnum(const EnumDescriptor& type, absl::string_view value) {
  const EnumValueDescriptor* found = type.FindValueByName(std::string(value));
  if (found == nullptr) found = type.FindValueByName(absl::StrCat(EnumPrefix(type), value));
  if (found != nullptr) return found->name();
  std::vector<std::string> names;
  for (int i = 0; i < type.value_count(); ++i) {
    names.push_back(type.value(i)->name().substr(EnumPrefix(type).size()));
  }
  return Refused(absl::StrCat("unknown value; known are ", absl::StrJoin(names, ", ")));
}

std::string TimeText(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_full, time, absl::UTCTimeZone());
}

// `value` as ValueOf() writes the same value of a field.
absl::StatusOr<std::string> Normalize(const FieldDescriptor& field, const std::string& value) {
  int64_t number = 0;
  absl::Time time;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return value;
    case FieldDescriptor::CPPTYPE_ENUM:
      return NormalizeEnum(*field.enum_type(), value);
    case FieldDescriptor::CPPTYPE_BOOL:
      if (value == "true" || value == "false") return value;
      return Refused(absl::StrCat(field.name(), " is true or false"));
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      if (absl::SimpleAtoi(value, &number)) return absl::StrCat(number);
      return Refused(absl::StrCat(field.name(), " is a whole number"));
    case FieldDescriptor::CPPTYPE_MESSAGE:
      if (absl::ParseTime(absl::RFC3339_full, value, &time, nullptr)) return TimeText(time);
      return Refused(absl::StrCat(field.name(), " is a time such as 2026-11-22T10:00:00Z"));
    default:
      return Refused(absl::StrCat(field.name(), " cannot be filtered by"));
  }
}

// The value of a field that is not a list, as text.
std::string ValueOf(const Message& message, const FieldDescriptor* field) {
  const Reflection* reflection = message.GetReflection();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return reflection->GetString(message, field);
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection->GetEnum(message, field)->name();
    case FieldDescriptor::CPPTYPE_BOOL:
      return reflection->GetBool(message, field) ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT32:
      return absl::StrCat(reflection->GetInt32(message, field));
    case FieldDescriptor::CPPTYPE_INT64:
      return absl::StrCat(reflection->GetInt64(message, field));
    default: {
      if (!reflection->HasField(message, field)) return "";
      const auto& time =
          static_cast<const google::protobuf::Timestamp&>(reflection->GetMessage(message, field));
      return TimeText(absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos()));
    }
  }
}

bool Holds(const FilterCondition& condition, absl::string_view value) {
  return condition.op == Op::kPrefix ? absl::StartsWith(value, condition.value)
                                     : value == condition.value;
}

bool MatchesCondition(const FilterCondition& condition, const Message& message) {
  const FieldDescriptor* field = message.GetDescriptor()->FindFieldByName(condition.field);
  bool holds = false;
  if (field->is_repeated()) {  // of strings only, see FindField
    const Reflection* reflection = message.GetReflection();
    for (int i = 0; i < reflection->FieldSize(message, field) && !holds; ++i) {
      holds = Holds(condition, reflection->GetRepeatedString(message, field, i));
    }
  } else {
    holds = Holds(condition, ValueOf(message, field));
  }
  return holds == (condition.op != Op::kNotEqual);
}

bool CanFilterBy(const FieldDescriptor& field) {
  if (field.is_repeated()) return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  return field.cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE ||
         field.message_type()->full_name() == kTimestampType;
}

absl::StatusOr<FilterCondition> ReadCondition(const Descriptor& type,
                                              const std::vector<std::string>& allowed,
                                              Scanner* scanner) {
  FilterCondition condition;
  condition.field = scanner->Word();
  const FieldDescriptor* field = type.FindFieldByName(condition.field);
  if (field == nullptr || !CanFilterBy(*field) ||
      std::find(allowed.begin(), allowed.end(), condition.field) == allowed.end()) {
    return Refused(absl::StrCat("at column ", scanner->column(), " one of ",
                                absl::StrJoin(allowed, ", "), " must stand"));
  }
  const std::optional<Op> op = scanner->Operator();
  if (!op.has_value()) {
    return Refused(absl::StrCat("at column ", scanner->column(), " = or != must stand"));
  }
  if (*op == Op::kPrefix && field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) {
    return Refused(absl::StrCat("\":\" is for texts only, ", condition.field, " is none"));
  }
  condition.op = *op;
  const std::optional<std::string> value = scanner->Value();
  if (!value.has_value()) {
    return Refused(
        absl::StrCat("at column ", scanner->column(), " a value in double quotes must stand"));
  }
  TANDEM_ASSIGN_OR_RETURN(condition.value, Normalize(*field, *value));
  return condition;
}

}  // namespace

absl::StatusOr<Filter> Filter::Parse(absl::string_view text, const Descriptor& type,
                                     const std::vector<std::string>& allowed_fields) {
  Filter filter;
  if (text.size() > kMaxFilterBytes) return InvalidField("filter", "is longer than 4096 bytes");
  Scanner scanner(text);
  if (scanner.AtEnd()) return filter;
  while (true) {
    TANDEM_ASSIGN_OR_RETURN(FilterCondition condition,
                            ReadCondition(type, allowed_fields, &scanner));
    filter.conditions_.push_back(std::move(condition));
    if (scanner.AtEnd()) return filter;
    const size_t column = scanner.column();
    if (scanner.Word() != "AND") {
      return Refused(absl::StrCat("at column ", column, " AND must stand"));
    }
  }
}

bool Filter::Matches(const Message& message) const {
  return std::all_of(conditions_.begin(), conditions_.end(), [&](const FilterCondition& condition) {
    return MatchesCondition(condition, message);
  });
}

std::vector<FilterCondition> Filter::TakeConditionsOn(absl::string_view field) {
  std::vector<FilterCondition> taken;
  const auto kept = std::stable_partition(
      conditions_.begin(), conditions_.end(),
      [&](const FilterCondition& condition) { return condition.field != field; });
  std::move(kept, conditions_.end(), std::back_inserter(taken));
  conditions_.erase(kept, conditions_.end());
  return taken;
}

}  // namespace tandem::common
