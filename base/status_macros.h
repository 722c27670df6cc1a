// Early return on errors, for functions that return absl::Status or absl::StatusOr.
//
//   absl::StatusOr<Mentor> Load(absl::string_view id) {
//     TANDEM_RETURN_IF_ERROR(CheckId(id));
//     TANDEM_ASSIGN_OR_RETURN(std::string bytes, store.Get(id));
//     return Parse(bytes);
//   }

#ifndef TANDEM_BASE_STATUS_MACROS_H_
#define TANDEM_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Evaluates `expr`, an absl::Status, once; returns it from the function if it is an error.
#define TANDEM_RETURN_IF_ERROR(expr)                 \
  do {                                               \
    absl::Status tandem_status_ = (expr);            \
    if (!tandem_status_.ok()) return tandem_status_; \
  } while (false)

// Evaluates `expr`, an absl::StatusOr<T>, once; returns its error from the function, or moves its
// value into `lhs`: a variable, or a declaration of one (in parentheses if its type has a comma).
#define TANDEM_ASSIGN_OR_RETURN(lhs, ...) \
  TANDEM_ASSIGN_OR_RETURN_IMPL_(TANDEM_CONCAT_(tandem_statusor_, __LINE__), lhs, (__VA_ARGS__))

#define TANDEM_ASSIGN_OR_RETURN_IMPL_(statusor, lhs, expr) \
  auto statusor = expr;                                    \
  if (!statusor.ok()) return std::move(statusor).status(); \
  TANDEM_REMOVE_PARENS_(lhs) = std::move(statusor).value()

#define TANDEM_CONCAT_(a, b) TANDEM_CONCAT_IMPL_(a, b)
#define TANDEM_CONCAT_IMPL_(a, b) a##b

// (X) and X both become X.
#define TANDEM_REMOVE_PARENS_(x) TANDEM_EMPTY_IF_DONE_(TANDEM_UNWRAP_ x)
#define TANDEM_UNWRAP_(...) TANDEM_UNWRAP_ __VA_ARGS__
#define TANDEM_EMPTY_IF_DONE_(...) TANDEM_EMPTY_IMPL_(__VA_ARGS__)
#define TANDEM_EMPTY_IMPL_(...) TANDEM_DONE_##__VA_ARGS__
#define TANDEM_DONE_TANDEM_UNWRAP_

#endif  // TANDEM_BASE_STATUS_MACROS_H_
