// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong spaces without a grid, and wrong bins: the exit code is 2 and the message names place, key and what is allowed.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

const std::string experiment = R"([process]
name = "ornstein-uhlenbeck"
beta = 1
diffusion = 1
[time]
stop = 1.0
save = 2
[space]
dimension = 4
[[task]]
solve = "particles"
count = 100
initial = { gaussian = { mean = [0, 0, 0, 0], variance = 1 } }
bins = { x1 = { from = -4, to = 4, points = 80 } }
)";

const std::string bin = "{ x1 = { from = -4, to = 4, points = 80 } }";
const std::string flow = "\ndirection = \"flow\"\npoints = ";
const std::string law = "{ gaussian = { mean = [0, 0, 0, 0], variance = 1 } }";

const std::vector<WrongExperiment> spaces = {
    {"dimension = 4", "dimension = 0", {"bad.toml:9:13", "dimension", "0", "1 to 1000"}},
    {"dimension = 4", "dimension = 1001", {"9:13", "dimension", "1001", "1 to 1000"}},
    {"dimension = 4", "dimension = -1", {"9:13", "dimension", "1 to 1000"}},
    {"dimension = 4", "dimension = 2.5", {"9:13", "dimension", "not an integer"}},
    {"dimension = 4", "dimension = \"4\"", {"9:13", "dimension", "not an integer"}},
    {"dimension = 4", "", {"8:1", "[space]", "dimension = 10", "names"}},
    {"dimension = 4", "dimensions = 4", {"9:1", "dimensions", "unknown key", "dimension"}},
    {"dimension = 4", "dimension = 4\nnames = [\"q\"]", {"9:13", "dimension", "names", "one of the two"}},
    {"dimension = 4", "names = []", {"9:9", "names"}},
    {"dimension = 4", "names = \"q\"", {"9:9", "names", "list of names"}},
    {"dimension = 4", "names = [1]", {"9:10", "names"}},
    {"dimension = 4", "names = [\"q\", \"q\"]", {"9:15", "\"q\"", "already the name"}},
    {"dimension = 4", "names = [\"q\", \"t\"]", {"9:15", "\"t\"", "already means something"}},
    {"dimension = 4", "names = [\"pi\"]", {"9:10", "\"pi\"", "already means something"}},
    {"dimension = 4", "names = [\"q\", \"sin\"]", {"9:15", "\"sin\"", "already means something"}},
    {"dimension = 4", "names = [\"2q\"]", {"9:10", "\"2q\"", "not a name"}},
    {"dimension = 4", "names = [\"weight\"]", {"9:10", "\"weight\"", "variable of result files"}},
    {"[space]\n",
     "[[axis]]\nfrom = -1\nto = 1\npoints = 8\n[space]\n",
     {"12:1", "space", "stands beside [[axis]]"}},
    {"[space]\ndimension = 4\n", "", {"axis", "missing", "[space]"}},
    {"solve = \"particles\"",
     "solve = \"fokker-planck\"",
     {"11:9", "solve", "fokker-planck", "[[axis]]", "most-probable-path, particles, cells"}},
    {"solve = \"particles\"", "solve = \"hjb\"", {"11:9", "solve", "hjb", "needs the cells"}},
    {law, "{ formula = \"exp(-x1^2)\" }", {"13:23", "formula", "cells", "mixture"}},
    {law, "{ field = \"a.h5\", variable = \"a/density\", time = 0 }", {"13:21", "field", "cells", "mixture"}},
    {law, "{ gaussian = { mean = [0], variance = 1 } }", {"13:33", "mean", "4"}},
    {"name = \"ornstein-uhlenbeck\"\nbeta = 1\n", "drift = [\"-x1\", \"-x2\"]\n", {"2:9", "drift", "4"}},
    {"name = \"ornstein-uhlenbeck\"\nbeta = 1\n",
     "drift = [\"-x1\", \"-x2\", \"-x3\", \"-x5\"]\n",
     {"unknown name \"x5\""}},
    {bin, "{}", {"14:8", "bins", "one or two"}},
    {bin, "80", {"14:8", "bins", "no table"}},
    {bin, "{ x9 = { from = -4, to = 4, points = 80 } }", {"14:10", "bins", "x9", "no coordinate"}},
    {bin, "{ x1 = 80 }", {"14:15", "bins.x1"}},
    {bin, "{ x1 = { from = -4, to = 4 } }", {"bins.x1", "points", "missing"}},
    {bin, "{ x1 = { from = 4, to = -4, points = 80 } }", {"14:32", "to", "not above"}},
    {bin, "{ x1 = { from = -4, to = 4, points = 1 } }", {"14:45", "points", "2"}},
    {bin,
     "{ x1 = { from = -4, to = 4, points = 80, boundary = \"periodic\" } }",
     {"boundary", "unknown key", "bins.x1"}},
    {bin,
     "{ x1 = { from = 0, to = 1, points = 100000 }, x2 = { from = 0, to = 1, points = 100000 } }",
     {"points", "cells in all"}},
    {bin,
     "{ x1 = { from = 0, to = 1, points = 2 }, x2 = { from = 0, to = 1, points = 2 }, x3 = { from = 0, to = "
     "1, points = 2 } }",
     {"14:8", "bins", "one or two"}},
    {bin,
     bin + "\ndirection = \"reverse\"\nscore = { field = \"a.h5\", variable = \"a/score\" }",
     {"16:9", "score", "formulas"}},
    {bin, bin + "\npoints = [[0, 0, 0, 0]]", {"15:10", "points", "flow alone"}},
    {bin, bin + flow + "[]", {"16:10", "points"}},
    {bin, bin + flow + "[[0, 0]]", {"16:11", "points", "give 4"}},
    {bin, bin + flow + "[0, 0, 0, 0]", {"16:11", "points"}},
    {bin, bin + flow + "[[0, 0, 0, \"a\"]]", {"points", "\"a\"", "number"}},
    {bin, bin + flow + "\"none.csv\"", {"16:10", "samples", "does not exist"}},
    {bin, bin + flow + "{ file = \"a.csv\" }", {"points", "samples"}},
    {bin,
     bin + flow + "[[0, 0, 0, 0]]\nscore = [\"-x1\", \"-x2\", \"-x3\", \"where(x4 < 0, 1, -x4)\"]",
     {"16:10", "points", "divergence of the score"}},
    {bin, bin + "\nscheme = \"exact\"\ndt = 2.0", {"16:6", "dt"}},
};

}  // namespace

BOOST_DATA_TEST_CASE(wrong_spaces, spaces, wrong) {
  check_refused(wrong, experiment);
}
