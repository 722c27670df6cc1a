// Server reflection: tells tools such as grpcurl which services there are and what their messages
// look like. Both packages in use are served, grpc.reflection.v1 and v1alpha, whose messages are
// the same but for the name.
//
//   ReflectionService reflection(registry.ServiceNames());
//   reflection.Register(builder);  // before BuildAndStart
//   ...
//   reflection.EndStreams();  // before the server's Shutdown, which waits for streams
//
// It asks for no role: it tells what docs/api tells everybody, and nothing of the data. Only protos
// that a client needs are told: those of the served services with what they import, and the details
// of errors. Answers come from memory in microseconds, so they need none of the server's threads.
// Thread-safe once registered.
#ifndef SERVICES_COMMON_REFLECTION_H_
#define SERVICES_COMMON_REFLECTION_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/service_type.h"
#include "grpcpp/server_builder.h"

namespace tandem::common {

// The protos that reflection tells.
class ReflectedProtos {
 public:
  // Of `services` by full name; reflection and health are added.
  explicit ReflectedProtos(std::set<std::string> services);

  const std::set<std::string>& services() const { return services_; }
  // nullptr: none of those that are told.
  const google::protobuf::FileDescriptor* FileByName(const std::string& name) const;
  const google::protobuf::FileDescriptor* FileOfSymbol(const std::string& symbol) const;
  const google::protobuf::FileDescriptor* FileOfExtension(const std::string& type,
                                                          int number) const;
  // Sorted; empty also for a type that is none of those that are told: see HasMessage.
  std::vector<int> ExtensionNumbers(const std::string& type) const;
  bool HasMessage(const std::string& type) const;

 private:
  void AddWithImports(const google::protobuf::FileDescriptor* file);
  const google::protobuf::FileDescriptor* IfTold(
      const google::protobuf::FileDescriptor* file) const;

  std::set<std::string> services_;
  std::set<const google::protobuf::FileDescriptor*> files_;
};

class ReflectionService {
 public:
  // The streams of clients, of either package.
  class Stream {
   public:
    virtual ~Stream() = default;
    // Ends with UNAVAILABLE, once what is being written is written.
    virtual void End() = 0;
  };

  // As ReflectedProtos.
  explicit ReflectionService(std::set<std::string> services);
  ~ReflectionService();

  // Must outlive the server.
  void Register(grpc::ServerBuilder& builder);
  // Ends the streams that run, and refuses new ones.
  void EndStreams();

  // For the streams themselves.
  const ReflectedProtos& protos() const { return protos_; }
  // False when no more streams are served.
  bool Add(Stream* stream);
  void Remove(Stream* stream);

 private:
  const ReflectedProtos protos_;
  std::vector<std::unique_ptr<grpc::Service>> services_;

  absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::set<Stream*> streams_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_REFLECTION_H_
