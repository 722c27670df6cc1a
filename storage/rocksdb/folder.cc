#include "storage/rocksdb/folder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "storage/rocksdb/errors.h"
#include "storage/rocksdb/format.h"

namespace tandem::storage {
namespace {

constexpr size_t kMaxMarkerBytes = 4096;
const rocksdb::IOOptions kIo;

// Creates `path` with its parents, and syncs the folder that each new one stands in.
rocksdb::IOStatus CreateFolders(const std::string& path, rocksdb::FileSystem* files) {
  if (path.empty() || path == "/" || files->FileExists(path, kIo, nullptr).ok()) {
    return rocksdb::IOStatus::OK();
  }
  const size_t slash = path.find_last_of('/');
  const std::string parent = slash == std::string::npos ? "." : path.substr(0, slash);
  rocksdb::IOStatus status = CreateFolders(parent, files);
  if (status.ok()) status = files->CreateDirIfMissing(path, kIo, nullptr);
  if (!status.ok()) return status;
  std::unique_ptr<rocksdb::FSDirectory> directory;
  status = files->NewDirectory(parent.empty() ? "/" : parent, kIo, &directory, nullptr);
  return status.ok() ? directory->Fsync(kIo, nullptr) : status;
}

// True for names that an interrupted creation, or the opening of an empty folder, can leave.
bool MadeByCreation(absl::string_view name) {
  return name == format::kLockFile || name == format::kHeadFile || name == "LOCK" ||
         name == "IDENTITY" || name == "CURRENT" || absl::StartsWith(name, "LOG") ||
         absl::StartsWith(name, "MANIFEST-") || absl::StartsWith(name, "OPTIONS-") ||
         absl::EndsWith(name, ".log") || absl::EndsWith(name, ".dbtmp") ||
         absl::EndsWith(name, ".tmp");
}

std::string WithoutTrailingSlashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Folder>> Folder::Lock(std::string path,
                                                     std::shared_ptr<rocksdb::FileSystem> files) {
  path = WithoutTrailingSlashes(std::move(path));
  std::unique_ptr<Folder> folder(new Folder(std::move(path), std::move(files)));
  TANDEM_RETURN_IF_ERROR(
      CreateError(folder->path_, CreateFolders(folder->path_, folder->files_.get())));
  const rocksdb::IOStatus locked =
      folder->files_->LockFile(folder->File(format::kLockFile), kIo, &folder->lock_, nullptr);
  if (locked.ok()) return folder;
  const std::string text = locked.ToString();
  if (absl::StrContains(text, "lock") && !absl::StrContains(text, "Permission denied") &&
      !absl::StrContains(text, "No space left")) {
    return InUseError(folder->path_);
  }
  return CreateError(folder->path_, locked);
}

Folder::~Folder() {
  // The lock goes with the process anyway if this fails.
  if (lock_ != nullptr) files_->UnlockFile(lock_, kIo, nullptr).PermitUncheckedError();
}

std::string Folder::File(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

absl::StatusOr<std::vector<std::string>> Folder::List() const {
  std::vector<std::string> names;
  TANDEM_RETURN_IF_ERROR(ReadError(path_, files_->GetChildren(path_, kIo, &names, nullptr)));
  names.erase(std::remove_if(names.begin(), names.end(),
                             [](const std::string& name) { return name == "." || name == ".."; }),
              names.end());
  return names;
}

absl::StatusOr<std::string> Folder::Read(absl::string_view name, size_t limit) const {
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  TANDEM_RETURN_IF_ERROR(ReadError(
      path_, files_->NewSequentialFile(File(name), rocksdb::FileOptions(), &file, nullptr)));
  std::string buffer(limit, '\0');
  std::string bytes;
  while (bytes.size() < limit) {
    rocksdb::Slice chunk;
    TANDEM_RETURN_IF_ERROR(
        ReadError(path_, file->Read(limit - bytes.size(), kIo, &chunk, buffer.data(), nullptr)));
    if (chunk.empty()) break;
    bytes.append(chunk.data(), chunk.size());
  }
  return bytes;
}

absl::Status Folder::Write(absl::string_view name, absl::string_view bytes) {
  std::unique_ptr<rocksdb::FSWritableFile> file;
  rocksdb::IOStatus status =
      files_->NewWritableFile(File(name), rocksdb::FileOptions(), &file, nullptr);
  if (status.ok()) status = file->Append(rocksdb::Slice(bytes.data(), bytes.size()), kIo, nullptr);
  if (status.ok()) status = file->Fsync(kIo, nullptr);
  if (status.ok()) status = file->Close(kIo, nullptr);
  return CreateError(path_, status);
}

absl::Status Folder::SyncFolder() {
  std::unique_ptr<rocksdb::FSDirectory> directory;
  rocksdb::IOStatus status = files_->NewDirectory(path_, kIo, &directory, nullptr);
  if (status.ok()) status = directory->Fsync(kIo, nullptr);
  return CreateError(path_, status);
}

absl::StatusOr<std::optional<std::string>> Folder::Inspect() const {
  TANDEM_ASSIGN_OR_RETURN(const std::vector<std::string> names, List());
  const auto has = [&](absl::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (!has(format::kMarkerFile)) {
    TANDEM_RETURN_IF_ERROR(InspectUnmarked(names));
    return std::nullopt;
  }
  TANDEM_ASSIGN_OR_RETURN(const std::string bytes, Read(format::kMarkerFile, kMaxMarkerBytes));
  std::optional<std::string> identity = format::DecodeMarker(bytes);
  if (!identity.has_value()) {
    return DamagedError(path_, absl::StrCat("file ", File(format::kMarkerFile),
                                            " does not hold what was written there"));
  }
  for (const char* needed : {"CURRENT", format::kHeadFile}) {
    if (!has(needed))
      return DamagedError(path_, absl::StrCat("file ", File(needed), " is missing"));
  }
  return identity;
}

absl::Status Folder::InspectUnmarked(const std::vector<std::string>& names) const {
  const bool has_current = std::find(names.begin(), names.end(), "CURRENT") != names.end();
  for (const std::string& name : names) {
    uint64_t size = 0;
    if (absl::EndsWith(name, ".log") && !has_current) {
      TANDEM_RETURN_IF_ERROR(
          ReadError(path_, files_->GetFileSize(File(name), kIo, &size, nullptr)));
    }
    if (absl::EndsWith(name, ".sst") || size > 0) {
      return DamagedError(path_, absl::StrCat("file ", File(format::kMarkerFile),
                                              " is missing, but there is data (", name, ")"));
    }
    if (!MadeByCreation(name)) {
      return absl::FailedPreconditionError(absl::StrCat("the folder ", path_,
                                                        " holds no store but other files (", name,
                                                        "): choose an empty folder, or a new one"));
    }
  }
  return absl::OkStatus();
}

absl::Status Folder::MarkCreated(absl::string_view identity) {
  std::string slots;
  for (size_t slot = 0; slot < format::kHeadSlots; ++slot) {
    slots += format::EncodeHeadSlot(identity, 0);
  }
  TANDEM_RETURN_IF_ERROR(Write(format::kHeadFile, slots));
  TANDEM_RETURN_IF_ERROR(SyncFolder());
  // Renamed into place: a marker is there whole or not at all.
  const std::string draft = absl::StrCat(format::kMarkerFile, ".tmp");
  TANDEM_RETURN_IF_ERROR(Write(draft, format::EncodeMarker(identity)));
  TANDEM_RETURN_IF_ERROR(
      CreateError(path_, files_->RenameFile(File(draft), File(format::kMarkerFile), kIo, nullptr)));
  return SyncFolder();
}

absl::StatusOr<Revision> Folder::RecordedHead(absl::string_view identity) const {
  TANDEM_ASSIGN_OR_RETURN(const std::string bytes,
                          Read(format::kHeadFile, format::kHeadSlots * format::kHeadSlotBytes));
  Revision head = 0;
  for (size_t start = 0; start < bytes.size(); start += format::kHeadSlotBytes) {
    const absl::string_view slot = absl::string_view(bytes).substr(start, format::kHeadSlotBytes);
    head = std::max(head, format::DecodeHeadSlot(identity, slot).value_or(0));
  }
  return head;
}

absl::Status Folder::StartRecording(absl::string_view identity) {
  identity_ = std::string(identity);
  return ReadError(path_, files_->NewRandomRWFile(File(format::kHeadFile), rocksdb::FileOptions(),
                                                  &head_file_, nullptr));
}

absl::Status Folder::RecordHead(Revision head, bool sync) {
  const std::string slot = format::EncodeHeadSlot(identity_, head);
  const uint64_t offset = next_slot_ * format::kHeadSlotBytes;
  next_slot_ = (next_slot_ + 1) % format::kHeadSlots;
  rocksdb::IOStatus status = head_file_->Write(offset, slot, kIo, nullptr);
  if (status.ok() && sync) status = head_file_->Sync(kIo, nullptr);
  return WriteError(path_, status);
}

}  // namespace tandem::storage
