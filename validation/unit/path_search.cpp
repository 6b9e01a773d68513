// SPDX-License-Identifier: GPL-3.0-or-later
// The least of many minima of the action: against L-BFGS from random paths (scipy 1.10, on as many even pieces), closed
// forms and quadrature; the error of the action on both sides; and what has no most probable path is refused.
#include "solver/paths/path_search.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "grids/failure.hpp"
#include "solver/paths/most_probable_path.hpp"
#include "solver/process/known_processes.hpp"
#include "solver/stepping/march.hpp"
#include "validation/support/affordable.hpp"

using namespace umkehr;

namespace {

constexpr double pi = std::numbers::pi;

Process process_of(const std::vector<const char*>& drift, double diffusion, const char* killing = "0") {
  FormulaNames names{{"x", "y", "z"}, {}};
  names.axes.resize(drift.size());
  Process process;
  for (const char* text : drift) process.drift.push_back(Formula::parse(text, names));
  process.diffusion.assign(drift.size(), diffusion);
  process.killing = Formula::parse(killing, names);
  return process;
}

Process maier_stein() {
  return process_of({"x - x^3 - 10*x*y^2", "-(1 + x^2)*y"}, 0.02);
}

Grid circle() {
  return Grid({{"x", -pi, pi, 32, Boundary::periodic}});
}

/// Whether an error tells the truth to a factor of 3.
bool is_true(double told, double error) {
  return told < 3 * error && error < 3 * told;
}

}  // namespace

BOOST_AUTO_TEST_CASE(two_wells_in_the_plane_at_any_time) {
  // Best of 40 random starts for each; the last on times of its own, as even ones are off by 3e-3.
  for (const auto& [stop, points, action, limit, close] :
       {std::tuple(10.0, 400u, 5.464454364, 5.463642496, 1e-6),
        {14.0, 560u, -2.689612501, -2.690424283, 1e-6},
        {20.0, 400u, -14.921597185, -14.921597185, 1e-3}}) {
    const MostProbablePath found =
        most_probable_path(maier_stein(), {-1, 0}, {1, 0}, 0, stop, {.points = points});
    BOOST_TEST(std::abs(found.action.total() - action) < close);
    BOOST_TEST(is_true(found.action_error, std::abs(found.action.total() - limit)));
    BOOST_TEST(found.minima.size() == found.minimum_paths.size());
    BOOST_TEST(found.minima[0] < *std::min_element(found.minima.begin(), found.minima.end()) + 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(three_wells_on_few_points) {
  const char* gradient[] = {
      "-(400*(x-1)*exp(-(x-1)^2-10*y^2)+200*x*exp(-x^2-10*(y-0.5)^2)"
      "-170*(11*(y-1.5)-13*(x+0.5))*exp(-6.5*(x+0.5)^2+11*(x+0.5)*(y-1.5)-6.5*(y-1.5)^2)"
      "+15*(1.4*(x+1)+0.6*(y-1))*exp(0.7*(x+1)^2+0.6*(x+1)*(y-1)+0.7*(y-1)^2))",
      "-(4000*y*exp(-(x-1)^2-10*y^2)+2000*(y-0.5)*exp(-x^2-10*(y-0.5)^2)"
      "-170*(11*(x+0.5)-13*(y-1.5))*exp(-6.5*(x+0.5)^2+11*(x+0.5)*(y-1.5)-6.5*(y-1.5)^2)"
      "+15*(1.4*(y-1)+0.6*(x+1))*exp(0.7*(x+1)^2+0.6*(x+1)*(y-1)+0.7*(y-1)^2))"};
  const MostProbablePath found =
      most_probable_path(process_of({gradient[0], gradient[1]}, 30), {-0.558, 1.442}, {0.623, 0.028}, 0, 0.3,
                         {.points = 400, .grid = Grid({{"x", -1.7, 1.2, 116}, {"y", -0.5, 2, 100}})});
  BOOST_TEST(std::abs(found.action.total() + 650.87) < 0.006);  // L-BFGS on up to 6400 pieces
  BOOST_TEST(found.action_error < 2e-3);
  BOOST_TEST(found.path.times.size() == 401u);
}

BOOST_AUTO_TEST_CASE(long_times_are_waited_through) {
  // With an energy of -min W, W = F^2/(2D) + F'/2, a path takes for ever:
  // A = W_min T + int sqrt(2 (W - W_min) / D) dx, the potential's difference being zero.
  constexpr double d = 0.1;
  const auto w = [](double x) { return std::pow(x - x * x * x, 2) / (2 * d) + (1 - 3 * x * x) / 2; };
  double least = 0;
  for (int i = 0; i <= 400000; ++i) least = std::min(least, w(0.5 + i / 400000.0));
  double way = 0;
  constexpr int n = 200000;
  for (int i = 0; i < n; ++i) {
    const double x = -1 + 2 * (i + 0.5) / n;
    way += std::sqrt(std::max(0.0, 2 * (w(x) - least) / d)) * 2 / n;
  }
  // Where the least W lies beyond the wells the path goes there and back, at one end, where it waits.
  double beyond = 1;
  while (w(beyond + 1e-5) < w(beyond)) beyond += 1e-5;
  for (double x = 1; x < beyond; x += 1e-5)
    way += 2 * std::sqrt(std::max(0.0, 2 * (w(x) - least) / d)) * 1e-5;
  for (const double stop : is_sanitized ? std::vector{100.0} : std::vector{100.0, 400.0}) {
    const MostProbablePath found = most_probable_path(double_well(d), {-1}, {1}, 0, stop);
    const double exact = least * stop + way;
    BOOST_TEST_MESSAGE(stop << ": " << found.action.total() << " +- " << found.action_error << ", exactly "
                            << exact << ", pieces " << found.pieces);
    BOOST_TEST(std::abs(found.action.total() - exact) < 1e-3);
    BOOST_TEST(is_true(found.action_error, std::abs(found.action.total() - exact)));
    BOOST_TEST(found.path.times.size() == 401u);
  }
}

BOOST_AUTO_TEST_CASE(as_many_turns_round_a_limit_cycle_as_are_best) {
  // Turning at the cycle's own speed costs nothing; outwards and back by the radius alone, as above.
  constexpr double d = 0.2, h = 1e-6;
  const auto w = [](double r) { return std::pow(r - r * r * r, 2) / (2 * d) + 1 - 2 * r * r; };
  double r = 1, way = 0;
  while (w(r + h) < w(r)) r += h;
  const double least = w(r);
  for (double x = 1; x < r; x += h) way += 2 * std::sqrt(std::max(0.0, 2 * (w(x) - least) / d)) * h;
  const Process process = process_of({"x*(1-x^2-y^2)-y", "y*(1-x^2-y^2)+x"}, d);
  for (const double turns : affordable<double>({3.5, 9.5, 24.5})) {
    const double stop = 2 * pi * turns;
    const MostProbablePath found = most_probable_path(process, {1, 0}, {-1, 0}, 0, stop);
    BOOST_TEST_MESSAGE(turns << " turns: " << found.action.total() << " +- " << found.action_error
                             << ", in the limit " << least * stop + way);
    BOOST_TEST(std::abs(found.action.total() - least * stop - way) < 3 * found.action_error + 2e-3);
  }
}

BOOST_AUTO_TEST_CASE(round_a_circle_by_the_best_way) {
  // A constant drift: (x1 + 2 pi n - x0 - F T)^2 / (2 D T).
  for (const auto& [drift, from, to, stop] :
       {std::tuple("0.8", 2.5, -2.5, 2.0), {"0.8", 2.5, -2.5, 40.0}, {"-12", 0.0, 1.0, 10.0}}) {
    double least = 1e9;
    for (int n = -60; n <= 60; ++n)
      least =
          std::min(least, std::pow(to + 2 * pi * n - from - std::stod(drift) * stop, 2) / (2 * 0.5 * stop));
    const MostProbablePath found =
        most_probable_path(process_of({drift}, 0.5), {from}, {to}, 0, stop, {.grid = circle()});
    BOOST_TEST(std::abs(found.action.total() - least) < 1e-9);
    const double turns = (found.path.x[0].back() - to) / (2 * pi);
    BOOST_TEST(std::abs(turns - std::round(turns)) < 1e-12);
  }
  const MostProbablePath found = most_probable_path(process_of({"0.6-sin(x)"}, 0.3), {2.5}, {-2.5}, 0, 6,
                                                    {.points = 400, .grid = circle()});
  BOOST_TEST(std::abs(found.action.total() - 2.570068656) < 1e-8);
  // What a drift does beyond its ring is never asked for.
  const Grid ring({{"x", -1, 1, 32, Boundary::periodic}});
  double action[2];
  for (const int steep : {0, 1})
    action[steep] =
        most_probable_path(process_of({steep ? "0.6-sin(pi*x)+7*max(0,abs(x)-1)^3" : "0.6-sin(pi*x)"}, 0.3),
                           {0.8}, {-0.8}, 0, 2, {.points = 200, .grid = ring})
            .action.total();
  BOOST_TEST(std::abs(action[1] - action[0]) < 1e-9);
  // The long way round a place where paths die.
  const MostProbablePath around = most_probable_path(process_of({"0"}, 0.5, "20*exp(8*(cos(x-1)-1))"), {0},
                                                     {2}, 0, 4, {.points = 400, .grid = circle()});
  BOOST_TEST(std::abs(around.action.total() - 4.712061031) < 1e-8);
  BOOST_TEST(std::abs(around.path.x[0].back() - 2 + 2 * pi) < 1e-12);
  // On a torus a constant drift's axes do not know of each other.
  const Grid torus({{"x", -pi, pi, 32, Boundary::periodic}, {"y", -1, 1, 32, Boundary::periodic}});
  const MostProbablePath both = most_probable_path(process_of({"0.8", "-0.7"}, 0.5), {2.5, 0.9}, {-2.5, -0.8},
                                                   0, 2, {.points = 50, .grid = torus});
  BOOST_TEST(std::abs(both.action.total() - std::pow(-5 + 2 * pi - 1.6, 2) / 2 -
                      std::pow(-1.7 + 1.4, 2) / 2) < 1e-9);
}

BOOST_AUTO_TEST_CASE(the_error_of_the_action_is_true) {
  // A harmonic well: the kinetic part in closed form.
  const double amplitude = (1.2 + 0.7 * std::exp(-2.0)) / (2 * std::sinh(2.0));
  const double exact = amplitude * amplitude * (std::exp(4.0) - 1) / 0.5 - 1;
  for (const std::size_t points : {100u, 400u}) {
    const MostProbablePath found =
        most_probable_path(process_of({"-x"}, 0.5), {-0.7}, {1.2}, 0, 2, {.points = points});
    BOOST_TEST(is_true(found.action_error, std::abs(found.action.total() - exact)));
  }
  // Limits of L-BFGS on 300, 600 and 1200 pieces (200, 400, 800 in space), extrapolated.
  const MostProbablePath wells =
      most_probable_path(process_of({"x-x^3+0.2"}, 0.1), {-0.88}, {1.09}, 1, 13, {.points = 300});
  BOOST_TEST(std::abs(wells.action.total() + 8.191561) < 1e-6);
  BOOST_TEST(is_true(wells.action_error, std::abs(wells.action.total() + 8.191846)));
  Process space = process_of({"x-x^3-3*x*y^2", "-y+0.5*z", "-z-0.5*y"}, 0.1, "0.2*exp(-4*x^2)");
  space.diffusion = {0.1, 0.15, 0.2};
  const MostProbablePath way = most_probable_path(space, {-1, 0, 0}, {1, 0, 0}, 0, 8, {.points = 200});
  BOOST_TEST(std::abs(way.action.total() + 7.759410) < 1e-3);
  BOOST_TEST(is_true(way.action_error, std::abs(way.action.total() + 7.759410)));
}

// Pieces end where coefficients jump in time, wherever that is among them.
BOOST_AUTO_TEST_CASE(jumps_in_time_are_ends_of_pieces) {
  for (const std::size_t points : {61u, 200u}) {
    const auto action_of = [&](const Process& process) {
      return most_probable_path(process, {0}, {1}, 0, 1, {.points = points}).action.total();
    };
    // 1/(2 int D), int V, and for F the bridge's own: 1/2 (1 - int F)^2 at D = 1.
    Process noise = process_of({"0"}, 1);
    noise.diffusion = {Formula::parse("where(t < 0.2113, 3, 0.2)")};
    BOOST_TEST(std::abs(action_of(noise) - 0.5 / (3 * 0.2113 + 0.2 * 0.7887)) < 1e-9);
    BOOST_TEST(std::abs(action_of(process_of({"0"}, 1, "where(t < 0.4137, 5, 0)")) - 0.5 - 5 * 0.4137) <
               1e-9);
    const double push = 2 * 0.3171 - 0.6829;
    BOOST_TEST(std::abs(action_of(process_of({"where(t < 0.3171, 2, -1)"}, 1)) -
                        0.5 * (1 - push) * (1 - push)) < 1e-9);
  }
}

BOOST_AUTO_TEST_CASE(what_has_no_most_probable_path_is_refused) {
  const Grid line({{"x", -1, 1, 32}});
  // A drift that jumps, at the seam or within; a wall that the path would cross; a kink that no minimum can be at.
  BOOST_CHECK_THROW(check_most_probable_path(process_of({"-x"}, 0.1), {3}, {-3}, 0, 5, {.grid = circle()}),
                    std::invalid_argument);
  BOOST_CHECK_NO_THROW(
      check_most_probable_path(process_of({"sin(x)"}, 0.1, "x^2"), {3}, {-3}, 0, 5, {.grid = circle()}));
  BOOST_CHECK_THROW(most_probable_path(process_of({"x-x^3", "-y+0.4*(x>0)"}, 0.1), {-1, 0}, {1, 0}, 0, 6),
                    NumericalFailure);
  BOOST_CHECK_THROW(most_probable_path(process_of({"0"}, 1, "-2*x^2"), {0.9}, {0.9}, 0, 1.2, {.grid = line}),
                    NumericalFailure);
  BOOST_CHECK_THROW(most_probable_path(process_of({"-abs(x)"}, 0.1), {1}, {-1}, 0, 5), NumericalFailure);
  // 1 + 1 to where V is zero and back is less than the 5 of staying.
  BOOST_CHECK_THROW(most_probable_path(process_of({"0"}, 0.5, "where(x>0,1,0)"), {1}, {1}, 0, 5),
                    NumericalFailure);
}
