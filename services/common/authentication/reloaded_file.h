// What a file says, read anew when the file changes: looked at once a second, when it is asked for.
// A changed file that cannot be used is logged once, and what was read before stays in force.
//
//   TANDEM_ASSIGN_OR_RETURN(auto callers, ReloadedFile<CertificateMap>::Open("certificates", path,
//                                                                            LoadCertificates));
//   const std::shared_ptr<const CertificateMap> now = callers->Get();
//
// Thread-safe.
#ifndef SERVICES_COMMON_AUTHENTICATION_RELOADED_FILE_H_
#define SERVICES_COMMON_AUTHENTICATION_RELOADED_FILE_H_

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "services/common/tls/tls_files.h"

namespace tandem::common {

template <typename T>
class ReloadedFile {
 public:
  // Reads the file at a path; its errors name the file and never repeat what is in it.
  using Load = std::function<absl::StatusOr<T>(const std::string& path)>;

  // `what` begins the line of a log. The errors of `load`.
  static absl::StatusOr<std::unique_ptr<ReloadedFile>> Open(std::string what, std::string path,
                                                            Load load) {
    // Before it is read: a change while it is read shows the next time.
    std::string stamp = FileStamp(path);
    absl::StatusOr<T> first = load(path);
    if (!first.ok()) return first.status();
    std::unique_ptr<ReloadedFile> file(
        new ReloadedFile(std::move(what), std::move(path), std::move(load)));
    absl::MutexLock lock(&file->mutex_);
    file->stamp_ = std::move(stamp);
    file->value_ = std::make_shared<const T>(*std::move(first));
    return file;
  }

  std::shared_ptr<const T> Get() const {
    absl::MutexLock lock(&mutex_);
    LoadIfChanged();
    return value_;
  }

 private:
  static constexpr absl::Duration kLookEvery = absl::Seconds(1);

  ReloadedFile(std::string what, std::string path, Load load)
      : what_(std::move(what)), path_(std::move(path)), load_(std::move(load)) {}

  void LoadIfChanged() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Time now = absl::Now();
    // A clock that was set back must not stop it.
    if (now < look_again_ && look_again_ <= now + kLookEvery) return;
    look_again_ = now + kLookEvery;
    std::string stamp = FileStamp(path_);
    if (stamp == stamp_) return;
    stamp_ = std::move(stamp);
    absl::StatusOr<T> changed = load_(path_);
    if (changed.ok()) {
      value_ = std::make_shared<const T>(*std::move(changed));
      return;
    }
    const std::string line =
        absl::StrCat(what_, ": the changed file is not used, the one before stays in force: ",
                     changed.status().message(), "\n");
    std::fputs(line.c_str(), stderr);
  }

  const std::string what_;
  const std::string path_;
  const Load load_;
  mutable absl::Mutex mutex_;
  mutable std::shared_ptr<const T> value_ ABSL_GUARDED_BY(mutex_);
  mutable std::string stamp_ ABSL_GUARDED_BY(mutex_);
  mutable absl::Time look_again_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_AUTHENTICATION_RELOADED_FILE_H_
