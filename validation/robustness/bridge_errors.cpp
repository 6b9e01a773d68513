// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong tasks "schroedinger-bridge".
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

const std::string bridge = "solve = \"schroedinger-bridge\"\n",
                  ends = "initial = " + usual_initial + "\nfinal = " + usual_initial;

const std::vector<WrongExperiment> wrong_bridges = {
    task(bridge, {"15:1", "initial", "missing", "density at the start"}),
    task(bridge + "initial = " + usual_initial, {"15:1", "final", "missing", "density at the stop"}),
    task(bridge + ends + "\nmethod = \"magic\"",
         {"20:10", "method", "\"magic\"", "closed-form", "propagator"}),
    task(bridge + ends + "\nmetod = \"propagator\"", {"20:1", "metod", "did you mean \"method\""}),
    task(bridge + ends + "\ntolerance = 0", {"20:13", "tolerance", "\"0\"", "from 1e-15 to below 1"}),
    task(bridge + ends + "\niterations = 0", {"20:14", "iterations", "\"0\""}),
    task(bridge + ends + "\npropagator = \"finite-volume\"", {"20:1", "propagator", "unknown key"}),
    task(bridge + ends + "\nmethod = \"propagator\"\npropagator = \"hermite\"",
         {"21:14", "propagator", "\"hermite\"", "finite-volume"}),
    task(bridge + ends + "\nkilling = \"x^4\"\nmethod = \"closed-form\"",
         {"21:10", "method", "affine", "propagator"}),
    task(bridge + ends + "\nkilling = \"y\"", {"20:12", "killing", "unknown name \"y\""}),
    task(bridge + ends + "\nkilling = \"1/(x - 0.125)\"", {"20:11", "killing", "not finite at x = 0.125"}),
    task(bridge + ends + "\ndiffusion = \"-1\"", {"20:13", "diffusion", "negative"}),
    task(bridge + ends + "\ndiffusion = \"x\"", {"20:13", "diffusion", "depends on"}),
    task(bridge + ends + "\ndiffusion = [1, 2]", {"20:13", "diffusion", "2 entries"}),
    task(bridge + "initial = " + usual_initial + "\nfinal = { formula = \"x\" }",
         {"19:21", "formula", "negative"}),
    task(bridge + "initial = " + usual_initial +
             "\nfinal = { gaussian = { mean = [40.0], covariance = [[1.0]] } }",
         {"19:9", "final", "outside the grid"}),
};

const std::string usual =
    replaced(small_experiment, "solve = \"fokker-planck\"\n" + rest_of_task, bridge + ends);

}  // namespace

BOOST_AUTO_TEST_CASE(a_bridge_that_is_not_reached_says_how_far_it_came) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml", replaced(usual, "[0.0]", "[1.0]") + "\niterations = 1\n");
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.code == 3, outcome.err);
  for (const char* part : {"task \"forward\"", "off by", "after 1 sweeps", "1e-12", "take"})
    BOOST_TEST(outcome.err.find(part) != std::string::npos, "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_kernel_too_narrow_for_the_grid_is_refused) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml", usual + "\ndiffusion = 1e-8\n");
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.code == 2, outcome.err);
  for (const char* part : {"task \"forward\"", "cells of x wide", "take points ="})
    BOOST_TEST(outcome.err.find(part) != std::string::npos, "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_CASE(a_point_is_named_where_it_has_no_density) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml",
             replaced(usual, "initial = " + usual_initial, "initial = { point = [0.0] }"));
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.code == 2, outcome.err);
  for (const char* part : {"the initial law is a point", "gaussian of a width", "finite-volume"})
    BOOST_TEST(outcome.err.find(part) != std::string::npos, "\"" << part << "\" is not in " << outcome.err);
}

BOOST_AUTO_TEST_CASE(a_bridge_that_leaves_the_grid_is_told_of_or_refused) {
  const TemporaryFolder folder, logs;
  write_file(folder / "wide.toml", usual + "\ndiffusion = 4\n");
  const Outcome told = run_umkehr({"run", "wide.toml"}, folder.path(), logs / "log");
  BOOST_TEST(told.code == 0, told.err);
  BOOST_TEST(told.err.find("of the bridge is not on the grid; widen") != std::string::npos, told.err);
  write_file(folder / "wider.toml", usual + "\ndiffusion = 400\n");
  const Outcome refused = run_umkehr({"run", "wider.toml"}, folder.path(), logs / "log");
  BOOST_TEST(refused.code == 3, refused.err);
  BOOST_TEST(refused.err.find("of the bridge is not on the grid; widen") != std::string::npos, refused.err);
}

BOOST_AUTO_TEST_CASE(walls_that_are_meant_are_not_left_to_closed_forms) {
  const TemporaryFolder folder, logs;
  const std::string box = R"toml(
[process]
drift = ["0"]
diffusion = 0.05
[time]
start = 0.0
stop = 1.0
save = 3
[[axis]]
name = "x"
from = 0.0
to = 2.0
points = 100
boundary = "absorbing"
[[task]]
name = "b"
solve = "schroedinger-bridge"
initial = { formula = "exp(-(x-0.35)^2/0.02)*x*(2-x)" }
final = { formula = "exp(-(x-0.35)^2/0.02)*x*(2-x)" }
)toml";
  const auto method = [&](const std::string& text) {
    write_file(folder / "box.toml", text);
    const Outcome plan = run_umkehr({"run", "box.toml", "--dry-run"}, folder.path(), logs / "log");
    BOOST_TEST(plan.code == 0, plan.err);
    return plan.out.find("\"propagator\"") != std::string::npos ? "propagator" : "closed-form";
  };
  BOOST_TEST(method(box) == "propagator");
  const std::string reflecting = replaced(box, "\"absorbing\"", "\"reflecting\"");
  BOOST_TEST(method(reflecting) == "closed-form");
  BOOST_TEST(method(replaced(reflecting, "final = { formula = \"exp(-(x-0.35)^2/0.02)*x*(2-x)\" }",
                             "final = { formula = \"1 + x\" }")) == "propagator");
}

BOOST_DATA_TEST_CASE(wrong_tasks, wrong_bridges, wrong) {
  check_refused(wrong);
}
