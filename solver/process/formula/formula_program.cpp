// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/process/formula/formula_program.hpp"

#include <algorithm>
#include <array>

#include "grids/machine/lanes.hpp"

namespace umkehr::expression {
namespace {

constexpr std::size_t longest_block = 512;
constexpr std::size_t scratch_in_cache = 32768;  // doubles

struct alignas(64) Group {
  std::array<double, lanes::width> values{};
};

// Kept from call to call, so that a call takes no memory from the heap.
double* scratch(std::size_t size) {
  thread_local std::vector<Group> kept;
  if (kept.size() * lanes::width < size) kept.resize((size + lanes::width - 1) / lanes::width);
  return kept.front().values.data();
}

}  // namespace

class Program::Compiler {
 public:
  Compiler(const Expression& expression, Program& program)
      : expression_(expression), program_(program), places_(expression.size()), last_use_(expression.size()) {
    for (Index i = 0; i < expression.size(); ++i)
      for (std::size_t k = 0; k < traits(expression[i].operation).arity; ++k)
        last_use_[expression[i].operands[k]] = i;
    for (Index i = 0; i < expression.size(); ++i) places_[i] = place(i);
    program_.result_ = places_.back();
  }

 private:
  Operand new_scalar(double value) {
    program_.constants_.push_back(value);
    return {Operand::Kind::scalar, static_cast<std::uint32_t>(program_.constants_.size() - 1)};
  }

  Operand new_slot() {
    if (free_.empty()) return {Operand::Kind::slot, program_.slots_++};
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return {Operand::Kind::slot, slot};
  }

  Operand place(Index i) {
    const Node& node = expression_[i];
    if (node.operation == Operation::constant) return new_scalar(node.value);
    if (node.operation == Operation::time) {
      const Operand scalar = new_scalar(0);
      program_.times_.push_back(scalar.number);
      return scalar;
    }
    if (node.operation == Operation::axis) {
      program_.used_axes_.push_back(static_cast<std::uint32_t>(node.parameter));
      return {Operand::Kind::axis, static_cast<std::uint32_t>(program_.used_axes_.size() - 1)};
    }
    return compute(i);
  }

  Operand compute(Index i) {
    const Node& node = expression_[i];
    Instruction instruction{traits(node.operation).kernel, node.parameter, {}, 0};
    const std::size_t arity = traits(node.operation).arity;
    bool scalar = true;
    for (std::size_t k = 0; k < arity; ++k) {
      instruction.operands[k] = places_[node.operands[k]];
      scalar = scalar && instruction.operands[k].kind == Operand::Kind::scalar;
    }
    // Operands that do not count are read by no kernel but must point somewhere.
    for (std::size_t k = arity; k < 3; ++k) instruction.operands[k] = instruction.operands[0];
    const Operand target = scalar ? new_scalar(0) : reuse(i);
    instruction.target = target.number;
    (scalar ? program_.on_scalars_ : program_.on_blocks_).push_back(instruction);
    return target;
  }

  // A kernel reads a group of its operands before it writes that group of its result, so a slot may be both.
  Operand reuse(Index i) {
    const Node& node = expression_[i];
    for (std::size_t k = 0; k < traits(node.operation).arity; ++k) {
      const Operand operand = places_[node.operands[k]];
      const bool again =
          std::find(node.operands.begin(), node.operands.begin() + static_cast<std::ptrdiff_t>(k),
                    node.operands[k]) != node.operands.begin() + static_cast<std::ptrdiff_t>(k);
      if (operand.kind == Operand::Kind::slot && last_use_[node.operands[k]] == i && !again)
        free_.push_back(operand.number);
    }
    return new_slot();
  }

  const Expression& expression_;
  Program& program_;
  std::vector<Operand> places_;
  std::vector<Index> last_use_;
  std::vector<std::uint32_t> free_;
};

Program::Program(const Expression& expression) {
  Compiler(expression, *this);
  const std::size_t fitting =
      scratch_in_cache / std::max<std::size_t>(slots_, 1) / lanes::width * lanes::width;
  block_ = std::clamp(fitting, lanes::width, longest_block);
}

/// The arrays of one call: broadcast scalars, slots of the block, and axes from the block's first point on.
struct Program::Frame {
  double* scalars;
  double* slots;
  std::size_t block;
  const double* const* axes;  // of all axes
  std::span<const std::uint32_t> used;
  std::size_t first = 0;
  const double* padded = nullptr;  // one group for each axis used, in place of `axes`

  Stream stream(Operand place) const {
    if (place.kind == Operand::Kind::scalar) return {scalars + place.number * lanes::width, 0};
    if (place.kind == Operand::Kind::slot) return {slots + place.number * block, lanes::width};
    if (padded != nullptr) return {padded + place.number * lanes::width, lanes::width};
    return {axes[used[place.number]] + first, lanes::width};
  }
  Streams streams(const std::array<Operand, 3>& places) const {
    return {stream(places[0]), stream(places[1]), stream(places[2])};
  }
};

void Program::run_scalars(double t, const Frame& frame) const {
  const auto put = [&frame](std::size_t number, double value) {
    std::fill_n(frame.scalars + number * lanes::width, lanes::width, value);
  };
  for (std::size_t i = 0; i < constants_.size(); ++i) put(i, constants_[i]);
  for (const std::uint32_t i : times_) put(i, t);
  for (const Instruction& instruction : on_scalars_) {
    double* target = frame.scalars + instruction.target * lanes::width;
    instruction.kernel(frame.streams(instruction.operands), instruction.exponent, target, 1);
    put(instruction.target, target[0]);
  }
}

void Program::run_block(const Frame& frame, double* out, std::size_t count) const {
  for (const Instruction& instruction : on_blocks_) {
    double* target =
        &instruction == &on_blocks_.back() ? out : frame.slots + instruction.target * frame.block;
    instruction.kernel(frame.streams(instruction.operands), instruction.exponent, target, count);
  }
}

// Fewer points than lanes: the first of them fills the others' places.
void Program::run_rest(Frame frame, double* padded, std::span<double> out) const {
  for (std::size_t k = 0; k < used_axes_.size(); ++k) {
    const double* from = frame.axes[used_axes_[k]] + frame.first;
    std::fill_n(padded + k * lanes::width, lanes::width, *from);
    std::copy_n(from, out.size(), padded + k * lanes::width);
  }
  frame.padded = padded;
  std::array<double, lanes::width> group;
  run_block(frame, group.data(), out.size());
  std::copy_n(group.begin(), out.size(), out.begin());
}

void Program::run(std::span<const double* const> axes, double t, std::span<double> out) const {
  const std::size_t scalars = constants_.size() * lanes::width, slots = slots_ * block_;
  double* start = scratch(scalars + slots + used_axes_.size() * lanes::width);
  Frame frame{start, start + scalars, block_, axes.data(), used_axes_};
  run_scalars(t, frame);
  if (result_.kind == Operand::Kind::scalar) {
    std::fill(out.begin(), out.end(), frame.scalars[result_.number * lanes::width]);
  } else if (result_.kind == Operand::Kind::axis) {
    std::copy_n(axes[used_axes_[result_.number]], out.size(), out.begin());
  } else {
    const std::size_t whole = out.size() / lanes::width * lanes::width;
    for (; frame.first < whole; frame.first += block_)
      run_block(frame, out.data() + frame.first, std::min(block_, whole - frame.first));
    frame.first = whole;
    if (whole < out.size()) run_rest(frame, start + scalars + slots, out.subspan(whole));
  }
}

}  // namespace umkehr::expression
