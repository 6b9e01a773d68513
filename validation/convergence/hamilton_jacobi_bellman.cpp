// SPDX-License-Identifier: GPL-3.0-or-later
// The three ways of solving (3.24) against closed forms and each other, in one to three dimensions, and the orders of the
// finite differences. The closed form is chi = sum_c w_c N(x; m_c, C_c) at the stop, carried backwards by Riccati's equations
// here, by Boost.Odeint: with chi = exp(-(x.S x/2 + r.x + z)) a summand each,
//   -dS/ds = A^T S + S A - S D S + Q,  -dr/ds = A^T r + S a - S D r + q,  -dz/ds = a.r + tr(D S)/2 - r.D r/2 + v.
#include <algorithm>
#include <boost/numeric/odeint.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "grids/quadrature.hpp"
#include "solver/hjb/hjb.hpp"
#include "validation/support/affordable.hpp"

namespace {

using namespace umkehr;

Formula formula(const std::string& text, std::size_t dimension) {
  const std::vector<std::string> axes = {"x", "y", "z"};
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

Process process_of(const std::vector<std::string>& drift, const std::vector<std::string>& diffusion,
                   const std::string& killing) {
  Process process;
  for (const std::string& text : drift) process.drift.emplace_back(formula(text, drift.size()));
  for (const std::string& text : diffusion) process.diffusion.emplace_back(formula(text, drift.size()));
  process.killing = formula(killing, drift.size());
  return process;
}

/// lambda = x.S x/2 + r.x + z
struct Quadratic {
  Eigen::MatrixXd curvature;
  Eigen::VectorXd slope;
  double constant = 0;
};

/// The value of a formula, and what its differences say of its parts: exact for polynomials of second degree.
Quadratic parts(const Coefficient& f, std::size_t d, double s) {
  const auto at = [&](std::size_t j, double a, std::size_t k, double b) {
    std::vector<double> x(d);
    x[j] += a;
    x[k] += b;
    return f(x, s);
  };
  const auto n = static_cast<Eigen::Index>(d);
  Quadratic out{Eigen::MatrixXd(n, n), Eigen::VectorXd(n), at(0, 0, 0, 0)};
  for (std::size_t j = 0; j < d; ++j) {
    const auto row = static_cast<Eigen::Index>(j);
    out.slope[row] = 0.5 * (at(j, 1, j, 0) - at(j, -1, j, 0));
    for (std::size_t k = 0; k < d; ++k)
      out.curvature(row, static_cast<Eigen::Index>(k)) =
          0.25 * (at(j, 1, k, 1) - at(j, 1, k, -1) - at(j, -1, k, 1) + at(j, -1, k, -1));
  }
  return out;
}

Quadratic backward(const Process& process, const Quadratic& terminal, double stop, double s) {
  const std::size_t d = process.dimension();
  const auto n = static_cast<Eigen::Index>(d);
  std::vector<double> state(d * d + d + 1);
  const auto unpack = [&](const std::vector<double>& y) {
    return Quadratic{Eigen::Map<const Eigen::MatrixXd>(y.data(), n, n),
                     Eigen::Map<const Eigen::VectorXd>(y.data() + n * n, n), y.back()};
  };
  const auto pack = [&](const Quadratic& q, std::vector<double>& y) {
    Eigen::Map<Eigen::MatrixXd>(y.data(), n, n) = q.curvature;
    Eigen::Map<Eigen::VectorXd>(y.data() + n * n, n) = q.slope;
    y.back() = q.constant;
  };
  const auto riccati = [&](const std::vector<double>& y, std::vector<double>& dy, double tau) {
    const Quadratic q = unpack(y), v = parts(process.killing, d, stop - tau);
    Eigen::MatrixXd slope(n, n), noise = Eigen::MatrixXd::Zero(n, n);
    Eigen::VectorXd offset(n);
    for (std::size_t k = 0; k < d; ++k) {
      const Quadratic b = parts(process.drift[k], d, stop - tau);
      const auto row = static_cast<Eigen::Index>(k);
      slope.row(row) = b.slope.transpose();
      offset[row] = b.constant;
      noise(row, row) = process.diffusion[k](stop - tau);
    }
    Quadratic change;
    const Eigen::MatrixXd& c = q.curvature;
    change.curvature = slope.transpose() * c + c * slope - c * noise * c + v.curvature;
    change.slope = slope.transpose() * q.slope + c * offset - c * noise * q.slope + v.slope;
    change.constant =
        offset.dot(q.slope) + 0.5 * (noise * c).trace() - 0.5 * q.slope.dot(noise * q.slope) + v.constant;
    pack(change, dy);
  };
  pack(terminal, state);
  using Stepper = boost::numeric::odeint::runge_kutta_fehlberg78<std::vector<double>>;
  boost::numeric::odeint::integrate_adaptive(boost::numeric::odeint::make_controlled<Stepper>(1e-14, 1e-14),
                                             riccati, state, 0.0, stop - s, 1e-3);
  return unpack(state);
}

/// A terminal lambda = -ln sum_c exp(-q_c) as text, and what it becomes.
struct Problem {
  Process process;
  std::vector<std::string> costs;

  Formula terminal() const {
    if (costs.size() == 1) return formula(costs[0], process.dimension());
    std::string text = "-log(exp(-(" + costs[0] + "))";
    for (std::size_t c = 1; c < costs.size(); ++c) text += " + exp(-(" + costs[c] + "))";
    return formula(text + ")", process.dimension());
  }
  std::vector<double> exact(const Grid& grid, double stop, double s,
                            std::vector<std::vector<double>>* control) const {
    std::vector<Quadratic> all;
    for (const std::string& cost : costs)
      all.push_back(
          backward(process, parts(formula(cost, process.dimension()), process.dimension(), 0), stop, s));
    const Points centres = grid.centres();
    std::vector<double> value(grid.size());
    if (control) control->assign(grid.dimension(), std::vector<double>(grid.size()));
    for (std::size_t i = 0; i < grid.size(); ++i) {
      Eigen::VectorXd x(static_cast<Eigen::Index>(grid.dimension()));
      for (std::size_t k = 0; k < grid.dimension(); ++k) x[static_cast<Eigen::Index>(k)] = centres[k][i];
      double least = std::numeric_limits<double>::infinity(), sum = 0;
      Eigen::VectorXd pull = Eigen::VectorXd::Zero(x.size());
      const auto cost = [&](const Quadratic& q) {
        return 0.5 * x.dot(q.curvature * x) + q.slope.dot(x) + q.constant;
      };
      for (const Quadratic& q : all) least = std::min(least, cost(q));
      for (const Quadratic& q : all) {
        const double share = std::exp(least - cost(q));
        sum += share;
        pull += share * (q.curvature * x + q.slope);
      }
      value[i] = least - std::log(sum);
      for (std::size_t k = 0; control && k < grid.dimension(); ++k)
        (*control)[k][i] = -process.diffusion[k](s) * pull[static_cast<Eigen::Index>(k)] / sum;
    }
    return value;
  }
};

struct Errors {
  double value = 0, control = 0, l1 = 0;
};

/// Largest over the part of the grid within `inner` of its middle, as a fraction of its half width.
Errors errors(const Problem& problem, const Grid& grid, const HjbChoices& choices, double stop, double s,
              double inner) {
  const HjbSolution solution = solve_hjb(problem.process, grid, problem.terminal(), stop, {s}, choices);
  std::vector<std::vector<double>> control;
  const std::vector<double> exact = problem.exact(grid, stop, s, &control);
  const Points x = grid.centres();
  Errors found;
  for (std::size_t i = 0; i < grid.size(); ++i) {
    bool is_inner = true;
    for (std::size_t k = 0; k < grid.dimension(); ++k) {
      const Axis& axis = grid.axis(k);
      is_inner &= std::abs(2 * x[k][i] - axis.from - axis.to) <= inner * axis.length();
    }
    if (!is_inner) continue;
    found.value = std::max(found.value, std::abs(solution.value[0][i] - exact[i]));
    found.l1 += std::abs(solution.value[0][i] - exact[i]) * grid.cell_volume();
    for (std::size_t k = 0; k < grid.dimension(); ++k)
      found.control = std::max(found.control, std::abs(solution.control[k][0][i] - control[k][i]));
  }
  BOOST_TEST_MESSAGE("value " << found.value << " control " << found.control << " L1 " << found.l1
                              << " steps " << solution.steps << " refused " << solution.refused);
  for (const std::string& warning : solution.warnings) BOOST_TEST_MESSAGE(warning);
  return found;
}

Grid box(std::size_t d, double half, std::size_t points) {
  const std::vector<std::string> names = {"x", "y", "z"};
  std::vector<Axis> axes;
  for (std::size_t k = 0; k < d; ++k) axes.push_back({names[k], -half, half, points});
  return Grid(axes);
}

/// Everything changes with time, and the start is not 0.
Problem moving_line() {
  return {process_of({"-(1 + sin(3*t))*x/2 + cos(t)"}, {"0.5 + t^2"}, "(1 + t)*x^2/2 - 0.3*x + sin(t)"),
          {"(x + 1)^2/1.2", "(x - 1)^2/0.9 + 0.4"}};
}
/// A drift that turns, noise of its own along each axis.
Problem turning_plane() {
  return {
      process_of({"-x/2 - (1 + t)*y", "x - y/4 + 0.2"}, {"0.6", "0.3 + 0.4*t"}, "x^2/2 + 0.3*x*y + y^2/3"),
      {"x^2/1.4 + 0.3*x*y + y^2/1.7 - 0.4*x"}};
}
Problem two_goals() {
  Problem problem = turning_plane();
  problem.costs.push_back("(x - 1)^2/1.5 + (y + 0.5)^2/1.3 + 0.2");
  return problem;
}
Problem space() {
  return {process_of({"-x/2 - y", "x - y/4 + z/5", "-z/3"}, {"0.6", "0.3 + 0.4*t", "0.5"}, "x^2/4 + y*z/5"),
          {"x^2/1.4 + 0.3*x*y + y^2/1.7 - 0.4*x + z^2/2"}};
}

}  // namespace

BOOST_AUTO_TEST_CASE(logarithmic_transform_in_one_to_three_dimensions) {
  const HjbChoices choices{HjbMethod::log_transform};
  for (const auto& [problem, grid] : affordable<std::pair<Problem, Grid>>({{moving_line(), box(1, 6, 100)},
                                                                           {turning_plane(), box(2, 4, 24)},
                                                                           {two_goals(), box(2, 4, 24)},
                                                                           {space(), box(3, 3, 8)}})) {
    const Errors found = errors(problem, grid, choices, 1.3, 0.4, 1);
    BOOST_TEST(found.value < 1e-9);
    BOOST_TEST(found.control < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(spectral_in_one_to_three_dimensions) {
  const HjbChoices choices{HjbMethod::spectral};
  for (const auto& [problem, grid] : affordable<std::pair<Problem, Grid>>({{moving_line(), box(1, 5, 100)},
                                                                           {turning_plane(), box(2, 4, 24)},
                                                                           {two_goals(), box(2, 4, 24)},
                                                                           {space(), box(3, 3, 8)}})) {
    const Errors found = errors(problem, grid, choices, 1.3, 0.4, 0.4);
    BOOST_TEST(found.value < 1e-8);
    BOOST_TEST(found.control < 1e-7);
  }
}

BOOST_AUTO_TEST_CASE(finite_differences_in_two_and_three_dimensions) {
  const HjbChoices choices{HjbMethod::finite_difference, 1e-6};
  for (const auto& [problem, grid] :
       std::vector<std::pair<Problem, Grid>>{{turning_plane(), box(2, 4, 24)}, {space(), box(3, 3, 8)}}) {
    const Errors found = errors(problem, grid, choices, 1.3, 0.4, 0.5);
    BOOST_TEST(found.value < 1e-5);
    BOOST_TEST(found.control < 1e-5);
  }
}

BOOST_AUTO_TEST_CASE(orders_of_finite_differences) {
  for (const int order : {2, 4}) {
    const HjbChoices choices{HjbMethod::finite_difference, order == 2 ? 1e-6 : 1e-9, {}, order};
    std::vector<double> found;
    for (const std::size_t points : affordable<std::size_t>({40, 80, 160, 320}))
      found.push_back(errors(moving_line(), box(1, 5, points), choices, 1.3, 0.4, 0.5).value);
    for (std::size_t n = 1; n < found.size(); ++n) {
      const double observed = std::log2(found[n - 1] / found[n]);
      BOOST_TEST(observed > order - 0.05);
    }
  }
}
