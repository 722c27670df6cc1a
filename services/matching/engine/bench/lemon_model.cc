#include "services/matching/engine/bench/lemon_model.h"

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

namespace tandem::engine::bench {
namespace {

using Graph = lemon::SmartDigraph;

// One slot outweighs all points, one need served all slots, one beneficiary all needs. With the
// benchmark's sizes the sums stay below 2^63.
struct Weights {
  int64_t slot = 0;
  int64_t served = 0;
  int64_t beneficiary = 0;
};

Weights WeightsOf(const AssignmentProblem& problem) {
  Weights weights;
  if (problem.fill == Fill::kOptional) return weights;
  int64_t largest = 1;
  for (const AssignmentPair& pair : problem.pairs) largest = std::max(largest, pair.score);
  int64_t slots = 0;
  int64_t most = 1;
  for (const AssignmentNeed& need : problem.needs) {
    slots += need.max;
    most = std::max(most, need.max);
  }
  weights.slot = (slots + 1) * largest;
  if (most > 1) weights.served = weights.slot * (slots + 1);
  weights.beneficiary = (weights.slot + weights.served) * (slots + 1);
  return weights;
}

class Model {
 public:
  explicit Model(const AssignmentProblem& problem)
      : problem_(problem), weights_(WeightsOf(problem)) {
    const size_t parties = problem.needs.size() + problem.mentors.size();
    graph_.reserveNode(static_cast<int>(2 * parties + problem.quotas.size() + 1));
    graph_.reserveArc(static_cast<int>(problem.pairs.size() + 4 * parties));
    ground_ = graph_.addNode();
    for (size_t i = 0; i < problem.needs.size(); ++i) needs_.push_back(graph_.addNode());
    for (size_t j = 0; j < problem.mentors.size(); ++j) mentors_.push_back(graph_.addNode());
    for (const AssignmentPair& pair : problem.pairs) {
      Add(needs_[pair.need], mentors_[pair.mentor], 0, 1, -pair.score);
    }
    AddNeeds();
    AddMentors();
  }

  void Solve(LemonFigures* figures) {
    lemon::NetworkSimplex<Graph, int64_t, int64_t> simplex(graph_);
    simplex.lowerMap(lower_).upperMap(upper_).costMap(cost_);
    Graph::NodeMap<int64_t> supply(graph_, 0);
    for (size_t i = 0; i < supply_.size(); ++i) {
      supply[needs_[i]] = supply_[i];
      supply[ground_] -= supply_[i];
    }
    simplex.supplyMap(supply);
    figures->optimal = simplex.run() == simplex.OPTIMAL;
    for (size_t pair = 0; pair < problem_.pairs.size(); ++pair) {
      if (simplex.flow(Graph::arcFromId(static_cast<int>(pair))) == 0) continue;
      ++figures->slots;
      figures->points += problem_.pairs[pair].score;
    }
  }

 private:
  void Add(Graph::Node tail, Graph::Node head, int64_t lower, int64_t upper, int64_t cost) {
    const Graph::Arc arc = graph_.addArc(tail, head);
    lower_[arc] = lower;
    upper_[arc] = upper;
    cost_[arc] = cost;
  }

  // Where nothing but maximums of 1 bounds the needs, each supplies a unit that goes to a mentor or
  // straight to the ground, all costs positive: this is what NetworkSimplex is quickest with. Else
  // a circulation through the ground.
  bool NeedsSupply() const {
    return problem_.objective == Objective::kTotal &&
           std::all_of(problem_.needs.begin(), problem_.needs.end(),
                       [](const AssignmentNeed& need) {
                         return need.min == 0 && need.max == 1 && need.quota < 0;
                       });
  }

  void AddNeeds() {
    if (NeedsSupply()) {
      int64_t largest = 0;
      for (const AssignmentPair& pair : problem_.pairs) largest = std::max(largest, pair.score);
      for (int arc = 0; arc <= graph_.maxArcId(); ++arc) cost_[Graph::arcFromId(arc)] += largest;
      for (const Graph::Node need : needs_) {
        Add(need, ground_, 0, 1, largest + weights_.slot);
        supply_.push_back(1);
      }
      return;
    }
    const std::vector<Graph::Node> quotas = AddQuotas(Side::kNeed);
    std::map<std::string, Graph::Node> beneficiaries;
    for (size_t i = 0; i < needs_.size(); ++i) {
      const AssignmentNeed& need = problem_.needs[i];
      Graph::Node from = need.quota < 0 ? ground_ : quotas[need.quota];
      if (problem_.objective == Objective::kCoverage) {
        const auto [found, is_new] = beneficiaries.try_emplace(BeneficiaryOf(need), ground_);
        if (is_new) {
          found->second = graph_.addNode();
          Add(from, found->second, 0, 1, -weights_.beneficiary);
          Add(from, found->second, 0, kMaxCapacity, 0);
        }
        from = found->second;
      }
      const int64_t served = std::min<int64_t>(need.min, 1);
      Add(from, needs_[i], served, std::min<int64_t>(need.max, 1),
          -weights_.slot - weights_.served);
      if (need.max > 1) Add(from, needs_[i], need.min - served, need.max - 1, -weights_.slot);
    }
  }

  // The node of each quota of the side; the ground for those of the other.
  std::vector<Graph::Node> AddQuotas(Side side) {
    std::vector<Graph::Node> nodes;
    for (const AssignmentQuota& quota : problem_.quotas) {
      nodes.push_back(quota.side == side ? graph_.addNode() : ground_);
      if (quota.side != side) continue;
      const bool of_needs = side == Side::kNeed;
      Add(of_needs ? ground_ : nodes.back(), of_needs ? nodes.back() : ground_, quota.min,
          quota.max, 0);
    }
    return nodes;
  }

  void AddMentors() {
    const std::vector<Graph::Node> quotas = AddQuotas(Side::kMentor);
    for (size_t j = 0; j < mentors_.size(); ++j) {
      const AssignmentMentor& mentor = problem_.mentors[j];
      const Graph::Node to = mentor.quota < 0 ? ground_ : quotas[mentor.quota];
      Add(mentors_[j], to, mentor.min, mentor.max, 0);
    }
  }

  const AssignmentProblem& problem_;
  const Weights weights_;
  Graph graph_;
  Graph::ArcMap<int64_t> lower_{graph_};
  Graph::ArcMap<int64_t> upper_{graph_};
  Graph::ArcMap<int64_t> cost_{graph_};
  Graph::Node ground_;
  std::vector<Graph::Node> needs_;
  std::vector<Graph::Node> mentors_;
  std::vector<int64_t> supply_;
};

}  // namespace

LemonFigures SolveWithLemon(const AssignmentProblem& problem,
                            const std::function<double()>& cpu_seconds) {
  LemonFigures figures;
  const double start = cpu_seconds();
  Model model(problem);
  const double built = cpu_seconds();
  model.Solve(&figures);
  figures.build_seconds = built - start;
  figures.solve_seconds = cpu_seconds() - built;
  return figures;
}

}  // namespace tandem::engine::bench
