// Dates of the protos as days of the engine.
#ifndef TANDEM_SERVICES_MATCHING_INDEX_DATES_H_
#define TANDEM_SERVICES_MATCHING_INDEX_DATES_H_

#include <vector>

#include "google/protobuf/repeated_field.h"
#include "google/type/date.pb.h"
#include "services/matching/engine/time/calendar.h"
#include "tandem/common/v1/schedule.pb.h"

namespace tandem::matching {

// kNoDay for an absent date (year 0). Services store valid whole dates only.
engine::Day ToDay(const google::type::Date& date);

// The windows as the engine reads them.
std::vector<engine::WeeklyWindow> ToWindows(
    const google::protobuf::RepeatedPtrField<common::v1::WeeklyWindow>& windows);

}  // namespace tandem::matching

#endif  // TANDEM_SERVICES_MATCHING_INDEX_DATES_H_
