// SPDX-License-Identifier: GPL-3.0-or-later
// Values on boxes whose walls they do not respect, against the closed form of affine processes: finite volumes converge
// with order 2 in the interior, spectral methods to 1e-9 and faster than any power.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>

#include "grids/failure.hpp"
#include "solver/kolmogorov/backward_kolmogorov.hpp"
#include "solver/law/affine_value.hpp"
#include "validation/support/affordable.hpp"

using namespace umkehr;

namespace {

struct Problem {
  std::vector<const char*> drift, diffusion;
  const char* killing;
  const char* terminal;
  double start, stop, half;

  std::size_t dimension() const { return drift.size(); }
  Formula formula(const char* text) const {
    const std::vector<std::string> names = {"x", "y", "z"};
    return Formula::parse(text,
                          {{names.begin(), names.begin() + static_cast<std::ptrdiff_t>(dimension())}, {}});
  }
  Process process() const {
    Process result;
    for (const char* text : drift) result.drift.emplace_back(formula(text));
    for (const char* text : diffusion) result.diffusion.emplace_back(formula(text));
    result.killing = formula(killing);
    return result;
  }
  Grid grid(std::size_t points) const {
    std::vector<Axis> axes;
    for (const char* name : {"x", "y", "z"})
      if (axes.size() < dimension()) axes.push_back({name, -half, half, points, Boundary::reflecting});
    return Grid(axes);
  }
};

/// Relative L1 error under the weight of a normal law of deviation `inner` around the origin, cut where it is 1e-4: a
/// smooth window, so that orders do not depend on which centres lie inside.
double error(const Problem& problem, std::size_t points, double inner, const KolmogorovChoices& choices) {
  const Process process = problem.process();
  const Grid grid = problem.grid(points);
  const Coefficient terminal = problem.formula(problem.terminal);
  const auto solution =
      solve_backward_kolmogorov(process, grid, terminal, problem.stop, {problem.start}, choices);
  const Points all = grid.centres();
  std::vector<double> weight(all.count());
  std::vector<std::size_t> inside;
  for (std::size_t i = 0; i < all.count(); ++i) {
    double squares = 0;
    for (std::size_t k = 0; k < all.dimension(); ++k) squares += all[k][i] * all[k][i];
    weight[i] = std::exp(-squares / (2 * inner * inner));
    if (weight[i] > 1e-4) inside.push_back(i);
  }
  Points x(all.dimension(), inside.size());
  for (std::size_t k = 0; k < x.dimension(); ++k)
    for (std::size_t i = 0; i < x.count(); ++i) x[k][i] = all[k][inside[i]];
  std::vector<double> exact(x.count());
  BOOST_TEST(affine_value(*AffineProcess::of(process), terminal, problem.start, problem.stop, x, exact) <=
             1e-12);
  double wrong = 0, size = 0;
  for (std::size_t i = 0; i < exact.size(); ++i) {
    wrong += weight[inside[i]] * std::abs(solution.value[0][inside[i]] - exact[i]);
    size += weight[inside[i]] * std::abs(exact[i]);
  }
  return wrong / size;
}

void check_order_two(const Problem& problem, const std::vector<std::size_t>& all, double inner,
                     double finest_error) {
  const std::vector<std::size_t> points = affordable(all);
  const double coarser = static_cast<double>(all.back()) / static_cast<double>(points.back());
  KolmogorovChoices choices;
  choices.tolerance = 1e-6;
  double before = 0;
  for (std::size_t level = 0; level < points.size(); ++level) {
    const double now = error(problem, points[level], inner, choices);
    BOOST_TEST_MESSAGE(problem.terminal << ", " << points[level] << " points: " << now);
    if (level > 0) {
      const double finer = static_cast<double>(points[level]) / static_cast<double>(points[level - 1]);
      const double order = std::log(before / now) / std::log(finer);
      BOOST_TEST_MESSAGE("order " << order);
      BOOST_TEST(order >= 1.95);
    }
    before = now;
  }
  BOOST_TEST(before <= finest_error * coarser * coarser);
}

/// Each error at most a tenth of the one before, until the last of all is below 1e-9.
/// Too few points are refused or, at the worst, told.
std::optional<double> error_unless_refused(const Problem& problem, std::size_t points, double inner,
                                           const KolmogorovChoices& choices) try {
  return error(problem, points, inner, choices);
} catch (const NumericalFailure& refusal) {
  BOOST_TEST_MESSAGE(problem.terminal << ", " << points << " points: " << refusal.what());
  return std::nullopt;
}

void check_spectral(Method method, const Problem& problem, const std::vector<std::size_t>& all,
                    double inner) {
  const std::vector<std::size_t> points = affordable(all);
  KolmogorovChoices choices;
  choices.method = method;
  choices.tolerance = 1e-8;
  double before = 1;
  for (const std::size_t n : points) {
    const std::optional<double> now = error_unless_refused(problem, n, inner, choices);
    if (!now && n != points.back()) continue;
    BOOST_REQUIRE(now);
    BOOST_TEST_MESSAGE(problem.terminal << ", " << n << " points: " << *now);
    BOOST_TEST(*now <= std::max(0.1 * before, 1e-11));
    before = *now;
  }
  if (points.size() == all.size()) BOOST_TEST(before <= 1e-9);
}

/// Everything depends on time, in its own way, and killing changes its sign.
const Problem line(const char* terminal) {
  return {{"-x*(0.5 + t) + 0.3*cos(2*t)"},
          {"0.6 + 0.3*cos(5*t)"},
          "x^2/2 - 0.4*x + t - 0.8",
          terminal,
          0.4,
          1.1,
          6};
}
/// A rotation, so that the drift has no potential; one D an axis.
const Problem plane(const char* terminal) {
  return {{"-x + 2*(1 + t)*y", "-y - 2*(1 + t)*x"},
          {"0.6 + t/4", "0.4"},
          "(x^2 + y^2)/4 + 0.2*x*y - t/2",
          terminal,
          -0.2,
          0.2,
          4.4};
}
const Problem space(const char* terminal) {
  return {{"-x + y", "-x - y + 0.4*z", "-z"},
          {"0.5 + t", "0.6", "0.7"},
          "(x^2 + z^2)/4 - 0.1",
          terminal,
          0,
          0.4,
          4};
}

}  // namespace

BOOST_AUTO_TEST_CASE(finite_volumes_on_a_line) {
  for (const char* terminal : {"1", "x^2", "cos(x)", "exp(-x^2/2 + 0.4*x)"})
    check_order_two(line(terminal), {96, 192, 384, 768}, 0.7, 5e-4);
}

BOOST_AUTO_TEST_CASE(finite_volumes_in_a_rotating_plane) {
  check_order_two(plane("cos(x - 0.5*y)"), {60, 84, 118, 165}, 0.5, 2e-2);
}

BOOST_AUTO_TEST_CASE(finite_volumes_in_space) {
  check_order_two(space("exp(-(x^2 + y^2 + z^2)/2 + 0.4*x)"), {14, 19, 26, 36}, 0.5, 2e-2);
}

BOOST_AUTO_TEST_CASE(fourier_on_a_line) {
  for (const char* terminal : {"1", "x^2", "cos(x)", "exp(-x^2/2 + 0.4*x)"})
    check_spectral(Method::fourier, line(terminal), {32, 64, 128}, 0.7);
}

BOOST_AUTO_TEST_CASE(fourier_in_a_rotating_plane) {
  check_spectral(Method::fourier, plane("cos(x - 0.5*y)"), {28, 56, 104}, 0.4);
}

/// 32 points an axis are what a test can spend; the error falls by more than a third power between them.
BOOST_AUTO_TEST_CASE(fourier_in_space) {
  KolmogorovChoices choices;
  choices.method = Method::fourier;
  choices.tolerance = 1e-6;
  const Problem problem = space("exp(-(x^2 + y^2 + z^2)/2 + 0.4*x)");
  const double coarse = error(problem, 16, 0.4, choices), fine = error(problem, 32, 0.4, choices);
  BOOST_TEST_MESSAGE("16 points: " << coarse << ", 32 points: " << fine);
  BOOST_TEST(fine <= coarse / 8);
  BOOST_TEST(fine <= 5e-5);
}

BOOST_AUTO_TEST_CASE(hermite) {
  for (const char* terminal : {"1", "x^2", "cos(x)", "exp(-x^2/2 + 0.4*x)"})
    check_spectral(Method::hermite, line(terminal), {16, 32, 64}, 0.7);
  check_spectral(Method::hermite, plane("cos(x - 0.5*y)"), {12, 24, 40}, 0.5);
}
