"""Solves the benchmark's instances with scipy and OR-Tools beside the engine, and prints a table.

    tools/bench engine --peers [--seed S] [--only TEXT] [--slow]

tools/bench installs the peers from PyPI into .cache/peers and starts this file there. Every solver
runs every instance in a process of its own and reports the CPU seconds of the solver's call alone;
building its input is not counted. The engine's are those of the optimum, and with everything that the
peers do not have (ties by draw, canonical prices). Totals must agree: exit code 1 if they differ.

Filling is optional. Peers that need a perfect matching get what makes one possible: scipy's sparse
solver a column per need with score 0, OR-Tools' LinearSumAssignment a mirror image of the problem.
--slow also runs what takes minutes.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from typing import Callable, Dict, List, Optional, Tuple

# Name, solvers. A name in parentheses only with --slow.
INSTANCES: List[Tuple[str, List[str]]] = [
    ("dense 1000, 1, uniform", ["scipy dense", "LinearSumAssignment", "SimpleMinCostFlow"]),
    ("dense 1000, 1, popular", ["scipy dense", "LinearSumAssignment", "SimpleMinCostFlow"]),
    ("dense 1000, 1-5, popular", ["SimpleMinCostFlow"]),
    ("dense 3000, 1, uniform", ["scipy dense", "LinearSumAssignment", "(SimpleMinCostFlow)"]),
    ("dense 3000, 1, popular", ["scipy dense", "LinearSumAssignment", "(SimpleMinCostFlow)"]),
    ("10k x 10k, 1, uniform, optional", ["scipy sparse", "LinearSumAssignment", "SimpleMinCostFlow"]),
    ("10k x 10k, 1, popular, optional", ["scipy sparse", "LinearSumAssignment", "SimpleMinCostFlow"]),
    ("100k x 100k, 1-5, uniform, optional", ["(SimpleMinCostFlow)"]),
    ("100k x 33k, 1-5, uniform, optional", ["(SimpleMinCostFlow)"]),
    ("100k x 100k, 1, uniform, optional", ["(scipy sparse)", "(LinearSumAssignment)", "(SimpleMinCostFlow)"]),
]


class Problem:
    """An instance as assignment_bench writes it."""

    def __init__(self, path: str):
        import numpy

        numbers = numpy.fromfile(path, dtype=numpy.int32)
        self.needs, self.mentors, pairs = (int(n) for n in numbers[:3])
        self.maximum = numbers[3:3 + self.mentors].astype(numpy.int64)
        triples = numbers[3 + self.mentors:].reshape(pairs, 3)
        self.need, self.mentor = triples[:, 0].copy(), triples[:, 1].copy()
        self.score = triples[:, 2].astype(numpy.int64)


def timed(solve: Callable[[], object]) -> Tuple[object, float]:
    start = time.process_time()
    answer = solve()
    return answer, time.process_time() - start


def scipy_dense(problem: Problem) -> Tuple[int, float]:
    import numpy
    from scipy.optimize import linear_sum_assignment

    scores = numpy.zeros((problem.needs, problem.mentors))
    scores[problem.need, problem.mentor] = problem.score
    (rows, columns), seconds = timed(lambda: linear_sum_assignment(scores, maximize=True))
    return int(scores[rows, columns].sum()), seconds


def scipy_sparse(problem: Problem) -> Tuple[int, float]:
    import numpy
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    # A weight of 0 would be taken for no edge: all are raised by 1, which adds the same to each plan.
    own = numpy.arange(problem.needs)
    rows = numpy.concatenate([problem.need, own])
    columns = numpy.concatenate([problem.mentor, problem.mentors + own])
    weights = numpy.concatenate([problem.score, numpy.zeros(problem.needs, dtype=numpy.int64)]) + 1
    graph = csr_matrix((weights.astype(float), (rows, columns)),
                       shape=(problem.needs, problem.mentors + problem.needs))
    (chosen, partners), seconds = timed(
        lambda: min_weight_full_bipartite_matching(graph, maximize=True))
    total = numpy.asarray(graph[chosen, partners]).sum() - problem.needs
    return int(round(total)), seconds


def linear_sum_assignment_ortools(problem: Problem) -> Tuple[int, float]:
    import numpy
    from ortools.graph.python import linear_sum_assignment

    solver = linear_sum_assignment.SimpleLinearSumAssignment()
    dense = len(problem.need) == problem.needs * problem.mentors and problem.needs == problem.mentors
    if dense:
        solver.add_arcs_with_cost(problem.need, problem.mentor, -problem.score)
    else:
        needs, mentors = numpy.arange(problem.needs), numpy.arange(problem.mentors)
        zero = numpy.zeros(len(problem.need), dtype=numpy.int64)
        # Left: needs, then the mirror image of mentors. Right: mentors, then that of needs.
        solver.add_arcs_with_cost(problem.need, problem.mentor, -problem.score)
        solver.add_arcs_with_cost(problem.needs + problem.mentor, problem.mentors + problem.need, zero)
        solver.add_arcs_with_cost(needs, problem.mentors + needs, numpy.zeros_like(needs))
        solver.add_arcs_with_cost(problem.needs + mentors, mentors, numpy.zeros_like(mentors))
    status, seconds = timed(solver.solve)
    if status != solver.OPTIMAL:
        raise RuntimeError(f"LinearSumAssignment: {status}")
    return -solver.optimal_cost(), seconds


def simple_min_cost_flow(problem: Problem) -> Tuple[int, float]:
    import numpy
    from ortools.graph.python import min_cost_flow

    solver = min_cost_flow.SimpleMinCostFlow()
    needs, mentors = numpy.arange(problem.needs), numpy.arange(problem.mentors)
    sink = problem.needs + problem.mentors
    one = numpy.ones(len(problem.need), dtype=numpy.int64)
    solver.add_arcs_with_capacity_and_unit_cost(problem.need, problem.needs + problem.mentor, one,
                                                -problem.score)
    solver.add_arcs_with_capacity_and_unit_cost(needs, numpy.full_like(needs, sink),
                                                numpy.ones_like(needs), numpy.zeros_like(needs))
    solver.add_arcs_with_capacity_and_unit_cost(problem.needs + mentors,
                                                numpy.full_like(mentors, sink), problem.maximum,
                                                numpy.zeros_like(mentors))
    solver.set_nodes_supplies(needs, numpy.ones_like(needs))
    solver.set_node_supply(sink, -problem.needs)
    status, seconds = timed(solver.solve)
    if status != solver.OPTIMAL:
        raise RuntimeError(f"SimpleMinCostFlow: {status}")
    return -solver.optimal_cost(), seconds


SOLVERS: Dict[str, Callable[[Problem], Tuple[int, float]]] = {
    "scipy dense": scipy_dense,
    "scipy sparse": scipy_sparse,
    "LinearSumAssignment": linear_sum_assignment_ortools,
    "SimpleMinCostFlow": simple_min_cost_flow,
}


def run_apart(solver: str, path: str) -> Optional[Tuple[int, float]]:
    """The total in micro-points and the CPU seconds, from a process of its own; None if it failed."""
    result = subprocess.run([sys.executable, __file__, "--solver", solver, "--file", path],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if result.returncode != 0:
        print(f"  {solver} failed: {result.stderr.decode().strip().splitlines()[-1:]}", flush=True)
        return None
    total, seconds = result.stdout.split()
    return int(total), float(seconds)


def run_ours(bench: str, name: str, seed: int) -> Tuple[int, float, float]:
    """Total, CPU seconds of the optimum, and with all that belongs to an answer."""
    out = subprocess.run([bench, "--child", "ours", "--seed", str(seed), "--only", name],
                         stdout=subprocess.PIPE, check=True).stdout.split()
    build, solve, ties, prices = (float(word) for word in out[:4])
    return int(out[7]), solve, build + solve + ties + prices


def compare(bench: str, name: str, solvers: List[str], arguments: argparse.Namespace) -> bool:
    chosen = [s.strip("()") for s in solvers if arguments.slow or not s.startswith("(")]
    if not chosen:
        return True
    fine = True
    total, optimum, everything = run_ours(bench, name, arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "instance")
        subprocess.run([bench, "--write", path, "--seed", str(arguments.seed), "--only", name], check=True)
        for solver in chosen:
            answer = run_apart(solver, path)
            if answer is None:
                continue
            same = answer[0] == total
            fine = fine and same
            print(f"{name:<38} | {solver:<20} | {answer[1]:9.3f} | {optimum:9.4f} {everything:9.4f} | "
                  f"{answer[1] / optimum:8.1f} {answer[1] / everything:8.1f}"
                  + ("" if same else f"  DIFFERENT: {answer[0]}, ours {total}"), flush=True)
    return fine


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--bench")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--only", default="")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("--solver")
    parser.add_argument("--file")
    arguments = parser.parse_args()
    if arguments.solver:
        total, seconds = SOLVERS[arguments.solver](Problem(arguments.file))
        print(total, seconds)
        return 0
    print(f"seed {arguments.seed}")
    print(f"{'instance (CPU s)':<38} | {'peer':<20} | {'peer':>9} | {'ours':>9} {'with all':>9} | "
          f"{'x':>8} {'x all':>8}", flush=True)
    outcomes = [compare(arguments.bench, name, solvers, arguments)
                for name, solvers in INSTANCES if arguments.only in name]
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
