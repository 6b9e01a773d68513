// SPDX-License-Identifier: GPL-3.0-or-later
// A formula as bytecode. What depends on time alone is computed once a call; the rest in blocks of points that stay in
// cache, one loop over lanes an instruction. The last block is padded to whole lanes, so a value does not depend on its
// place in a batch.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "solver/process/formula/formula_graph.hpp"

namespace umkehr::expression {

class Program {
 public:
  explicit Program(const Expression& expression);

  std::span<const std::uint32_t> used_axes() const { return used_axes_; }

  /// out[i] = value at (axes[0][i], axes[1][i], ..., t), for i < out.size().
  void run(std::span<const double* const> axes, double t, std::span<double> out) const;

 private:
  /// Where an operand is: one of the broadcast scalars, of the axes used, or of the block's slots.
  struct Operand {
    enum class Kind : std::uint8_t { scalar, axis, slot };
    Kind kind = Kind::scalar;
    std::uint32_t number = 0;
  };
  struct Instruction {
    Loop kernel = nullptr;
    int exponent = 0;
    std::array<Operand, 3> operands{};
    std::uint32_t target = 0;
  };
  class Compiler;  // it assigns slots, and frees them after their last use
  struct Frame;

  void run_scalars(double t, const Frame& frame) const;
  /// Puts the last instruction's result to `out`, which must have room for whole groups.
  void run_block(const Frame& frame, double* out, std::size_t count) const;
  void run_rest(Frame frame, double* padded, std::span<double> out) const;

  std::vector<double> constants_;  // by scalar; 0 where it is computed
  std::vector<Instruction> on_scalars_, on_blocks_;
  std::vector<std::uint32_t> times_, used_axes_;  // scalars that are t; axes that occur
  std::uint32_t slots_ = 0;
  std::size_t block_ = 0;
  Operand result_;
};

}  // namespace umkehr::expression
