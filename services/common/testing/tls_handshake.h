// A TLS client of OpenSSL's own, which speaks the version that a test wants.
#ifndef SERVICES_COMMON_TESTING_TLS_HANDSHAKE_H_
#define SERVICES_COMMON_TESTING_TLS_HANDSHAKE_H_

#include <string>

namespace tandem::common {

// The name in the certificate that a server at 127.0.0.1:`port` shows in a handshake of `version`
// (TLS1_2_VERSION, TLS1_3_VERSION) alone; "" when the handshake fails.
std::string HandshakeWith(int port, int version);

}  // namespace tandem::common

#endif  // SERVICES_COMMON_TESTING_TLS_HANDSHAKE_H_
