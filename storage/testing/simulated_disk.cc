#include "storage/testing/simulated_disk.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

namespace tandem::storage {
namespace {

constexpr size_t kSector = 512;

// `content` was `durable` with bytes appended since: how much of them survives, and, if there may
// be `garbage`, how well.
std::string TornAppend(const std::string& durable, const std::string& content, bool garbage,
                       std::mt19937_64* random) {
  const size_t appended = content.size() - durable.size();
  std::string left = content.substr(0, durable.size() + (*random)() % (appended + 1));
  const size_t survived = left.size() - durable.size();
  if (!garbage || survived == 0 || (*random)() % 2 == 0) return left;
  const size_t torn = 1 + (*random)() % std::min(survived, kSector);
  const bool zeros = (*random)() % 2 == 0;
  for (size_t i = left.size() - torn; i < left.size(); ++i) {
    left[i] = zeros ? '\0' : static_cast<char>((*random)() & 0xFF);
  }
  return left;
}

// `durable` was overwritten in place: every sector is old, new, or the beginning of it new.
std::string TornOverwrite(const std::string& durable, const std::string& content,
                          std::mt19937_64* random) {
  std::string left = durable;
  for (size_t start = 0; start < content.size(); start += kSector) {
    const size_t size = std::min(kSector, content.size() - start);
    const uint64_t fate = (*random)() % 3;
    const size_t kept = fate == 0 ? 0 : fate == 1 ? size : (*random)() % size;
    if (left.size() < start + kept) left.resize(start + kept, '\0');
    left.replace(start, kept, content, start, kept);
  }
  return left;
}

std::string FolderOf(const std::string& path) { return path.substr(0, path.find_last_of('/')); }

}  // namespace

void SimulatedDisk::CutPowerAfter(int64_t operations) {
  absl::MutexLock lock(&mutex_);
  operations_left_ = operations;
}

bool SimulatedDisk::power_is_off() const {
  absl::MutexLock lock(&mutex_);
  return power_off_;
}

bool SimulatedDisk::Tick() {
  if (operations_left_ > 0 && --operations_left_ == 0) power_off_ = true;
  return !power_off_;
}

void SimulatedDisk::Apply(const NameChange& change, NameTable* names) {
  for (const auto& [path, file] : change.names) {
    if (file == nullptr) {
      names->erase(path);
    } else {
      (*names)[path] = file;
    }
  }
}

void SimulatedDisk::Change(NameChange change) {
  Apply(change, &names_);
  pending_.push_back(std::move(change));
}

std::string SimulatedDisk::Survivor(const std::string& path, const File& file,
                                    std::mt19937_64* random) {
  if (file.overwritten || file.content.size() < file.durable.size()) {
    return TornOverwrite(file.durable, file.content, random);
  }
  return TornAppend(file.durable, file.content, absl::EndsWith(path, ".log"), random);
}

void SimulatedDisk::Restart(std::mt19937_64* random) {
  absl::MutexLock lock(&mutex_);
  const size_t journaled = (*random)() % (pending_.size() + 1);
  for (size_t i = 0; i < journaled; ++i) Apply(pending_[i], &durable_names_);
  pending_.clear();
  names_.clear();
  // New file objects: a handle from before the cut changes nothing any more.
  std::map<File*, Handle> survivors;
  for (auto& [path, file] : durable_names_) {
    Handle& survivor = survivors[file.get()];
    if (survivor == nullptr) {
      survivor = std::make_shared<File>();
      survivor->content = Survivor(path, *file, random);
      survivor->durable = survivor->content;
    }
    names_[path] = survivor;
  }
  durable_names_ = names_;
  locks_.clear();
  operations_left_ = 0;
  power_off_ = false;
}

SimulatedDisk::Outcome SimulatedDisk::Create(const std::string& path, Handle* file) {
  absl::MutexLock lock(&mutex_);
  if (!Tick()) return Outcome::kPowerOff;
  *file = std::make_shared<File>();
  Change({{{path, *file}}});
  return Outcome::kDone;
}

SimulatedDisk::Outcome SimulatedDisk::Append(const Handle& file, absl::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  const bool was_off = power_off_;
  const bool on = Tick();
  // What is being appended when the power goes may be there in part.
  if (!was_off) file->content.append(bytes.data(), bytes.size());
  return on ? Outcome::kDone : Outcome::kPowerOff;
}

SimulatedDisk::Outcome SimulatedDisk::Overwrite(const Handle& file, uint64_t offset,
                                                absl::string_view bytes) {
  absl::MutexLock lock(&mutex_);
  const bool was_off = power_off_;
  const bool on = Tick();
  if (!was_off) {
    file->overwritten = true;
    if (file->content.size() < offset + bytes.size()) {
      file->content.resize(offset + bytes.size(), '\0');
    }
    file->content.replace(offset, bytes.size(), bytes.data(), bytes.size());
  }
  return on ? Outcome::kDone : Outcome::kPowerOff;
}

SimulatedDisk::Outcome SimulatedDisk::Truncate(const Handle& file, uint64_t size) {
  absl::MutexLock lock(&mutex_);
  if (!Tick()) return Outcome::kPowerOff;
  file->content.resize(size, '\0');
  file->overwritten = file->overwritten || size < file->durable.size();
  return Outcome::kDone;
}

SimulatedDisk::Outcome SimulatedDisk::Sync(const Handle& file) {
  absl::MutexLock lock(&mutex_);
  if (!Tick()) return Outcome::kPowerOff;
  if (file->overwritten) {
    file->durable = file->content;
  } else {
    file->durable.append(file->content, file->durable.size(), std::string::npos);
  }
  file->overwritten = false;
  return Outcome::kDone;
}

SimulatedDisk::Outcome SimulatedDisk::Rename(const std::string& from, const std::string& to) {
  absl::MutexLock lock(&mutex_);
  auto found = names_.find(from);
  if (found == names_.end()) return Outcome::kMissing;
  if (!Tick()) return Outcome::kPowerOff;
  Change({{{to, found->second}, {from, nullptr}}});
  return Outcome::kDone;
}

SimulatedDisk::Outcome SimulatedDisk::Delete(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  if (names_.count(path) == 0) return Outcome::kMissing;
  if (!Tick()) return Outcome::kPowerOff;
  Change({{{path, nullptr}}});
  return Outcome::kDone;
}

SimulatedDisk::Outcome SimulatedDisk::SyncFolder(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  if (folders_.count(path) == 0) return Outcome::kMissing;
  if (!Tick()) return Outcome::kPowerOff;
  for (const NameChange& change : pending_) Apply(change, &durable_names_);
  pending_.clear();
  return Outcome::kDone;
}

void SimulatedDisk::CreateFolder(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  folders_.insert(path);
}

SimulatedDisk::Handle SimulatedDisk::Find(const std::string& path) const {
  absl::MutexLock lock(&mutex_);
  auto found = names_.find(path);
  return found == names_.end() ? nullptr : found->second;
}

bool SimulatedDisk::FolderExists(const std::string& path) const {
  absl::MutexLock lock(&mutex_);
  return folders_.count(path) > 0;
}

std::vector<std::string> SimulatedDisk::Names(const std::string& folder) const {
  absl::MutexLock lock(&mutex_);
  std::vector<std::string> names;
  for (const auto& [path, file] : names_) {
    if (FolderOf(path) == folder) names.push_back(path.substr(folder.size() + 1));
  }
  return names;
}

uint64_t SimulatedDisk::Size(const Handle& file) const {
  absl::MutexLock lock(&mutex_);
  return file->content.size();
}

std::string SimulatedDisk::Read(const Handle& file, uint64_t offset, size_t size) const {
  absl::MutexLock lock(&mutex_);
  return offset >= file->content.size() ? std::string() : file->content.substr(offset, size);
}

bool SimulatedDisk::Lock(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  return locks_.insert(path).second;
}

void SimulatedDisk::Unlock(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  locks_.erase(path);
}

}  // namespace tandem::storage
