#include "services/matching/engine/assignment/components.h"

#include <algorithm>

namespace tandem::engine {
namespace {

class Tarjan {
 public:
  Tarjan(int32_t nodes, const std::vector<std::pair<int32_t, int32_t>>& steps)
      : begin_(nodes + 1, 0),
        head_(steps.size()),
        order_(nodes, 0),
        low_(nodes, 0),
        component_(nodes, -1) {
    for (const auto& step : steps) ++begin_[step.first + 1];
    for (int32_t v = 0; v < nodes; ++v) begin_[v + 1] += begin_[v];
    next_.assign(begin_.begin(), begin_.end() - 1);
    for (const auto& step : steps) head_[next_[step.first]++] = step.second;
    next_.assign(begin_.begin(), begin_.end() - 1);
  }

  std::vector<int32_t> Run() {
    for (size_t v = 0; v < order_.size(); ++v) {
      if (order_[v] == 0) Visit(static_cast<int32_t>(v));
    }
    return std::move(component_);
  }

 private:
  void Enter(int32_t v) {
    order_[v] = low_[v] = ++count_;
    path_.push_back(v);
    open_.push_back(v);
  }

  void Visit(int32_t root) {
    Enter(root);
    while (!path_.empty()) {
      const int32_t v = path_.back();
      if (next_[v] < begin_[v + 1]) {
        const int32_t w = head_[next_[v]++];
        if (order_[w] == 0) {
          Enter(w);
        } else if (component_[w] < 0) {
          low_[v] = std::min(low_[v], order_[w]);
        }
        continue;
      }
      path_.pop_back();
      if (!path_.empty()) low_[path_.back()] = std::min(low_[path_.back()], low_[v]);
      if (low_[v] == order_[v]) Close(v);
    }
  }

  void Close(int32_t v) {
    int32_t w = -1;
    while (w != v) {
      w = open_.back();
      open_.pop_back();
      component_[w] = components_;
    }
    ++components_;
  }

  std::vector<int64_t> begin_;
  std::vector<int64_t> next_;
  std::vector<int32_t> head_;
  std::vector<int32_t> order_;  // 0: not yet visited.
  std::vector<int32_t> low_;
  std::vector<int32_t> component_;
  std::vector<int32_t> path_;
  std::vector<int32_t> open_;
  int32_t count_ = 0;
  int32_t components_ = 0;
};

}  // namespace

std::vector<int32_t> StrongComponents(int32_t nodes,
                                      const std::vector<std::pair<int32_t, int32_t>>& steps) {
  return Tarjan(nodes, steps).Run();
}

}  // namespace tandem::engine
