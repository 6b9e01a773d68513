// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a formula: refused with a place inside of the text, or read, evaluated, differentiated twice, separated
// and written out again.
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "grids/failure.hpp"
#include "solver/process/formula/formula.hpp"

using namespace umkehr;

namespace {

const FormulaNames names{
    {"x", "y"},
    {{"beta", "0.1 + 19.9*t"}, {"a", "b*b + x"}, {"b", "c + c"}, {"c", "sin(y)/t"}, {"l", "m"}, {"m", "-l"}}};

void require(bool condition) {
  if (!condition) std::abort();
}

bool same(double a, double b) {
  return a == b || (std::isnan(a) && std::isnan(b));
}

void evaluate(const Formula& formula) {
  const Points points({{0.5, -1, 0, 1e300, 3, 2, 1, -7, 1e-300}, {0, 2, -0.25, 4, 1e9, 5, 6, -1, 3}});
  std::vector<double> out(points.count());
  formula(points, 0.3, out);
  for (std::size_t i = 0; i < out.size(); ++i)
    require(same(out[i], formula(std::array<double, 2>{points[0][i], points[1][i]}, 0.3)));
}

void write_and_read(const Formula& formula) {
  try {
    const Formula again = Formula::parse(formula.text(), names);
    require(again.dimension() == formula.dimension());
    evaluate(again);
  } catch (const UnfitProblem&) {
    // Shared parts can make the text too long.
  }
}

void use(const Formula& formula) {
  evaluate(formula);
  for (std::size_t axis = 0; axis < 2; ++axis) {
    const Formula slope = formula.derivative(axis);
    evaluate(slope);
    evaluate(slope.derivative(axis));
    evaluate(slope.time_derivative());
  }
  formula.separate();
  write_and_read(formula);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    use(Formula::parse(text, names));
  } catch (const FormulaError& error) {
    require(error.column() >= 1 && error.column() <= error.text().size() + 1);
  }
  return 0;
}
