// A 256-bit secret that leaves no copy in memory when it is dropped, and where secrets come from.
#ifndef SERVICES_PROFILES_IDENTITY_SECRET_H_
#define SERVICES_PROFILES_IDENTITY_SECRET_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace tandem::profiles {

// Thread-safe for reading. Its bytes are overwritten when it is destroyed.
class Secret {
 public:
  static constexpr size_t kBytes = 32;

  // A new one from the operating system's random numbers. INTERNAL when there are none.
  static absl::StatusOr<Secret> Random();

  // INVALID_ARGUMENT unless `bytes` has exactly 32 bytes.
  static absl::StatusOr<Secret> FromBytes(absl::string_view bytes);

  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret();

  // Valid as long as this object.
  absl::string_view bytes() const {
    return absl::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
  }
  const uint8_t* data() const { return bytes_.data(); }

 private:
  Secret() = default;

  std::array<uint8_t, kBytes> bytes_{};
};

// `count` random bytes. INTERNAL when there are none.
absl::StatusOr<std::string> RandomBytes(size_t count);

// A new opaque id: 26 characters of [0-9a-v], 128 random bits and 2 zero bits. It says nothing
// about whom it names. INTERNAL when there are no random numbers.
absl::StatusOr<std::string> RandomId();

// Overwrites `text`, which held a secret, and empties it.
void Wipe(std::string* text);

}  // namespace tandem::profiles

#endif  // SERVICES_PROFILES_IDENTITY_SECRET_H_
