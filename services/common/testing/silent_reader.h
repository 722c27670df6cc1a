// A client that asks and then reads nothing, by gRPC's own library: its windows of 64 KiB fill up,
// and what does not fit into them stays with the server.
#ifndef SERVICES_COMMON_TESTING_SILENT_READER_H_
#define SERVICES_COMMON_TESTING_SILENT_READER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "google/protobuf/message.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "services/common/client.h"

namespace tandem::common {

class SilentReader final : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Calls `method` ("/package.Service/Method"), unary or streaming, of the server at `address`,
  // without TLS and without a deadline, on a connection of its own.
  SilentReader(const std::string& address, const std::string& method, v1::Role role,
               const google::protobuf::Message& request);

  // Reads what there is at last; how the call ended. To be called once, before the destructor.
  absl::Status Finish();

  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
  absl::Notification ended_;
};

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TESTING_SILENT_READER_H_
