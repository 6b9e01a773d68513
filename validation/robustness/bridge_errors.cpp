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
    task(bridge + ends + "\ntolerance = 0", {"20:13", "tolerance", "\"0\"", "above 0"}),
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

}  // namespace

BOOST_DATA_TEST_CASE(wrong_tasks, wrong_bridges, wrong) {
  check_refused(wrong);
}
