// SPDX-License-Identifier: GPL-3.0-or-later
// What figures show beside a result: exact moments against numbers from elsewhere, errors and differences that were planted.
#include "experiments/tasks/figure_numbers/figure_numbers.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <numbers>

#include "experiments/output/result_file.hpp"
#include "experiments/output/swept.hpp"
#include "validation/support/temporary_folder.hpp"

using namespace umkehr;

namespace {

const IsWanted everything = [](const std::string&) { return true; };

std::string task(const std::string& name, const std::string& solve, const std::string& more) {
  return "[[task]]\nname = \"" + name + "\"\nsolve = \"" + solve + "\"\n" + more + "\n";
}

const std::string bump = "{ gaussian = { mean = [1.0], covariance = [[0.25]] } }";

std::string forward(const std::string& name, const std::string& method, const std::string& initial = bump) {
  return task(name, "fokker-planck", "method = \"" + method + "\"\ninitial = " + initial);
}

std::string line(const std::string& process, const std::string& tasks, const std::string& more = "",
                 double stop = 1.25) {
  return "title = \"line\"\n[process]\n" + process + "\n[time]\nstart = 0.0\nstop = " + std::to_string(stop) +
         "\nsave = 6\n[[axis]]\nname = \"x\"\nfrom = -4.0\nto = 4.0\npoints = 80\n" + more + "\n" + tasks;
}

/// A result with fields of zeros, but for those that a test sets, on disk.
class Prepared {
 public:
  explicit Prepared(const std::string& text) : sweep_(parse_sweep(text, "test.toml", ".")) {
    result_ = {"", "umkehr", text, {}};
  }

  const Experiment& experiment() const { return sweep_.experiments.front(); }

  /// A group on t and the axes with the variables named.
  Group& add(const std::string& name, std::map<std::string, std::string> attributes,
             const std::vector<std::string>& fields) {
    Group group{name, {{"t", experiment().times, ""}}, {}, std::move(attributes)};
    std::vector<std::string> dimensions = {"t"};
    for (const Axis& axis : experiment().grid.axes()) {
      group.coordinates.push_back({axis.name, axis.centres(), ""});
      dimensions.push_back(axis.name);
    }
    const std::size_t size = experiment().times.size() * experiment().grid.size();
    for (const std::string& field : fields)
      group.variables.push_back({field, dimensions, std::vector<double>(size), "", ""});
    result_.groups.push_back(std::move(group));
    return result_.groups.back();
  }

  void add(Group group) { result_.groups.push_back(std::move(group)); }

  Result numbers(const IsWanted& is_wanted = everything) const {
    const std::filesystem::path file = folder_ / "r.h5";
    write_result(result_, file);
    return figure_numbers(file, read_outline(file), sweep_, is_wanted);
  }

 private:
  Sweep sweep_;
  Result result_;
  TemporaryFolder folder_;
};

const std::vector<double>& values(const Result& result, const std::string& group, const std::string& name) {
  BOOST_TEST_REQUIRE(result.find(group) != nullptr, group);
  const Variable* variable = result.find(group)->find(name);
  BOOST_TEST_REQUIRE(variable != nullptr, group << "/" << name);
  return variable->values;
}

bool has(const Result& result, const std::string& group, const std::string& name) {
  return result.find(group) != nullptr && result.find(group)->find(name) != nullptr;
}

std::vector<double>& field(Group& group, const std::string& name) {
  return const_cast<Variable*>(group.find(name))->values;
}

/// dx = -x/2 dt + dW from N(1, 0.25).
struct Relaxing {
  double t;
  double mean() const { return std::exp(-t / 2); }
  double variance() const { return 1 - 0.75 * std::exp(-t); }
  double density(double x) const {
    return std::exp(-(x - mean()) * (x - mean()) / (2 * variance())) /
           std::sqrt(2 * std::numbers::pi * variance());
  }
  double score(double x) const { return (mean() - x) / variance(); }
};

/// Its fields at the centres, off by these factors.
Group& add_relaxing(Prepared& prepared, double density_factor, double score_factor) {
  Group& group =
      prepared.add("a", {{"solve", "fokker-planck"}, {"method", "fourier"}}, {"density", "score_x"});
  const std::vector<double> x = prepared.experiment().grid.axis(0).centres();
  for (std::size_t n = 0; n < prepared.experiment().times.size(); ++n)
    for (std::size_t i = 0; i < x.size(); ++i) {
      const Relaxing law{prepared.experiment().times[n]};
      field(group, "density")[n * x.size() + i] = law.density(x[i]) * density_factor;
      field(group, "score_x")[n * x.size() + i] = law.score(x[i]) * score_factor;
    }
  return group;
}

constexpr char relaxing[] = "drift = \"-x/2\"\ndiffusion = 1.0";

}  // namespace

BOOST_AUTO_TEST_CASE(moments_and_the_exact_ones_are_those_of_the_law) {
  Prepared prepared(line(relaxing, forward("a", "fourier")));
  add_relaxing(prepared, 1, 1);
  const Result numbers = prepared.numbers();
  for (std::size_t n = 0; n < 6; ++n) {
    const Relaxing law{prepared.experiment().times[n]};
    for (const std::string prefix : {"exact_", ""}) {
      const double accuracy = prefix.empty() ? 1e-2 : 1e-12;  // the walls cut a little off
      BOOST_TEST(std::abs(values(numbers, "a", prefix + "mean_x")[n] - law.mean()) < accuracy);
      BOOST_TEST(std::abs(values(numbers, "a", prefix + "variance_x")[n] - law.variance()) < accuracy);
    }
    for (std::size_t i = 0; i < 80; ++i)
      BOOST_TEST(std::abs(values(numbers, "a", "exact_log_density")[80 * n + i] -
                          std::log(law.density(prepared.experiment().grid.axis(0).centre(i)))) < 1e-11);
  }
}

BOOST_AUTO_TEST_CASE(a_law_of_a_name_and_a_variance_is_known) {
  for (const std::string law :
       {"gaussian = { mean = [1.0], variance = 0.25 }", "mean = [1.0]\nvariance = [0.25]"}) {
    Prepared prepared(line(relaxing, "[law.data]\n" + law + "\n" + forward("a", "fourier", "\"data\"")));
    add_relaxing(prepared, 1, 1);
    const Result numbers = prepared.numbers();
    BOOST_TEST(values(numbers, "a", "exact_mean_x")[5] == std::exp(-1.25 / 2),
               boost::test_tools::tolerance(1e-12));
    BOOST_TEST(values(numbers, "a", "exact_variance_x")[0] == 0.25);
  }
}

BOOST_AUTO_TEST_CASE(errors_are_as_large_as_they_were_made) {
  Prepared prepared(line(relaxing, forward("a", "fourier")));
  add_relaxing(prepared, 1.01, 0.8);
  const Result numbers = prepared.numbers();
  for (std::size_t n = 0; n < 6; ++n) {
    BOOST_TEST(values(numbers, "a", "density_error")[n] == 0.01, boost::test_tools::tolerance(1e-10));
    BOOST_TEST(values(numbers, "a", "score_error")[n] == 0.2, boost::test_tools::tolerance(1e-10));
  }
}

BOOST_AUTO_TEST_CASE(what_no_figure_wants_is_named_and_not_computed) {
  Prepared prepared(line(relaxing, forward("a", "fourier")));
  add_relaxing(prepared, 1.01, 0.8);
  const Result numbers = prepared.numbers([](const std::string& figure) { return figure == "moments"; });
  BOOST_TEST(std::isfinite(values(numbers, "a", "mean_x")[3]));
  for (const char* name : {"exact_log_density", "density_error", "score_error"})
    BOOST_TEST(std::isnan(values(numbers, "a", name)[3]), name);
}

BOOST_AUTO_TEST_CASE(the_printed_variance_goes_astray_where_noise_and_friction_are_out_of_step) {
  const std::string process =
      "drift = \"-beta*x/2\"\ndiffusion = \"D\"\n[process.define]\nbeta = \"1 + sin(2*pi*t)/2\"\n"
      "D = \"0.6 + 0.3*cos(2*pi*t)\"";
  Prepared prepared(line(process, forward("a", "fourier", "{ point = [1.0] }")));
  prepared.add("a", {{"solve", "fokker-planck"}}, {"density"});
  const Result numbers = prepared.numbers();
  // From the audit of the paper, at t = 1.25.
  BOOST_TEST(std::abs(values(numbers, "a", "exact_variance_x")[5] - 0.45779874) < 5e-9);
  BOOST_TEST(std::abs(values(numbers, "a", "printed_variance")[5] - 0.29416439) < 5e-9);
}

BOOST_AUTO_TEST_CASE(no_law_is_drawn_where_none_is_known_or_walls_absorb) {
  for (const std::string& text : {line("drift = \"x - x^3\"\ndiffusion = 1.0", forward("a", "fourier")),
                                  line(relaxing, forward("a", "finite-volume"), "boundary = \"absorbing\""),
                                  line("drift = \"sin(pi*x/4)\"\ndiffusion = 1.0", forward("a", "fourier"),
                                       "boundary = \"periodic\"")}) {
    Prepared prepared(text);
    prepared.add("a", {{"solve", "fokker-planck"}}, {"density"});
    const Result numbers = prepared.numbers();
    for (const char* name : {"exact_mean_x", "exact_log_density", "density_error", "printed_variance"})
      BOOST_TEST(!has(numbers, "a", name), text);
  }
}

BOOST_AUTO_TEST_CASE(a_mean_around_a_circle_is_none_and_killing_keeps_the_law) {
  Prepared circle(line("drift = \"1\"\ndiffusion = 1.0", forward("a", "fourier"), "boundary = \"periodic\""));
  circle.add("a", {{"solve", "fokker-planck"}}, {"density"});
  BOOST_TEST(!has(circle.numbers(), "a", "mean_x"));
  BOOST_TEST(has(circle.numbers(), "a", "density_error"));
  // Killed at rate x^2/2 with D = 1 the precision of a Gaussian at rest grows towards 1: dC/dt = 1 - C^2.
  Prepared killed(line("drift = \"0\"\ndiffusion = 1.0\nkilling = \"x^2/2\"",
                       forward("a", "fourier", "{ point = [0.0] }")));
  killed.add("a", {{"solve", "fokker-planck"}}, {"density"});
  const Result numbers = killed.numbers();
  BOOST_TEST(values(numbers, "a", "exact_variance_x")[5] == std::tanh(1.25),
             boost::test_tools::tolerance(1e-11));
  BOOST_TEST(!has(numbers, "a", "printed_variance"));
}

BOOST_AUTO_TEST_CASE(densities_of_two_methods_are_compared_as_cell_means) {
  Prepared prepared(line("drift = \"x - x^3\"\ndiffusion = 1.0",
                         forward("means", "finite-volume") + forward("values", "fourier")));
  const Axis& axis = prepared.experiment().grid.axis(0);
  for (const bool is_mean : {true, false}) {
    Group& group =
        prepared.add(is_mean ? "means" : "values",
                     {{"solve", "fokker-planck"}, {"method", is_mean ? "finite-volume" : "fourier"}},
                     {"density", "score_x"});
    const_cast<Variable*>(group.find("density"))->cell_methods = is_mean ? "x: mean" : "";
    for (std::size_t i = 0; i < 480; ++i) {
      const double x = axis.centre(i % 80);
      const auto primitive = [](double y) { return y + std::sin(y) / 2; };
      const double mean = (primitive(axis.face(i % 80 + 1)) - primitive(axis.face(i % 80))) / axis.spacing();
      field(group, "density")[i] = is_mean ? 1.25 * mean : 1 + std::cos(x) / 2;
      field(group, "score_x")[i] = is_mean ? 0.5 : 1;
    }
  }
  const Result numbers = prepared.numbers();
  const std::string pair = "pair means values";
  BOOST_TEST_REQUIRE(numbers.find(pair) != nullptr);
  BOOST_TEST(numbers.find(pair)->attributes.at("of") == "density");
  for (std::size_t n = 0; n < 6; ++n) {
    BOOST_TEST(values(numbers, pair, "difference")[n] == 0.25, boost::test_tools::tolerance(1e-9));
    BOOST_TEST(values(numbers, pair, "score_difference")[n] == 0.5, boost::test_tools::tolerance(1e-12));
  }
}

BOOST_AUTO_TEST_CASE(values_of_one_problem_alone_are_compared_with_the_more_accurate_method) {
  const std::string terminal = "terminal = \"exp(-x^2)\"\nmethod = ";
  Prepared prepared(
      line(relaxing, task("fv", "backward-kolmogorov", terminal + "\"finite-volume\"") +
                         task("hermite", "backward-kolmogorov", terminal + "\"hermite\"") +
                         task("other", "backward-kolmogorov", "terminal = \"x\"\nmethod = \"fourier\"")));
  for (const std::string name : {"fv", "hermite", "other"}) {
    Group& group = prepared.add(name,
                                {{"solve", "backward-kolmogorov"},
                                 {"method", name == "fv"      ? "finite-volume"
                                            : name == "other" ? "fourier"
                                                              : name},
                                 {"terminal", name == "other" ? "x" : "exp(-x^2)"}},
                                {"value"});
    for (std::size_t i = 0; i < 480; ++i)
      field(group, "value")[i] = (i % 80 == 7 ? 4 : 2) * (name == "fv" ? 1.5 : 1);
  }
  const Result numbers = prepared.numbers();
  std::vector<std::string> pairs;
  for (const Group& group : numbers.groups)
    if (group.attributes.contains("first")) pairs.push_back(group.name);
  BOOST_TEST(pairs == std::vector<std::string>{"pair fv hermite"}, boost::test_tools::per_element());
  BOOST_TEST(values(numbers, pairs[0], "difference")[4] == 0.5);
  BOOST_TEST(values(numbers, pairs[0], "first_difference")[7] == 0.5);
  BOOST_TEST(values(numbers, pairs[0], "first_difference")[8] == 0.25);
}

BOOST_AUTO_TEST_CASE(eigenvalues_are_compared_with_the_nearest_and_kramers_with_its_formula) {
  Prepared prepared(
      line("name = \"double-well\"\ndiffusion = 0.3",
           task("a", "spectrum", "count = 3") + task("b", "spectrum", "method = \"hermite\"\ncount = 3")));
  for (const bool is_first : {true, false})
    prepared.add({is_first ? "a" : "b",
                  {{"index", {0, 1, 2}, "", {}, true}},
                  {{"eigenvalue",
                    {"index"},
                    is_first ? std::vector<double>{0, 3.1, 2} : std::vector<double>{0.5, 2, 3},
                    "",
                    ""}},
                  {{"solve", "spectrum"}, {"method", is_first ? "fourier" : "hermite"}}});
  const Result numbers = prepared.numbers();
  const std::vector<double>& away = values(numbers, "pair a b", "difference");
  BOOST_TEST(away[0] == 0.5);
  BOOST_TEST(away[1] == 0.1, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(away[2] == 0.0);
  // Two wells of U = x^4/4 - x^2/2, with U'' = 2 in them, -1 on top, and 1/4 deep.
  BOOST_TEST(
      values(numbers, "a", "kramers")[0] == std::numbers::sqrt2 / std::numbers::pi * std::exp(-0.5 / 0.3),
      boost::test_tools::tolerance(1e-6));
}

BOOST_AUTO_TEST_CASE(bridges_are_held_against_the_one_that_is_not_killed) {
  const std::string ends =
      "initial = { gaussian = { mean = [0.0], covariance = [[0.2]] } }\nfinal = { gaussian = { mean = "
      "[1.0], covariance = [[0.2]] } }\nkilling = ";
  Prepared prepared(line(relaxing, task("some", "schroedinger-bridge", ends + "\"x^2\"") +
                                       task("none", "schroedinger-bridge", ends + "\"0\"")));
  for (const std::string name : {"some", "none"}) {
    Group& group = prepared.add(name, {{"solve", "schroedinger-bridge"}}, {"density"});
    for (std::size_t i = 0; i < 480; ++i)
      field(group, "density")[i] = name == "some" && i / 80 == 2 ? 1.5 : 1;
  }
  const Result numbers = prepared.numbers();
  BOOST_TEST(values(numbers, "some", "unkilled_distance")[0] == 0.5);
  BOOST_TEST(values(numbers, "none", "unkilled_distance")[0] == 0.0);
  BOOST_TEST(numbers.find("some")->attributes.at("killing") == "x^2");
}

BOOST_AUTO_TEST_CASE(the_potential_of_a_plane_is_shown_below_its_paths) {
  const std::string axes =
      "[[axis]]\nname = \"x\"\nfrom = -2.0\nto = 2.0\npoints = 8\n[[axis]]\nname = \"y\"\nfrom = -1.0\nto = "
      "1.0\npoints = 8\n";
  Prepared prepared(
      "[process]\npotential = \"x^4/4 + (1 + t)*y^2\"\ndiffusion = 0.5\n[time]\nstart = 0.5\nstop = "
      "1.0\nsave = 2\n" +
      axes + task("way", "most-probable-path", "from = [0.0, 0.0]\nto = [1.0, 0.5]"));
  prepared.add(
      {"way", {{"t", {0.5, 1}, ""}}, {{"path_x", {"t"}, {0, 1}, "", ""}}, {{"solve", "most-probable-path"}}});
  const Result numbers = prepared.numbers();
  const std::vector<double>&u = values(numbers, "way", "potential"),
        &x = numbers.find("way")->coordinate("x")->values, &y = numbers.find("way")->coordinate("y")->values;
  BOOST_TEST_REQUIRE(u.size() == x.size() * y.size());
  BOOST_TEST(x.size() > 200U);
  BOOST_TEST(u[17 * y.size() + 29] == std::pow(x[17], 4) / 4 + 1.5 * y[29] * y[29],
             boost::test_tools::tolerance(1e-12));
}
