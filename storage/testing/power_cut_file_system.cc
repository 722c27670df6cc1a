#include "storage/testing/power_cut_file_system.h"

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
namespace tandem::storage {
namespace {

using rocksdb::FileLock;
using rocksdb::FileOptions;
using rocksdb::FSDirectory;
using rocksdb::FSRandomAccessFile;
using rocksdb::FSRandomRWFile;
using rocksdb::FSSequentialFile;
using rocksdb::FSWritableFile;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;
using Disk = std::shared_ptr<SimulatedDisk>;
using Handle = SimulatedDisk::Handle;

IOStatus ToStatus(SimulatedDisk::Outcome outcome, const std::string& what) {
  switch (outcome) {
    case SimulatedDisk::Outcome::kDone:
      return IOStatus::OK();
    case SimulatedDisk::Outcome::kMissing:
      return IOStatus::PathNotFound(what, "No such file or directory");
    case SimulatedDisk::Outcome::kPowerOff:
      break;
  }
  return IOStatus::IOError(what, "the power is off");
}

// Reads into `scratch`.
IOStatus ReadInto(const Disk& disk, const Handle& file, uint64_t offset, size_t size, Slice* result,
                  char* scratch) {
  const std::string bytes = disk->Read(file, offset, size);
  if (!bytes.empty()) memcpy(scratch, bytes.data(), bytes.size());
  *result = Slice(scratch, bytes.size());
  return IOStatus::OK();
}

class SequentialFile : public FSSequentialFile {
 public:
  SequentialFile(Disk disk, Handle file) : disk_(std::move(disk)), file_(std::move(file)) {}
  IOStatus Read(size_t size, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) override {
    IOStatus status = ReadInto(disk_, file_, offset_, size, result, scratch);
    offset_ += result->size();
    return status;
  }
  IOStatus Skip(uint64_t size) override {
    offset_ += size;
    return IOStatus::OK();
  }

 private:
  const Disk disk_;
  const Handle file_;
  uint64_t offset_ = 0;
};

class RandomAccessFile : public FSRandomAccessFile {
 public:
  RandomAccessFile(Disk disk, Handle file) : disk_(std::move(disk)), file_(std::move(file)) {}
  IOStatus Read(uint64_t offset, size_t size, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return ReadInto(disk_, file_, offset, size, result, scratch);
  }

 private:
  const Disk disk_;
  const Handle file_;
};

class WritableFile : public FSWritableFile {
 public:
  WritableFile(Disk disk, Handle file) : disk_(std::move(disk)), file_(std::move(file)) {}
  using FSWritableFile::Append;
  IOStatus Append(const Slice& data, const IOOptions&, IODebugContext*) override {
    return ToStatus(disk_->Append(file_, absl::string_view(data.data(), data.size())), "append");
  }
  IOStatus Truncate(uint64_t size, const IOOptions&, IODebugContext*) override {
    return ToStatus(disk_->Truncate(file_, size), "truncate");
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return ToStatus(disk_->Sync(file_), "sync");
  }
  bool IsSyncThreadSafe() const override { return true; }
  uint64_t GetFileSize(const IOOptions&, IODebugContext*) override { return disk_->Size(file_); }

 private:
  const Disk disk_;
  const Handle file_;
};

class RandomRWFile : public FSRandomRWFile {
 public:
  RandomRWFile(Disk disk, Handle file) : disk_(std::move(disk)), file_(std::move(file)) {}
  IOStatus Write(uint64_t offset, const Slice& data, const IOOptions&, IODebugContext*) override {
    return ToStatus(disk_->Overwrite(file_, offset, absl::string_view(data.data(), data.size())),
                    "overwrite");
  }
  IOStatus Read(uint64_t offset, size_t size, const IOOptions&, Slice* result, char* scratch,
                IODebugContext*) const override {
    return ReadInto(disk_, file_, offset, size, result, scratch);
  }
  IOStatus Flush(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }
  IOStatus Sync(const IOOptions&, IODebugContext*) override {
    return ToStatus(disk_->Sync(file_), "sync");
  }
  IOStatus Close(const IOOptions&, IODebugContext*) override { return IOStatus::OK(); }

 private:
  const Disk disk_;
  const Handle file_;
};

class Directory : public FSDirectory {
 public:
  Directory(Disk disk, std::string path) : disk_(std::move(disk)), path_(std::move(path)) {}
  IOStatus Fsync(const IOOptions&, IODebugContext*) override {
    return ToStatus(disk_->SyncFolder(path_), path_);
  }

 private:
  const Disk disk_;
  const std::string path_;
};

class Lock : public FileLock {
 public:
  explicit Lock(std::string path) : path_(std::move(path)) {}
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

std::string Clean(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

class PowerCutFileSystem : public rocksdb::FileSystem {
 public:
  explicit PowerCutFileSystem(Disk disk) : disk_(std::move(disk)) {}
  const char* Name() const override { return "PowerCutFileSystem"; }

  IOStatus NewSequentialFile(const std::string& path, const FileOptions&,
                             std::unique_ptr<FSSequentialFile>* result, IODebugContext*) override {
    return Open<SequentialFile>(path, result);
  }
  IOStatus NewRandomAccessFile(const std::string& path, const FileOptions&,
                               std::unique_ptr<FSRandomAccessFile>* result,
                               IODebugContext*) override {
    return Open<RandomAccessFile>(path, result);
  }
  IOStatus NewWritableFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<FSWritableFile>* result, IODebugContext*) override {
    Handle file;
    IOStatus status = ToStatus(disk_->Create(path, &file), path);
    if (status.ok()) *result = std::make_unique<WritableFile>(disk_, std::move(file));
    return status;
  }
  IOStatus NewRandomRWFile(const std::string& path, const FileOptions&,
                           std::unique_ptr<FSRandomRWFile>* result, IODebugContext*) override {
    return Open<RandomRWFile>(path, result);
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions&,
                        std::unique_ptr<FSDirectory>* result, IODebugContext*) override {
    *result = std::make_unique<Directory>(disk_, Clean(path));
    return IOStatus::OK();
  }
  IOStatus FileExists(const std::string& path, const IOOptions&, IODebugContext*) override {
    const bool exists = disk_->Find(path) != nullptr || disk_->FolderExists(Clean(path));
    return exists ? IOStatus::OK() : IOStatus::NotFound(path);
  }
  IOStatus GetChildren(const std::string& path, const IOOptions&, std::vector<std::string>* result,
                       IODebugContext*) override {
    *result = disk_->Names(Clean(path));
    return IOStatus::OK();
  }
  IOStatus DeleteFile(const std::string& path, const IOOptions&, IODebugContext*) override {
    return ToStatus(disk_->Delete(path), path);
  }
  IOStatus CreateDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    disk_->CreateFolder(Clean(path));
    return IOStatus::OK();
  }
  IOStatus CreateDirIfMissing(const std::string& path, const IOOptions& options,
                              IODebugContext* debug) override {
    return CreateDir(path, options, debug);
  }
  IOStatus DeleteDir(const std::string& path, const IOOptions&, IODebugContext*) override {
    return IOStatus::NotSupported(path);
  }
  IOStatus GetFileSize(const std::string& path, const IOOptions&, uint64_t* size,
                       IODebugContext*) override {
    const Handle file = disk_->Find(path);
    if (file == nullptr) return ToStatus(SimulatedDisk::Outcome::kMissing, path);
    *size = disk_->Size(file);
    return IOStatus::OK();
  }
  IOStatus GetFileModificationTime(const std::string&, const IOOptions&, uint64_t* time,
                                   IODebugContext*) override {
    *time = 0;
    return IOStatus::OK();
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions&,
                      IODebugContext*) override {
    return ToStatus(disk_->Rename(from, to), from);
  }
  IOStatus LockFile(const std::string& path, const IOOptions&, FileLock** lock,
                    IODebugContext*) override {
    if (!disk_->Lock(path)) return IOStatus::IOError("lock " + path, "is held");
    *lock = new Lock(path);
    return IOStatus::OK();
  }
  IOStatus UnlockFile(FileLock* lock, const IOOptions&, IODebugContext*) override {
    disk_->Unlock(static_cast<Lock*>(lock)->path());
    delete lock;
    return IOStatus::OK();
  }
  IOStatus GetTestDirectory(const IOOptions&, std::string* path, IODebugContext*) override {
    *path = "/test";
    return IOStatus::OK();
  }
  IOStatus NewLogger(const std::string&, const IOOptions&, std::shared_ptr<rocksdb::Logger>* result,
                     IODebugContext*) override {
    class Silent : public rocksdb::Logger {
     public:
      using rocksdb::Logger::Logv;
      void Logv(const char*, va_list) override {}
    };
    *result = std::make_shared<Silent>();
    return IOStatus::OK();
  }
  IOStatus GetAbsolutePath(const std::string& path, const IOOptions&, std::string* result,
                           IODebugContext*) override {
    *result = path;
    return IOStatus::OK();
  }
  IOStatus IsDirectory(const std::string& path, const IOOptions&, bool* is_directory,
                       IODebugContext*) override {
    *is_directory = disk_->FolderExists(Clean(path));
    return IOStatus::OK();
  }

 private:
  template <typename File, typename Interface>
  IOStatus Open(const std::string& path, std::unique_ptr<Interface>* result) {
    Handle file = disk_->Find(path);
    if (file == nullptr) return ToStatus(SimulatedDisk::Outcome::kMissing, path);
    *result = std::make_unique<File>(disk_, std::move(file));
    return IOStatus::OK();
  }

  const Disk disk_;
};

}  // namespace

std::shared_ptr<rocksdb::FileSystem> NewPowerCutFileSystem(std::shared_ptr<SimulatedDisk> disk) {
  return std::make_shared<PowerCutFileSystem>(std::move(disk));
}

}  // namespace tandem::storage
