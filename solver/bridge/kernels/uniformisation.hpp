// SPDX-License-Identifier: GPL-3.0-or-later
// exp(h L) v for the generator of finite volumes, a jump process between cells, by uniformisation,
//   exp(h L) = sum_k e^(-lambda h) (lambda h)^k / k!  (1 + L/lambda)^k,  lambda at least the rate at which any cell is left
// (Jensen, Skand. Aktuarietidskr. 36 (1953) 87; Grassmann, Comput. Oper. Res. 4 (1977) 47). Every term is positive, so
// that values keep their relative accuracy however far below the largest they are; and the transpose is exact. Rates that
// depend on time are frozen at the middles of parts that do not depend on where one begins: order 2.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "grids/grid.hpp"
#include "solver/finite_volume/axis_generator.hpp"
#include "solver/process/process.hpp"

namespace umkehr {

class Uniformisation {
 public:
  /// Between any two of ascending `times`, each interval in equal parts of `longest_part` at most where rates depend on
  /// time. Throws UnfitProblem where rates are not finite.
  Uniformisation(const Process& process, const Grid& grid, const std::vector<double>& times,
                 double longest_part);

  /// In place, from `start` to `stop` (a density) or back (a value).
  void forward(std::span<double> density, double start, double stop);
  void backward(std::span<double> value, double start, double stop);
  /// lambda (stop - start) as of the rates at both ends and the middle: how many jumps there are, roughly.
  double jumps(double start, double stop);
  bool depends_on_time() const { return depends_on_time_; }
  std::size_t memory() const;

 private:
  enum class Way { forward, backward };
  /// Rates at which each cell is left for its neighbours along one axis.
  struct AxisRates {
    std::vector<double> up, down;
  };
  void freeze(double t);
  void read_rates(std::size_t axis);
  void march(Way way, std::span<double> values, double start, double stop);
  void propagate(Way way, std::span<double> values, double h);
  void jump(Way way, std::span<const double> in, std::span<double> out) const;
  void jump_slab(Way way, std::size_t slab, const double* in, double* out) const;

  Grid grid_;
  Coefficient killing_;
  std::vector<double> ends_;  ///< of the parts
  bool depends_on_time_, is_frozen_ = false;
  Points centres_;
  std::vector<AxisGenerator> generators_;
  std::vector<AxisRates> rates_;  ///< over lambda
  std::vector<double> stay_;      ///< 1 - the rate at which a cell is left, killing included, over lambda
  double lambda_ = 0;
};

}  // namespace umkehr
