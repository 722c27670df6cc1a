#include "services/matching/policies/quota_side.h"

namespace tandem::matching {

engine::Side SideOf(v1::QuotaAttribute attribute) {
  switch (attribute) {
    case v1::QUOTA_ATTRIBUTE_RESIDENCE_COUNTRY:
    case v1::QUOTA_ATTRIBUTE_EMPLOYER:
    case v1::QUOTA_ATTRIBUTE_NOMINATED_BY:
      return engine::Side::kMentor;
    default:
      return engine::Side::kNeed;
  }
}

}  // namespace tandem::matching
