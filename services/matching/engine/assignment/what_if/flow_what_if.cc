// What if, for the objectives that are one flow: each answer is one cycle of the residual network.

#include <memory>
#include <utility>

#include "base/status_macros.h"
#include "services/matching/engine/assignment/what_if/what_if.h"

namespace tandem::engine {
namespace {

class FlowWhatIf : public WhatIf {
 public:
  explicit FlowWhatIf(const PlanFlow& plan)
      : plan_(plan), space_(ValueSpace::ForPlan(plan.problem)) {}

  absl::Status Begin() {
    TANDEM_ASSIGN_OR_RETURN(editor_,
                            EditPlan(plan_, plan_.network.arcs, space_, PricePurpose::kPlan));
    return absl::OkStatus();
  }

  absl::StatusOr<Otherwise> Pinned(int32_t pair) override {
    const int32_t arc = plan_.pair_arc[pair];
    editor_->Mark();
    if (editor_->SetBounds(arc, 1, 1)) return Told();
    editor_->Rewind();
    return DescribeImpossible(plan_, plan_.network.arcs, *editor_, arc);
  }

  absl::StatusOr<Otherwise> MorePlaces(int32_t mentor) override {
    const NetworkArc& arc = plan_.network.arcs[plan_.mentor_arc[mentor]];
    editor_->Mark();
    editor_->SetBounds(plan_.mentor_arc[mentor], arc.lower, arc.upper + 1);
    return Told();
  }

 private:
  Otherwise Told() {
    Otherwise otherwise = DescribeChanges(plan_, space_, editor_->Changes());
    editor_->Rewind();
    return otherwise;
  }

  const PlanFlow& plan_;
  const ValueSpace space_;
  std::unique_ptr<FlowEditor> editor_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<WhatIf>> MakeFlowWhatIf(const PlanFlow& plan) {
  auto what_if = std::make_unique<FlowWhatIf>(plan);
  TANDEM_RETURN_IF_ERROR(what_if->Begin());
  return std::unique_ptr<WhatIf>(std::move(what_if));
}

}  // namespace tandem::engine
