// SPDX-License-Identifier: GPL-3.0-or-later
// Newton's iteration on the discretised action between fixed ends: the Hessian is shifted until it is positive definite
// (Levenberg, Marquardt), and each step halved until the action falls.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "solver/paths/onsager_machlup.hpp"

namespace umkehr {

struct Minimum {
  Path path;
  Action action;
  std::size_t iterations;
};

class PathNewton {
 public:
  /// `tolerance` of the last step, relative to `scale`, the size of a path.
  PathNewton(const DiscreteAction& action, double scale, double tolerance, std::size_t iterations)
      : action_(action), scale_(scale), tolerance_(tolerance), iterations_(iterations) {}
  /// Nothing where it does not converge.
  std::optional<Minimum> minimise(Path path);

 private:
  bool solve(const BandMatrix& hessian);
  double largest_step() const;
  bool is_flat(const BandMatrix& hessian, const Action& now) const;
  std::optional<int> search(Path& path, double before);
  void move(Path& path, double length) const;

  const DiscreteAction& action_;
  double scale_, tolerance_;
  std::size_t iterations_;
  std::vector<double> gradient_, step_;
  double shift_ = 0;
};

}  // namespace umkehr
