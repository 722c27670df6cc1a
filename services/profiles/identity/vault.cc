#include "services/profiles/identity/vault.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/profiles/identity/aead.h"

namespace tandem::profiles {

namespace {

std::string PlaceOf(absl::string_view person_id, absl::string_view kind) {
  return absl::StrCat(kind, ":", person_id);
}

}  // namespace

absl::StatusOr<std::string> Vault::Seal(absl::string_view person_id, absl::string_view kind,
                                        absl::string_view text) const {
  TANDEM_ASSIGN_OR_RETURN(const Secret key, keys_.FetchKey(person_id));
  return SealText(key, text, PlaceOf(person_id, kind));
}

absl::StatusOr<std::string> Vault::SealWith(const NewKey& person, absl::string_view kind,
                                            absl::string_view text) {
  return SealText(person.key, text, PlaceOf(person.person_id, kind));
}

absl::StatusOr<std::string> Vault::Open(absl::string_view person_id, absl::string_view kind,
                                        absl::string_view sealed) const {
  TANDEM_ASSIGN_OR_RETURN(const Secret key, keys_.FetchKey(person_id));
  absl::StatusOr<std::string> text = OpenText(key, sealed, PlaceOf(person_id, kind));
  if (text.ok()) return text;
  return absl::DataLossError(absl::StrCat("the ", kind, " of the person ", person_id, ": ",
                                          text.status().message(),
                                          "; restore the records from their backup"));
}

}  // namespace tandem::profiles
