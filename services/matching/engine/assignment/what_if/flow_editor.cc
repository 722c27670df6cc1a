#include "services/matching/engine/assignment/what_if/flow_editor.h"

#include "services/matching/engine/assignment/what_if/packed_flow_editor.h"

namespace tandem::engine {
namespace {

constexpr int kSpareBits = 24;

// How many bits a packed vector takes: up to the sign of its first component, "unreached".
int BitsOf(const ValueSpace& space) {
  constexpr int kWidest = 16;
  constexpr int kFirstComponent = 7;  // Bits of "unreached".
  const WideInt<kWidest> one = space.Pack<kWidest>({{0, 1}});
  int bit = 64 * kWidest - 1;
  while (bit > 0 && (one.words[bit / 64] >> (bit % 64) & 1) == 0) --bit;
  return bit + kFirstComponent;
}

}  // namespace

std::unique_ptr<FlowEditor> MakeFlowEditor(int32_t nodes, const std::vector<NetworkArc>& arcs,
                                           const ValueSpace& space, const ArcValueFn& value,
                                           const std::vector<int64_t>& flow,
                                           const std::vector<absl::int128>& prices) {
  // Some bits more than a path needs: prices that follow many changes may drift.
  const int words = (BitsOf(space) + kSpareBits + 63) / 64;
  if (words <= 2) {
    return std::make_unique<PackedFlowEditor<2>>(nodes, arcs, space, value, flow, prices);
  }
  if (words <= 3) {
    return std::make_unique<PackedFlowEditor<3>>(nodes, arcs, space, value, flow, prices);
  }
  if (words <= 4) {
    return std::make_unique<PackedFlowEditor<4>>(nodes, arcs, space, value, flow, prices);
  }
  if (words <= 5) {
    return std::make_unique<PackedFlowEditor<5>>(nodes, arcs, space, value, flow, prices);
  }
  if (words <= 8) {
    return std::make_unique<PackedFlowEditor<8>>(nodes, arcs, space, value, flow, prices);
  }
  return std::make_unique<PackedFlowEditor<17>>(nodes, arcs, space, value, flow, prices);
}

}  // namespace tandem::engine
