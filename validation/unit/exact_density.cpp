// SPDX-License-Identifier: GPL-3.0-or-later
// The variable exact_density against the law of dx = -x dt + sqrt(D) dW killed at rate v, written down here: from N(m, c) it
// is exp(-v t) N(m e^-t, D/2 + (c - D/2) e^-2t).
#include "experiments/tasks/shared/exact_density.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>
#include <stdexcept>

#include "experiments/output/comparison/compare.hpp"
#include "experiments/tasks/experiment.hpp"
#include "experiments/tasks/solving/solve_checked.hpp"

using namespace umkehr;

namespace {

constexpr std::size_t points = 100;
constexpr double h = 10.0 / points;
constexpr double diffusion = 0.8, mean = 0.5, variance = 0.1, rate = 0.3;

struct Normal {
  double mass, mean, variance;
  double value(double x) const {
    return mass * std::exp(-(x - mean) * (x - mean) / (2 * variance)) /
           std::sqrt(2 * std::numbers::pi * variance);
  }
  double below(double x) const { return mass * std::erfc((mean - x) / std::sqrt(2 * variance)) / 2; }
};

Normal law_at(double t, double initial_variance) {
  const double rest = diffusion / 2;
  return {std::exp(-rate * t), mean * std::exp(-t), rest + (initial_variance - rest) * std::exp(-2 * t)};
}

/// Two tasks, which write `write`, and the reversal of the first.
std::string experiment(const std::string& write, const std::string& initial,
                       const std::string& drift = "-x") {
  const std::string task =
      "solve = \"fokker-planck\"\ntolerance = 1e-6\nwrite = " + write + "\ninitial = " + initial;
  return "[process]\ndrift = \"" + drift +
         "\"\ndiffusion = 0.8\nkilling = 0.3\n[time]\nstart = 0.0\nstop = 1.0\nsave = "
         "3\n[[axis]]\nname = \"x\"\nfrom = -5.0\nto = 5.0\npoints = 100\n"
         "[[task]]\nname = \"values\"\nmethod = \"fourier\"\n" +
         task + "\n[[task]]\nname = \"means\"\nmethod = \"finite-volume\"\n" + task +
         "\n[[task]]\nname = \"reversed\"\nsolve = \"reverse-diffusion\"\nof = \"values\"\nwrite = "
         "[\"exact_density\"]\n";
}

const std::string gaussian = "{ gaussian = { mean = [0.5], covariance = [[0.1]] } }",
                  both = "[\"density\", \"exact_density\"]";

/// Up to the one of that name.
std::vector<SolvedTask> all_solved(const std::string& text, const std::string& last) {
  const Experiment read = parse_experiment(text, "test.toml", ".");
  std::vector<SolvedTask> all;
  Replays replays;
  for (const auto& task : read.tasks) {
    all.push_back(solve_checked(read, *task, replays, [](double) {}));
    if (task->name == last) return all;
  }
  throw std::runtime_error("no task " + last);
}

SolvedTask solved(const std::string& text, const std::string& name) {
  return all_solved(text, name).back();
}

/// Those that are about the variable.
std::vector<std::string> warnings_of(const SolvedTask& task) {
  std::vector<std::string> found;
  for (const std::string& warning : task.group.warnings)
    if (warning.starts_with("exact_density")) found.push_back(warning);
  return found;
}

}  // namespace

BOOST_AUTO_TEST_CASE(it_is_the_law_at_the_centres_or_in_the_cells) {
  for (const std::string name : {"values", "means"}) {
    const Group group = solved(experiment(both, gaussian), name).group;
    const Variable* exact = group.find("exact_density");
    BOOST_TEST_REQUIRE(exact != nullptr);
    BOOST_TEST(exact->cell_methods == group.find("density")->cell_methods);
    for (std::size_t n = 0; n < 3; ++n) {
      const Normal law = law_at(0.5 * static_cast<double>(n), variance);
      for (std::size_t i = 0; i < points; ++i) {
        const double x = group.coordinate("x")->values[i];
        const double expected =
            name == "means" ? (law.below(x + h / 2) - law.below(x - h / 2)) / h : law.value(x);
        BOOST_TEST(std::abs(exact->values[points * n + i] - expected) < 1e-11,
                   name << " at " << n << ", " << x);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_point_is_the_mass_of_its_cells) {
  std::string text = experiment(both, "{ point = [0.5] }");
  text.resize(text.find("\n[[task]]\nname = \"reversed\""));
  const Group group = solved(text, "values").group;
  const std::vector<double>& exact = group.find("exact_density")->values;
  double mass = 0, centre = 0;
  for (std::size_t i = 0; i < points; ++i)
    mass += exact[i] * h, centre += exact[i] * h * group.coordinate("x")->values[i];
  BOOST_TEST(mass == 1, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(centre == mean, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(exact[2 * points + 50] == law_at(1, 0).value(h / 2), boost::test_tools::tolerance(1e-11));
}

BOOST_AUTO_TEST_CASE(it_is_there_only_where_it_is_asked_for) {
  for (const std::string write : {"[\"density\"]", "[\"density\", \"mass\"]"})
    BOOST_TEST(solved(experiment(write, gaussian), "values").group.find("exact_density") == nullptr);
  std::string all = experiment(both, gaussian);
  all.replace(all.find("write = " + both), both.size() + 8, "");
  BOOST_TEST(solved(all, "values").group.find("exact_density") == nullptr);
}

BOOST_AUTO_TEST_CASE(without_a_closed_form_a_warning_says_why) {
  const SolvedTask no_drift = solved(experiment(both, gaussian, "x - x^3"), "values"),
                   no_mixture = solved(experiment(both, "{ formula = \"exp(-x^4)\" }"), "values"),
                   killed = solved(experiment(both, gaussian), "reversed");
  for (const SolvedTask& task : {no_drift, no_mixture, killed}) {
    BOOST_TEST(task.group.find("exact_density") == nullptr);
    BOOST_TEST_REQUIRE(warnings_of(task).size() == 1U);
    BOOST_TEST(warnings_of(task)[0].starts_with("exact_density is not written: no closed form is known"));
  }
  BOOST_TEST(warnings_of(no_drift)[0].find("not affine") != std::string::npos);
  BOOST_TEST(warnings_of(no_mixture)[0].find("not a mixture") != std::string::npos);
  BOOST_TEST(warnings_of(killed)[0].find("killed process") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_run_writes_it_beside_its_own_and_others_are_compared_without) {
  Result with{"", "umkehr", "", {}};
  for (const SolvedTask& task : all_solved(experiment(both, gaussian), "reversed"))
    with.groups.push_back(task.group);
  const Experiment read = parse_experiment(experiment(both, gaussian), "test.toml", ".");
  for (std::size_t n = 0; n < 3; ++n)
    for (const Variable& variable : with.groups[n].variables)
      BOOST_TEST(read.tasks[n]->kind->find(variable.name) != nullptr, variable.name);
  const Group& means = with.groups[1];
  BOOST_TEST(means.find("exact_density")->is_written);
  // The run's own density is near the law, and not the law itself.
  const std::vector<double>&own = means.find("density")->values, &exact = means.find("exact_density")->values;
  double away = 0, size = 0;
  for (std::size_t i = 2 * points; i < 3 * points; ++i) away += std::abs(own[i] - exact[i]), size += exact[i];
  BOOST_TEST(away / size > 1e-6);
  BOOST_TEST(away / size < 0.05);

  Result without = with;
  for (Group& group : without.groups)
    std::erase_if(group.variables, [](const Variable& one) { return one.name == "exact_density"; });
  for (const Comparison& comparison : {compare_results(with, without), compare_results(without, with)}) {
    BOOST_TEST(comparison.same());
    BOOST_TEST_REQUIRE(comparison.remarks.size() == 2U);
    BOOST_TEST(comparison.remarks[0].starts_with("values/exact_density: missing in the "));
  }
  without.groups[0].variables.erase(without.groups[0].variables.begin());
  BOOST_TEST(!compare_results(with, without).same());
}
