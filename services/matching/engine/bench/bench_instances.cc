#include "services/matching/engine/bench/bench_instances.h"

#include <cmath>
#include <random>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace tandem::engine::bench {
namespace {

void AddFive(std::vector<Instance>* all) {
  struct Shape {
    const char* name;
    int32_t mentors;
    int64_t mentor_max;
    bool popular;
  };
  const Shape shapes[] = {{"100k x 100k, 1-5, uniform", 100'000, 5, false},
                          {"100k x 100k, 1-5, popular", 100'000, 5, true},
                          {"100k x 33k, 1-5, uniform", 33'000, 5, false},
                          {"100k x 33k, 1-5, popular", 33'000, 5, true},
                          {"100k x 100k, 1, uniform", 100'000, 1, false}};
  for (const Fill fill : {Fill::kOptional, Fill::kFirst}) {
    for (const Shape& shape : shapes) {
      Instance instance;
      instance.name = absl::StrCat(shape.name, fill == Fill::kFirst ? ", first" : ", optional");
      instance.group = "five";
      instance.needs = 100'000;
      instance.mentors = shape.mentors;
      instance.pairs_per_need = 50;
      instance.mentor_max = shape.mentor_max;
      instance.popular = shape.popular;
      instance.fill = fill;
      all->push_back(instance);
    }
  }
}

void AddDense(std::vector<Instance>* all) {
  for (const int32_t size : {1000, 3000}) {
    for (const int64_t mentor_max : {1, 5}) {
      for (const bool popular : {false, true}) {
        Instance instance;
        instance.name = absl::StrCat("dense ", size, ", ", mentor_max == 1 ? "1" : "1-5",
                                     popular ? ", popular" : ", uniform");
        instance.group = "dense";
        instance.needs = instance.mentors = instance.pairs_per_need = size;
        instance.mentor_max = mentor_max;
        instance.popular = popular;
        all->push_back(instance);
      }
    }
  }
}

void AddOptions(std::vector<Instance>* all) {
  Instance base;
  base.group = "options";
  base.needs = base.mentors = 10'000;
  base.pairs_per_need = 50;
  base.fill = Fill::kFirst;
  const auto add = [&](const char* name) -> Instance& {
    all->push_back(base);
    all->back().name = absl::StrCat("10k x 10k, ", name);
    return all->back();
  };
  add("total");
  add("coverage").objective = Objective::kCoverage;
  add("floor").objective = Objective::kFloor;
  add("minimums").minimums = true;
  Instance& three = add("3 per need");
  three.need_max = 3;
  three.mentor_max = 5;
  add("quotas").mentor_quotas = true;
  add("quotas of needs").need_quotas = true;
  Instance& both = add("quotas of both");
  both.need_quotas = both.mentor_quotas = true;
  Instance& covered = add("coverage, quotas of needs");
  covered.need_quotas = true;
  covered.objective = Objective::kCoverage;
  add("stable").objective = Objective::kStable;
  add("5 scores").score_steps = 5;
  add("all scores equal").score_steps = 1;
}

// For comparisons with peers that know no capacities.
void AddSingle(std::vector<Instance>* all) {
  for (const bool popular : {false, true}) {
    Instance instance;
    instance.name = absl::StrCat("10k x 10k, 1, ", popular ? "popular" : "uniform", ", optional");
    instance.group = "single";
    instance.needs = instance.mentors = 10'000;
    instance.pairs_per_need = 50;
    instance.popular = popular;
    all->push_back(instance);
  }
}

class Generator {
 public:
  Generator(const Instance& instance, uint64_t seed) : instance_(instance), random_(seed) {}

  AssignmentProblem Draw() {
    problem_.objective = instance_.objective;
    problem_.fill = instance_.fill;
    AddParties();
    problem_.pairs.reserve(static_cast<size_t>(instance_.needs) *
                           static_cast<size_t>(instance_.pairs_per_need));
    last_need_.assign(static_cast<size_t>(instance_.mentors), -1);
    for (int32_t need = 0; need < instance_.needs; ++need) {
      for (int32_t k = 0; k < instance_.pairs_per_need; ++k) AddPair(need, k);
    }
    return std::move(problem_);
  }

 private:
  double Uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }
  int64_t Below(int64_t n) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(n)); }

  void AddParties() {
    problem_.needs.resize(static_cast<size_t>(instance_.needs));
    problem_.mentors.resize(static_cast<size_t>(instance_.mentors));
    for (int32_t i = 0; i < instance_.needs; ++i) {
      AssignmentNeed& need = problem_.needs[i];
      need.id = absl::StrCat("n", i);
      need.max = instance_.need_max;
      if (instance_.minimums && i % 10 == 0) need.min = 1;
      const bool covered = instance_.objective == Objective::kCoverage;
      if (covered) need.beneficiary = absl::StrCat("b", i / 3);
      // A beneficiary's needs stand in one group.
      if (instance_.need_quotas) need.quota = (covered ? i / 3 : i) % 20;
    }
    for (int32_t j = 0; j < instance_.mentors; ++j) {
      AssignmentMentor& mentor = problem_.mentors[j];
      mentor.id = absl::StrCat("m", j);
      mentor.max = 1 + Below(instance_.mentor_max);
      if (instance_.minimums && j % 10 == 0) mentor.min = 1;
      if (instance_.mentor_quotas) mentor.quota = (instance_.need_quotas ? 20 : 0) + j % 20;
      fame_.push_back(Uniform());
    }
    if (instance_.need_quotas) AddQuotas(Side::kNeed, "q");
    if (instance_.mentor_quotas) AddQuotas(Side::kMentor, "p");
  }

  void AddQuotas(Side side, absl::string_view prefix) {
    for (int q = 0; q < 20; ++q) {
      AssignmentQuota quota;
      quota.id = absl::StrCat(prefix, q);
      quota.side = side;
      quota.max = instance_.needs / 21;
      problem_.quotas.push_back(quota);
    }
  }

  void AddPair(int32_t need, int32_t k) {
    int32_t mentor = k;
    if (instance_.pairs_per_need < instance_.mentors) {
      do {
        const double u = Uniform();
        mentor =
            static_cast<int32_t>(instance_.mentors * (instance_.popular ? std::pow(u, 1.7) : u));
      } while (last_need_[mentor] == need);
      last_need_[mentor] = need;
    }
    const double u = Uniform();
    const double score = instance_.popular ? 0.6 * fame_[mentor] + 0.4 * u : u;
    int64_t points = static_cast<int64_t>(score * 1'000'000);
    if (instance_.score_steps > 0) points = 1 + points * instance_.score_steps / 1'000'000;
    problem_.pairs.push_back({need, mentor, points});
  }

  const Instance& instance_;
  std::mt19937_64 random_;
  AssignmentProblem problem_;
  std::vector<double> fame_;
  std::vector<int32_t> last_need_;
};

}  // namespace

std::vector<Instance> AllInstances() {
  std::vector<Instance> all;
  AddFive(&all);
  AddDense(&all);
  AddSingle(&all);
  AddOptions(&all);
  return all;
}

AssignmentProblem Generate(const Instance& instance, uint64_t seed) {
  return Generator(instance, seed).Draw();
}

}  // namespace tandem::engine::bench
