// SPDX-License-Identifier: GPL-3.0-or-later
// Brownian motion on (-1, 1), D = 1, reflected at the ends and killed at rate K beyond a: its slowest eigenfunction is
// cos(p (1 + x)) below a and in proportion to cosh(q (1 - x)) above, p = sqrt(2 r), q = sqrt(2 (K - r)), where
//   p tan(p (1 + a)) = q tanh(q (1 - a)).
// With another D, K and r go with it.
#pragma once

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/math/tools/roots.hpp>
#include <cmath>
#include <iomanip>
#include <sstream>
#include <string>

namespace umkehr {

inline double slowest_rate(double a, double strength) {
  const auto mismatch = [&](double r) {
    const double p = std::sqrt(2 * r), q = std::sqrt(2 * (strength - r));
    return p * std::sin(p * (1 + a)) - q * std::tanh(q * (1 - a)) * std::cos(p * (1 + a));
  };
  const double wall = std::pow(boost::math::constants::half_pi<double>() / (1 + a), 2) / 2;
  const auto bracket = boost::math::tools::bisect(mismatch, 1e-9, std::min(wall, strength),
                                                  boost::math::tools::eps_tolerance<double>(45));
  return 0.5 * (bracket.first + bracket.second);
}

struct StepOfKilling {
  double a, strength;
  double rate = slowest_rate(a, strength);

  double operator()(double x) const {
    return x < a ? std::cos(p() * (1 + x)) : beyond() * std::cosh(q() * (1 - x));
  }
  std::string text() const {
    std::ostringstream out;
    out << std::setprecision(17) << "where(x < " << a << ", cos(" << p() << "*(1 + x)), " << beyond()
        << "*cosh(" << q() << "*(1 - x)))";
    return out.str();
  }

 private:
  double p() const { return std::sqrt(2 * rate); }
  double q() const { return std::sqrt(2 * (strength - rate)); }
  double beyond() const { return std::cos(p() * (1 + a)) / std::cosh(q() * (1 - a)); }
};

}  // namespace umkehr
