// A closed list of codes with their titles, for example the countries of ISO 3166-1.
// Immutable once filled; then thread-safe.
#ifndef SERVICES_COMMON_CODE_LIST_H_
#define SERVICES_COMMON_CODE_LIST_H_

#include <map>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace tandem::common {

class CodeList {
 public:
  // `what` names one entry in messages: "country". `source` says where all are found, for people:
  // "ISO 3166-1 alpha-2, such as KE".
  explicit CodeList(std::string what, std::string source = "")
      : what_(std::move(what)), source_(std::move(source)) {}

  void Add(absl::string_view code, absl::string_view title) {
    titles_.emplace(std::string(code), std::string(title));
  }
  bool Contains(absl::string_view code) const;
  // The title, or "" for an unknown code.
  std::string Title(absl::string_view code) const;
  const std::string& what() const { return what_; }
  const std::string& source() const { return source_; }
  const std::map<std::string, std::string, std::less<>>& titles() const { return titles_; }

  // The code nearest to a mistyped one: equal but for case, else fewest edits, at most 2 and at
  // most a third of its length (of two letters any other two are near); "" when there is none.
  std::string Nearest(absl::string_view code) const;

 private:
  std::string what_;
  std::string source_;
  std::map<std::string, std::string, std::less<>> titles_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_CODE_LIST_H_
