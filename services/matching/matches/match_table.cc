#include "services/matching/matches/match_table.h"

#include "absl/strings/str_cat.h"
#include "base/sha256.h"

namespace tandem::matching {
namespace {

constexpr size_t kIdDigits = 26;  // 104 bits: as long as other ids

// Runs write matches, and people decide about them: there is no content of a caller to check.
class MatchHooks : public common::ResourceHooks<v1::Match> {
 public:
  absl::Status Validate(const common::CallContext&, const storage::Snapshot&, const v1::Match*,
                        const v1::Match&, common::FieldViolations*) const override {
    return absl::OkStatus();
  }
};

}  // namespace

std::unique_ptr<MatchTable> MakeMatchTable(common::ResourceStore* resources) {
  common::ResourceSpec spec;
  spec.collection = "matches";
  spec.field = "match";
  spec.plural = "matches";
  spec.filter_fields = {"run", "need", "mentor", "state"};
  spec.mentor_field = "mentor";
  spec.organisation_field = "organisations";
  // What a run proposes is for staff until a person has approved it.
  spec.owned_states = {v1::MATCH_STATE_APPROVED};
  return std::make_unique<MatchTable>(resources, std::move(spec), std::make_unique<MatchHooks>());
}

std::string MatchName(absl::string_view run, absl::string_view need, absl::string_view mentor) {
  const std::string digest = base::Sha256Hex(absl::StrCat(run, "\n", need, "\n", mentor));
  return absl::StrCat("matches/", digest.substr(0, kIdDigits));
}

}  // namespace tandem::matching
