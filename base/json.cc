#include "base/json.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/utf8.h"

namespace tandem::base {
namespace {

constexpr int kMaxDepth = 64;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The value of a hexadecimal digit, or -1.
int HexDigit(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void AppendUtf8(uint32_t code, std::string* out) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code));
    return;
  }
  const int extra = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  const uint32_t lead = extra == 1 ? 0xC0 : extra == 2 ? 0xE0 : 0xF0;
  out->push_back(static_cast<char>(lead | (code >> (6 * extra))));
  for (int i = extra - 1; i >= 0; --i) {
    out->push_back(static_cast<char>(0x80 | ((code >> (6 * i)) & 0x3F)));
  }
}

class Parser {
 public:
  Parser(absl::string_view text, absl::string_view file) : text_(text), file_(file) {}

  // Leaves the values out when `value` is null, and only checks.
  absl::Status Parse(JsonValue* value) {
    const Utf8Error error = FindUtf8Error(text_);
    if (error.kind != Utf8Error::Kind::kNone) {
      return absl::InvalidArgumentError(
          absl::StrCat(file_, ":", error.line, ":", error.column, ": not UTF-8 text"));
    }
    TANDEM_RETURN_IF_ERROR(ParseValue(value, 0));
    SkipSpace();
    if (at_ < text_.size()) return Error("text after the end of the JSON value");
    return absl::OkStatus();
  }

 private:
  absl::Status Error(absl::string_view reason) const {
    return JsonError(text_, file_, at_, reason);
  }

  void SkipSpace() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool TakeWord(absl::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  absl::Status ParseValue(JsonValue* value, int depth) {
    if (depth > kMaxDepth) return Error("nested too deeply");
    SkipSpace();
    if (at_ >= text_.size()) return Error("the text ends where a value is expected");
    if (value != nullptr) value->offset = at_;
    const char c = text_[at_];
    if (c == '{') return ParseObject(value, depth);
    if (c == '[') return ParseArray(value, depth);
    if (c == '"') {
      SetKind(value, JsonValue::Kind::kString);
      std::string text;
      TANDEM_RETURN_IF_ERROR(ParseString(&text));
      if (value != nullptr) value->text = std::move(text);
      return absl::OkStatus();
    }
    if (c == '-' || IsDigit(c)) return ParseNumber(value);
    if (TakeWord("null")) {
      SetKind(value, JsonValue::Kind::kNull);
    } else if (TakeWord("true")) {
      SetKind(value, JsonValue::Kind::kTrue);
    } else if (TakeWord("false")) {
      SetKind(value, JsonValue::Kind::kFalse);
    } else {
      return Error("not a JSON value");
    }
    return absl::OkStatus();
  }

  static void SetKind(JsonValue* value, JsonValue::Kind kind) {
    if (value != nullptr) value->kind = kind;
  }

  absl::Status ParseObject(JsonValue* value, int depth) {
    SetKind(value, JsonValue::Kind::kObject);
    ++at_;
    SkipSpace();
    if (Take('}')) return absl::OkStatus();
    absl::flat_hash_set<std::string> keys;
    while (true) {
      SkipSpace();
      if (at_ >= text_.size() || text_[at_] != '"') return Error("a key in quotes is expected");
      const size_t key_at = at_;
      std::string key;
      TANDEM_RETURN_IF_ERROR(ParseString(&key));
      if (!keys.insert(key).second) {
        at_ = key_at;
        return Error(absl::StrCat("key \"", key, "\" stands twice"));
      }
      SkipSpace();
      if (!Take(':')) return Error("':' is expected");
      if (value != nullptr) value->members.emplace_back(std::move(key), JsonValue());
      TANDEM_RETURN_IF_ERROR(
          ParseValue(value == nullptr ? nullptr : &value->members.back().second, depth + 1));
      SkipSpace();
      if (Take('}')) return absl::OkStatus();
      if (!Take(',')) return Error("',' or '}' is expected");
    }
  }

  absl::Status ParseArray(JsonValue* value, int depth) {
    SetKind(value, JsonValue::Kind::kArray);
    ++at_;
    SkipSpace();
    if (Take(']')) return absl::OkStatus();
    while (true) {
      if (value != nullptr) value->items.emplace_back();
      TANDEM_RETURN_IF_ERROR(
          ParseValue(value == nullptr ? nullptr : &value->items.back(), depth + 1));
      SkipSpace();
      if (Take(']')) return absl::OkStatus();
      if (!Take(',')) return Error("',' or ']' is expected");
    }
  }

  absl::Status ParseNumber(JsonValue* value) {
    SetKind(value, JsonValue::Kind::kNumber);
    const size_t start = at_;
    Take('-');
    if (!Take('0') && !TakeDigits()) return Error("a digit is expected");
    if (Take('.') && !TakeDigits()) return Error("a digit is expected");
    if (Take('e') || Take('E')) {
      if (!Take('+')) Take('-');
      if (!TakeDigits()) return Error("a digit is expected");
    }
    if (value != nullptr) value->text = std::string(text_.substr(start, at_ - start));
    return absl::OkStatus();
  }

  bool TakeDigits() {
    const size_t start = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    return at_ > start;
  }

  absl::Status ParseString(std::string* out) {
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return absl::OkStatus();
      }
      if (static_cast<unsigned char>(c) < 0x20) return Error("a control character in a string");
      if (c == '\\') {
        TANDEM_RETURN_IF_ERROR(ParseEscape(out));
        continue;
      }
      out->push_back(c);
      ++at_;
    }
    return Error("a string that is never closed");
  }

  absl::Status ParseEscape(std::string* out) {
    ++at_;
    if (at_ >= text_.size()) return Error("a string that is never closed");
    constexpr absl::string_view kLetters = "\"\\/bfnrt";
    constexpr absl::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const size_t letter = kLetters.find(text_[at_]);
    if (letter != absl::string_view::npos) {
      out->push_back(kMeanings[letter]);
      ++at_;
      return absl::OkStatus();
    }
    uint32_t code = 0;
    TANDEM_RETURN_IF_ERROR(ParseUnicode(&code));
    if (code >= 0xD800 && code < 0xDC00 && text_.substr(at_, 2) == "\\u") {
      ++at_;
      uint32_t low = 0;
      TANDEM_RETURN_IF_ERROR(ParseUnicode(&low));
      if (low < 0xDC00 || low > 0xDFFF) return Error("half of a surrogate pair");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    if (code >= 0xD800 && code <= 0xDFFF) return Error("half of a surrogate pair");
    AppendUtf8(code, out);
    return absl::OkStatus();
  }

  absl::Status ParseUnicode(uint32_t* code) {
    if (!Take('u') || at_ + 4 > text_.size()) return Error("an unknown escape in a string");
    *code = 0;
    for (int i = 0; i < 4; ++i) {
      const int digit = HexDigit(text_[at_]);
      if (digit < 0) return Error("an unknown escape in a string");
      *code = *code * 16 + static_cast<uint32_t>(digit);
      ++at_;
    }
    return absl::OkStatus();
  }

  const absl::string_view text_;
  const absl::string_view file_;
  size_t at_ = 0;
};

}  // namespace

const JsonValue* JsonValue::Find(absl::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

// Only called for the first error, so counting lines then costs nothing.
absl::Status JsonError(absl::string_view text, absl::string_view file_name, size_t offset,
                       absl::string_view reason) {
  const absl::string_view before = text.substr(0, offset);
  const int64_t line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t line_start =
      before.rfind('\n') == absl::string_view::npos ? 0 : before.rfind('\n') + 1;
  int64_t column = 1;
  for (char c : before.substr(line_start)) column += (c & 0xC0) != 0x80 ? 1 : 0;
  return absl::InvalidArgumentError(absl::StrCat(file_name, ":", line, ":", column, ": ", reason));
}

absl::StatusOr<JsonValue> ParseJson(absl::string_view text, absl::string_view file_name) {
  JsonValue value;
  TANDEM_RETURN_IF_ERROR(Parser(text, file_name).Parse(&value));
  return value;
}

absl::Status CheckJson(absl::string_view text, absl::string_view file_name) {
  return Parser(text, file_name).Parse(nullptr);
}

void AppendJsonString(absl::string_view text, std::string* out) {
  constexpr absl::string_view kHex = "0123456789abcdef";
  out->push_back('"');
  for (char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (c == '\n') {
      out->append("\\n");
    } else if (byte < 0x20 || byte == 0x7F) {
      out->append("\\u00");
      out->push_back(kHex[byte >> 4]);
      out->push_back(kHex[byte & 15]);
    } else {
      out->push_back(c);
    }
  }
  out->push_back('"');
}

}  // namespace tandem::base
