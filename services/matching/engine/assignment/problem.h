// The assignment of mentors to the needs of a cohort: what is asked, and what is answered.
//
// A *need* is one role of a request for an engagement; it wants `min` to `max` mentors. A mentor
// takes `min` to `max` needs. Only listed *pairs* may be matched; each has a score in micro-points.
// Quotas bound the number of matches of groups of needs or of mentors; groups may nest. Needs of
// one request never share a mentor. Pinned pairs must be matched, forbidden ones must not.
//
// Plans are compared by a vector, from left to right (objectives below), and the best one is found
// exactly. Equal plans are told apart by draws: numbers that depend only on the two ids of a pair
// and the seed. So the answer depends on nothing but the problem: not on the order in which needs,
// mentors or pairs are listed, nor on the method.
//
// Everything here is plain data: no pointers between parts, no ownership to know about.

#ifndef TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PROBLEM_H_
#define TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PROBLEM_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace tandem::engine {

// Limits of what is accepted. With them no sum overflows: a total score is at most
// kMaxPairs x 2 x kMaxScore = 2 x 10^22 < 2^75 in size (score and change penalty), a sum of draws
// at most kMaxPairs x 2^40 < 2^64; both are kept in 128 bits.
constexpr int64_t kMaxScore = 1'000'000'000'000'000;  // Micro-points: 10^9 points.
constexpr int64_t kMaxPairs = 10'000'000;
constexpr int64_t kMaxNodes = 10'000'000;        // Needs; also mentors; also quotas.
constexpr int64_t kMaxCapacity = 1'000'000'000;  // Of a need, mentor or quota.
constexpr int64_t kUnlimited = -1;               // As the maximum of a quota.
constexpr int64_t kSameScore = -1;               // As the mentor's score of a pair.

enum class Objective {
  kTotal,     // Per tier: needs served, then slots filled; then the largest total score.
  kCoverage,  // First the most beneficiaries with a match; then as kTotal.
  kFloor,     // Fills as kTotal; then the best worst pair; then the largest total score.
  kStable,    // No need and mentor who would both rather have each other.
};

enum class Fill {
  kFirst,     // Filling needs comes before points.
  kOptional,  // Points come first: then fewest changes, then slots. Only with kTotal.
};

enum class Side { kNeed, kMentor };

struct AssignmentNeed {
  std::string id;           // Unique among needs, not empty.
  int64_t min = 0;          // Mentors it must get.
  int64_t max = 1;          // Mentors it may get; at least `min`.
  int tier = 1;             // 1 (comes first) to 9.
  std::string beneficiary;  // Whom it serves; empty: the need itself.
  std::string request;      // What it is a role of; empty: the need itself.
  int32_t quota = -1;       // The innermost quota it stands in (an index), or -1.
};

struct AssignmentMentor {
  std::string id;      // Unique among mentors, not empty.
  int64_t min = 0;     // Needs the mentor must get.
  int64_t max = 1;     // Needs the mentor may get; at least `min`.
  int32_t quota = -1;  // The innermost quota the mentor stands in (an index), or -1.
};

// A pair that may be matched.
struct AssignmentPair {
  int32_t need = 0;    // An index.
  int32_t mentor = 0;  // An index.
  int64_t score = 0;   // Micro-points, 0 to kMaxScore.
  // How the mentor values the need, for kStable only; kSameScore: as `score`.
  int64_t mentor_score = kSameScore;
};

// A need and a mentor by index.
struct PairRef {
  int32_t need = 0;
  int32_t mentor = 0;

  friend bool operator==(const PairRef& a, const PairRef& b) {
    return a.need == b.need && a.mentor == b.mentor;
  }
};

// A need and a mentor by id; either may be unknown.
struct PairOfIds {
  std::string need;
  std::string mentor;
};

// Bounds the number of matches of the needs, or mentors, that stand in it or below it.
struct AssignmentQuota {
  std::string id;  // Unique among quotas, not empty.
  Side side = Side::kNeed;
  int64_t min = 0;
  int64_t max = kUnlimited;
  int32_t parent = -1;  // A quota of the same side (an index), or -1; never a cycle.
};

struct AssignmentProblem {
  std::vector<AssignmentNeed> needs;
  std::vector<AssignmentMentor> mentors;
  std::vector<AssignmentPair> pairs;  // Each need and mentor at most once.
  std::vector<AssignmentQuota> quotas;
  std::vector<PairRef> pinned;     // A pin that is not an allowed pair makes a conflict.
  std::vector<PairRef> forbidden;  // Need not stand in `pairs`.

  Objective objective = Objective::kTotal;
  Fill fill = Fill::kFirst;
  uint64_t seed = 0;  // Of the draws.

  // With a previous plan, "total score" reads "total score - change_penalty x changed pairs, then
  // the fewest changed pairs". A changed pair is one of `previous` that the new plan lacks.
  bool has_previous = false;
  std::vector<PairOfIds> previous;
  int64_t change_penalty = 0;  // Micro-points, 0 to kMaxScore.
};

// INVALID_ARGUMENT naming the first entry and field that is not as the comments above say;
// FAILED_PRECONDITION for options that exclude each other (fill optional without kTotal; kStable
// with minimums, quotas, requests of several roles or a previous plan; kCoverage with a quota that
// holds some needs of a beneficiary but not all).
absl::Status ValidateProblem(const AssignmentProblem& problem);

// `beneficiary` and `request` with their default.
const std::string& BeneficiaryOf(const AssignmentNeed& need);
const std::string& RequestOf(const AssignmentNeed& need);

enum class Outcome {
  kOptimal,     // `matches` is the optimum and `certificate` proves it.
  kStable,      // `matches` is the stable plan.
  kInfeasible,  // The hard minimums and pins contradict the maximums: see `conflict`.
};

struct Match {
  int32_t need = 0;    // An index.
  int32_t mentor = 0;  // An index.
  int64_t score = 0;   // Micro-points.

  friend bool operator==(const Match& a, const Match& b) {
    return a.need == b.need && a.mentor == b.mentor && a.score == b.score;
  }
};

// One number of a plan's value; more is better. Names: "beneficiaries", "served_T" and "slots_T"
// (per tier T), "slots", "floor" (score of the worst unpinned match, in micro-points), "points"
// (micro-points; with a previous plan plus change_penalty per kept pair, which differs from
// "minus per changed pair" by a constant), "kept" (pairs of the previous plan), "draws", "draws2".
struct ValueComponent {
  std::string name;
  absl::int128 amount = 0;
  bool unbounded = false;  // Better than any number: the floor of a plan without unpinned matches.

  friend bool operator==(const ValueComponent& a, const ValueComponent& b) {
    return a.name == b.name && a.amount == b.amount && a.unbounded == b.unbounded;
  }
};

enum class NodeKind {
  kGround,
  kNeedQuota,
  kBeneficiary,
  kNeed,
  kMentorRequest,  // A mentor and a request of several roles.
  kMentor,
  kMentorQuota,
};

// A node of the flow network of a problem (DESIGN, "Certificate").
struct NodeRef {
  NodeKind kind = NodeKind::kGround;
  int32_t index = -1;  // Of the need, mentor or quota.
  std::string name;    // Of the beneficiary or the request.

  friend bool operator==(const NodeRef& a, const NodeRef& b) {
    return a.kind == b.kind && a.index == b.index && a.name == b.name;
  }
};

// What a price set proves.
enum class PricePurpose {
  kPlan,       // The plan is best (for kFloor: among plans that keep the floor).
  kFilling,    // kFloor: no plan fills better.
  kNextFloor,  // kFloor: with only pairs above the floor, every plan fills less.
};

// A price, a vector like the values with an extra first component "unreached", for each node.
struct PriceSet {
  PricePurpose purpose = PricePurpose::kPlan;
  std::vector<std::string> components;
  std::vector<NodeRef> nodes;
  std::vector<absl::int128> prices;  // prices[node * components.size() + component].
};

// A set of nodes without the ground whose arcs must carry `demand` in total one way across its
// border while all arcs the other way can carry only `supply` < `demand`.
struct Conflict {
  std::vector<int32_t> needs;  // Sorted by id, as the others.
  std::vector<int32_t> mentors;
  std::vector<int32_t> quotas;
  std::vector<std::string> beneficiaries;  // Nodes of beneficiaries in the set.
  std::vector<NodeRef> mentor_requests;    // Nodes of mentors and requests in the set.
  std::vector<PairRef> pins;               // The pins that are part of the demand.
  int64_t demand = 0;
  int64_t supply = 0;
  // True: the demand comes into the set and the supply is what may leave it ("these needs ask for
  // 7 places of these mentors, who have 6"). False: the other way round.
  bool demand_enters = true;
};

struct Certificate {
  std::vector<PriceSet> price_sets;
  // kFloor: instead of a kNextFloor price set, if pairs above the floor alone are a conflict.
  bool has_next_floor_conflict = false;
  Conflict next_floor_conflict;
};

struct AssignmentResult {
  Outcome outcome = Outcome::kOptimal;
  std::vector<Match> matches;  // Sorted by need id, then mentor id.
  std::vector<ValueComponent> value;

  int64_t needs_served = 0;
  int64_t filled_slots = 0;
  int64_t beneficiaries_served = 0;
  absl::int128 total_score = 0;  // Micro-points; the sum of the matches' scores.
  bool has_worst_pair = false;   // False if no unpinned pair is matched.
  int64_t worst_pair_score = 0;  // Micro-points.
  int64_t changed_pairs = 0;

  // How it was found: "auction", "network-simplex" or "deferred-acceptance". No part of the answer.
  std::string method = "network-simplex";

  Certificate certificate;  // Of kOptimal.
  Conflict conflict;        // Of kInfeasible.
};

}  // namespace tandem::engine

#endif  // TANDEM_SERVICES_MATCHING_ENGINE_ASSIGNMENT_PROBLEM_H_
