// Measures the assignment engine beside LEMON's NetworkSimplex on the same problems.
//
//   assignment_bench [--seed S] [--group five|dense|single|options] [--only TEXT] [--peer no]
//   assignment_bench --only NAME --write FILE [--seed S]
//
// The second form writes an instance for peers in other languages (peers.py): 32-bit integers, the
// numbers of needs, mentors and pairs, then each mentor's maximum, then need, mentor and score of
// each pair.
//
// Each solver runs each instance in a process of its own, so that peak memory is its own. CPU
// seconds; "build" makes the solver's own structures from the same problem in memory. Ours comes in
// parts: the optimum, then what the rules ask beyond it (ties by draw, canonical prices). Exit code
// 1 if values differ.

#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/matching/engine/assignment/bipartite/bipartite_solver.h"
#include "services/matching/engine/assignment/network.h"
#include "services/matching/engine/assignment/problem.h"
#include "services/matching/engine/assignment/solve.h"
#include "services/matching/engine/bench/bench_instances.h"
#include "services/matching/engine/bench/lemon_model.h"
#include "services/matching/engine/bench/measure.h"

namespace tandem::engine::bench {
namespace {

// What one process measured.
struct Figures {
  double build = 0;
  double solve = 0;  // Of ours: the optimum but for ties, where the fast path is taken.
  double ties = 0;
  double prices = 0;
  double problem_mb = 0;  // Of the problem itself, before the solver started.
  double peak_mb = 0;
  long long slots = 0;
  long long points = 0;
  bool fast = false;

  double All() const { return build + solve + ties + prices; }
};

void Print(const Figures& f) {
  std::printf("%.6f %.6f %.6f %.6f %.1f %.1f %lld %lld %d\n", f.build, f.solve, f.ties, f.prices,
              f.problem_mb, f.peak_mb, f.slots, f.points, f.fast ? 1 : 0);
}

bool Parse(const std::string& line, Figures* f) {
  int fast = 0;
  const int read =
      std::sscanf(line.c_str(), "%lf %lf %lf %lf %lf %lf %lld %lld %d", &f->build, &f->solve,
                  &f->ties, &f->prices, &f->problem_mb, &f->peak_mb, &f->slots, &f->points, &fast);
  f->fast = fast != 0;
  return read == 9;
}

void CountPlan(const AssignmentProblem& problem, const std::vector<int32_t>& pairs, Figures* f) {
  f->slots = static_cast<long long>(pairs.size());
  for (int32_t pair : pairs) f->points += problem.pairs[pair].score;
}

// False if the fast path does not take the problem.
bool MeasureFast(const AssignmentProblem& problem, Figures* f) {
  if (problem.objective != Objective::kTotal) return false;
  const SolveOptions options;
  const double start = CpuSeconds();
  const ProblemIndex index(problem);
  const auto solver =
      bipartite::BipartiteSolver::Create(problem, index, bipartite::kEveryScore, options);
  if (solver == nullptr) return false;
  const double built = CpuSeconds();
  bool fine = solver->Solve().ok();
  const double solved = CpuSeconds();
  fine = fine && solver->BreakTies().ok();
  const std::vector<int32_t> pairs = solver->ChosenPairs();
  const double decided = CpuSeconds();
  fine = fine && solver->FindPrices().ok();
  f->build = built - start;
  f->solve = solved - built;
  f->ties = decided - solved;
  f->prices = CpuSeconds() - decided;
  f->fast = fine;
  CountPlan(problem, pairs, f);
  return true;
}

void MeasureGeneral(const AssignmentProblem& problem, Figures* f) {
  double since = CpuSeconds();
  double spent[3] = {0, 0, 0};
  int phase = 0;
  const auto enter = [&](int next) {
    const double now = CpuSeconds();
    spent[phase] += now - since;
    since = now;
    phase = next;
  };
  SolveOptions options;
  options.progress = [&](const SolveProgress& progress) {
    if (progress.steps == 0) enter(static_cast<int>(progress.phase));
  };
  const auto result = Solve(problem, options);
  enter(0);
  f->build = spent[0];
  f->solve = spent[1];
  f->prices = spent[2];
  if (!result.ok()) return;
  f->slots = result->filled_slots;
  f->points = static_cast<long long>(result->total_score);
}

Figures Measure(const Instance& instance, uint64_t seed, bool lemon) {
  const AssignmentProblem problem = Generate(instance, seed);
  Figures f;
  f.problem_mb = PeakMegabytes();
  if (lemon) {
    const LemonFigures figures = SolveWithLemon(problem, CpuSeconds);
    f.build = figures.build_seconds;
    f.solve = figures.solve_seconds;
    f.slots = figures.optimal ? figures.slots : -1;
    f.points = figures.points;
  } else if (!MeasureFast(problem, &f)) {
    MeasureGeneral(problem, &f);
  }
  f.peak_mb = PeakMegabytes();
  return f;
}

// The same in a process of its own.
bool MeasureApart(const std::string& program, const std::string& instance, uint64_t seed,
                  bool lemon, Figures* f) {
  int ends[2];
  if (pipe(ends) != 0) return false;
  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    const std::string seed_text = absl::StrCat(seed);
    execl(program.c_str(), program.c_str(), "--child", lemon ? "lemon" : "ours", "--seed",
          seed_text.c_str(), "--only", instance.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string text;
  char buffer[256];
  for (ssize_t got; (got = read(ends[0], buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 && Parse(text, f);
}

struct Arguments {
  uint64_t seed = 20261123;
  std::string group;
  std::string only;
  std::string child;
  std::string write;
  bool peer = true;
};

bool ReadArguments(int argc, char** argv, Arguments* arguments) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--seed") {
      if (!absl::SimpleAtoi(value, &arguments->seed)) return false;
    } else if (name == "--group") {
      arguments->group = value;
    } else if (name == "--only") {
      arguments->only = value;
    } else if (name == "--child") {
      arguments->child = value;
    } else if (name == "--write") {
      arguments->write = value;
    } else if (name == "--peer") {
      arguments->peer = value != "no";
    } else {
      return false;
    }
  }
  return argc % 2 == 1;
}

bool Write(const AssignmentProblem& problem, const std::string& path) {
  std::vector<int32_t> numbers = {static_cast<int32_t>(problem.needs.size()),
                                  static_cast<int32_t>(problem.mentors.size()),
                                  static_cast<int32_t>(problem.pairs.size())};
  for (const AssignmentMentor& mentor : problem.mentors) {
    numbers.push_back(static_cast<int32_t>(mentor.max));
  }
  for (const AssignmentPair& pair : problem.pairs) {
    numbers.insert(numbers.end(), {pair.need, pair.mentor, static_cast<int32_t>(pair.score)});
  }
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::streamsize>(numbers.size() * sizeof(int32_t)));
  return file.good();
}

// The geometric mean of how many times quicker, or smaller, ours is.
class Mean {
 public:
  void Add(double lemon, double ours) {
    const double ratio = lemon / ours;
    logarithms_ += std::log(ratio);
    worst_ = count_ == 0 || ratio < worst_ ? ratio : worst_;
    ++count_;
  }
  std::string Text() const {
    if (count_ == 0) return "-";
    return absl::StrFormat("%.1f (least %.1f)", std::exp(logarithms_ / count_), worst_);
  }

 private:
  double logarithms_ = 0;
  double worst_ = 0;
  int count_ = 0;
};

class Report {
 public:
  Report() {
    std::cout << absl::StrFormat("%-38s | %8s %8s | %8s %8s %8s %8s | %7s %7s | %7s %7s\n",
                                 "instance (CPU s; MB beyond the problem)", "LEMON", "build",
                                 "ours", "build", "ties", "prices", "x", "x all", "LEMON", "ours");
  }

  // False if the values differ.
  bool Add(const Instance& instance, const Figures& ours, const Figures* lemon) {
    const double mb = ours.peak_mb - ours.problem_mb;
    std::string line = absl::StrFormat("%-38s | ", instance.name);
    line += lemon == nullptr ? absl::StrFormat("%8s %8s | ", "-", "-")
                             : absl::StrFormat("%8.3f %8.3f | ", lemon->solve, lemon->build);
    line += absl::StrFormat("%8.3f %8.3f %8.3f %8.3f | ", ours.solve, ours.build, ours.ties,
                            ours.prices);
    if (lemon != nullptr) {
      const double lemon_mb = lemon->peak_mb - lemon->problem_mb;
      line += absl::StrFormat("%7.1f %7.1f | %7.0f %7.0f", lemon->solve / ours.solve,
                              lemon->All() / ours.All(), lemon_mb, mb);
      solve_.Add(lemon->solve, ours.solve);
      all_.Add(lemon->All(), ours.All());
      memory_.Add(lemon_mb, mb);
    } else {
      line += absl::StrFormat("%7s %7s | %7s %7.0f", "-", "-", "-", mb);
    }
    std::cout << line << (ours.fast ? "" : "  (general)") << std::endl;
    if (lemon == nullptr || (lemon->slots == ours.slots && lemon->points == ours.points)) {
      return true;
    }
    if (lemon->points == ours.points && instance.fill == Fill::kOptional) return true;
    std::cout << "DIFFERENT: LEMON " << lemon->slots << " slots, " << lemon->points
              << " points; ours " << ours.slots << ", " << ours.points << std::endl;
    return false;
  }

  void Finish() const {
    std::cout << "geometric mean: solving alone " << solve_.Text() << " times, everything included "
              << all_.Text() << " times, memory " << memory_.Text() << " times less\n";
  }

 private:
  Mean solve_;
  Mean all_;
  Mean memory_;
};

bool LemonCanSay(const Instance& instance) {
  return instance.objective == Objective::kTotal || instance.objective == Objective::kCoverage;
}

int RunGroup(const Arguments& arguments, const std::string& program, const std::string& group) {
  int failures = 0;
  Report report;
  for (const Instance& instance : AllInstances()) {
    if (instance.group != group || !absl::StrContains(instance.name, arguments.only)) continue;
    Figures ours;
    Figures lemon;
    const bool peer = arguments.peer && LemonCanSay(instance);
    if (!MeasureApart(program, instance.name, arguments.seed, false, &ours) ||
        (peer && !MeasureApart(program, instance.name, arguments.seed, true, &lemon))) {
      std::cout << instance.name << ": a solver failed" << std::endl;
      ++failures;
      continue;
    }
    if (!report.Add(instance, ours, peer ? &lemon : nullptr)) ++failures;
  }
  report.Finish();
  return failures;
}

int Main(int argc, char** argv) {
  Arguments arguments;
  if (!ReadArguments(argc, argv, &arguments)) {
    std::cerr
        << "usage: assignment_bench [--seed S] [--group five|dense|single|options] [--only TEXT] "
           "[--peer no]\n";
    return 2;
  }
  if (!arguments.child.empty() || !arguments.write.empty()) {
    for (const Instance& instance : AllInstances()) {
      if (instance.name != arguments.only) continue;
      if (!arguments.write.empty()) {
        return Write(Generate(instance, arguments.seed), arguments.write) ? 0 : 1;
      }
      Print(Measure(instance, arguments.seed, arguments.child == "lemon"));
      return 0;
    }
    return 2;
  }
  std::cout << "seed " << arguments.seed << std::endl;
  int failures = 0;
  for (const char* group : {"five", "dense", "single", "options"}) {
    if (!arguments.group.empty() && arguments.group != group) continue;
    failures += RunGroup(arguments, argv[0], group);
  }
  return failures == 0 ? 0 : 1;
}

}  // namespace
}  // namespace tandem::engine::bench

int main(int argc, char** argv) { return tandem::engine::bench::Main(argc, argv); }
