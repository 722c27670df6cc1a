// The protos with their comments, read from descriptor sets that hold source info: what the
// reference pages are made from. (Descriptors that are linked into a program have no comments.)
// Not thread-safe.
#ifndef TOOLS_DOCS_PROTO_FILES_H_
#define TOOLS_DOCS_PROTO_FILES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"

namespace tandem::docs {

class ProtoFiles {
 public:
  ProtoFiles() = default;
  ProtoFiles(const ProtoFiles&) = delete;
  ProtoFiles& operator=(const ProtoFiles&) = delete;

  // Adds the files of a descriptor set with imports. NOT_FOUND, INVALID_ARGUMENT name the file.
  absl::Status AddSet(const std::string& path);

  const google::protobuf::DescriptorPool& pool() const { return pool_; }
  // The services of Tandem, in order of their full names.
  std::vector<const google::protobuf::ServiceDescriptor*> Services() const;

 private:
  google::protobuf::DescriptorPool pool_;
  std::vector<const google::protobuf::FileDescriptor*> files_;
};

// The comment above a declaration, in one line; empty when it has none.
template <typename Declared>
std::string CommentOf(const Declared& declared);

// The same with its lines kept.
template <typename Declared>
std::string CommentLinesOf(const Declared& declared);

// ---- Only templates below.

// `text` with line breaks turned into spaces.
std::string InOneLine(absl::string_view text);

template <typename Declared>
std::string CommentLinesOf(const Declared& declared) {
  google::protobuf::SourceLocation location;
  return declared.GetSourceLocation(&location) ? location.leading_comments : "";
}

template <typename Declared>
std::string CommentOf(const Declared& declared) {
  return InOneLine(CommentLinesOf(declared));
}

}  // namespace tandem::docs

#endif  // TOOLS_DOCS_PROTO_FILES_H_
