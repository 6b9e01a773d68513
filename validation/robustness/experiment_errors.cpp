// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong experiments, given to the command itself: the exit code is 2, the message names file, line, column, key, value
// and what is allowed, and no file is left.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;
using namespace std::string_literals;

namespace {

using Wrong = WrongExperiment;

const std::string initial = usual_initial;

const std::vector<Wrong> syntax = {
    {"title = \"small\"", "title = small", {"1:", "not TOML"}},
    {"title = \"small\"", "title = \"small", {"1:", "not TOML"}},
    {"[process]", "[process", {"2:", "not TOML"}},
    {"[process]", "[", {"2:", "not TOML"}},
    {"[process]", "[\n\x0b\0"s, {"3:1", "control byte 0x0b"}},
    {"small\"", "small\xef\xb9\xbf\x08\"", {"1:", "control byte 0x08"}},
    {"small\"", "sm\0all\""s, {"1:12", "control byte 0x00"}},
    {"small\"", "small\x7f\"", {"1:15", "control byte 0x7f"}},
    {"small\"\n", "small\"\r", {"1:16", "control byte 0x0d"}},
    {"small", "\xff", {"1:10", "0xff", "UTF-8"}},
    {"small", "\xc3(", {"1:10", "0xc3", "UTF-8"}},
    {"small", "\xc0\xaf", {"1:10", "0xc0", "UTF-8"}},
    {"small", "\xed\xa0\x80", {"1:10", "0xed", "UTF-8"}},
    {"small", "\xf4\x90\x80\x80", {"1:10", "0xf4", "UTF-8"}},
    {"small", "\xe2\x82", {"1:10", "0xe2", "UTF-8"}},
    {"small", "\\u0000", {"1:9", "title", "control character"}},
    {"stop = 1.0", "stop = 1.0\nstop = 2.0", {"9:", "not TOML"}},
    {"stop = 1.0", "stop = 1.0.0", {"8:", "not TOML"}},
    {"stop = 1.0", "stop = ", {"8:", "not TOML"}},
    {"stop = 1.0", "stop = 1e-\xcc\x90", {"8:11", "beyond ASCII", "quotes"}},
    {"save = 3", "größe = 3", {"9:3", "beyond ASCII"}},
    {"save = 3", "save = " + std::string(2000, '['), {"9:", "not TOML"}},
    {"save = 3",
     "a" +
         [] {
           std::string s;
           for (int i = 0; i < 5000; ++i) s += ".a";
           return s;
         }() +
         " = 1",
     {"9:", "dotted key", "64"}},
};

const std::vector<Wrong> keys = {
    {"drift =", "drfit =", {"3:1", "drfit", "unknown key", "\"drift\""}},
    {"diffusion =", "difusion =", {"4:1", "difusion", "\"diffusion\""}},
    {"title", "titel", {"1:1", "titel", "\"title\""}},
    {"stop = 1.0", "stop = 1.0\nquux = 2", {"9:1", "quux", "allowed", "\"start\"", "\"save\""}},
    {"points = 32", "points = 32\nboundry = \"periodic\"", {"15:1", "boundry", "\"boundary\""}},
    {"tolerance", "tolerence", {"18:1", "tolerence", "\"tolerance\""}},
    {"tolerance = 1e-4", "scale = 1.0", {"18:1", "scale", "unknown key"}},
    {"mean =", "mena =", {"19:26", "mena", "\"mean\""}},
    {"gaussian =", "gausian =", {"19:13", "gausian", "\"gaussian\""}},
    {"[time]\nstop = 1.0\nsave = 3\n", "", {"time", "missing"}},
    {"diffusion = \"1\"\n", "", {"2:1", "diffusion", "missing"}},
    {"drift = [\"-beta*x\"]\n", "", {"2:1", "drift", "missing"}},
    {"stop = 1.0\n", "", {"7:1", "stop", "missing"}},
    {"points = 32\n", "", {"10:1", "points", "missing"}},
    {"from = -4.0\n", "", {"10:1", "from", "missing"}},
    {"solve = \"fokker-planck\"\n", "", {"15:1", "solve", "missing"}},
    {"initial = " + initial, "", {"15:1", "initial", "missing"}},
    {", covariance = [[0.25]]", "", {"19:24", "covariance", "missing"}},
    {initial, "{}", {"19:11", "no density", "mixture"}},
};

const std::vector<Wrong> types = {
    {"\"small\"", "7", {"1:9", "title", "\"7\"", "not a string"}},
    {"\"small\"", "1979-05-27", {"1:9", "title", "1979-05-27"}},
    {"[\"-beta*x\"]", "[true]", {"3:10", "drift", "\"true\"", "not a formula"}},
    {"[\"-beta*x\"]", "{}", {"3:9", "drift", "not a formula"}},
    {"stop = 1.0", "stop = \"late\"", {"8:8", "stop", "\"late\"", "not a number"}},
    {"save = 3", "save = 3.5", {"9:8", "save", "\"3.5\"", "integer"}},
    {"points = 32", "points = \"many\"", {"14:10", "points", "\"many\"", "integer"}},
    {"points = 32", "points = 32.0", {"14:10", "points", "\"32.0\"", "integer"}},
    {"[process]", "[[process]]", {"2:", "process", "not a table"}},
    {"[[axis]]", "[axis]", {"10:1", "axis", "[[axis]]"}},
    {"[[task]]", "[task]", {"15:1", "task", "[[task]]"}},
    {"[[0.25]]", "[0.25]", {"19:", "covariance", "not a list"}},
    {"[0.0]", "0.0", {"19:", "mean", "not a list"}},
    {"tolerance = 1e-4", "method = 3", {"18:10", "method", "\"3\"", "not a string"}},
    {initial, "\"normal\"", {"19:11", "initial", "\"normal\"", "no law of this experiment"}},
    {"[process.define]\nbeta = \"1 + t\"", "define = 3", {"5:", "define", "\"3\"", "not a table"}},
};

const std::vector<Wrong> values = {
    {"stop = 1.0", "stop = 0.0", {"8:8", "stop", "\"0.0\"", "\"start\"", "later"}},
    {"stop = 1.0", "stop = inf", {"8:8", "stop", "\"inf\"", "finite"}},
    {"stop = 1.0", "stop = nan", {"8:8", "stop", "\"nan\"", "finite"}},
    {"stop = 1.0", "start = 2\nstop = 1.0", {"9:8", "stop", "\"1.0\"", "\"start\""}},
    {"save = 3", "save = 1", {"9:8", "save", "\"1\"", "from 2"}},
    {"save = 3", "save = -5", {"9:8", "save", "\"-5\"", "from 2"}},
    {"save = 3", "save = 9000000000000000000", {"9:8", "save", "to 1000000"}},
    {"save = 3", "save = []", {"9:8", "save", "0 entries"}},
    {"save = 3", "save = [0.0, 0.5, 0.5]", {"9:19", "save", "\"0.5\"", "ascending"}},
    {"save = 3", "save = [0.0, 1.5]", {"9:14", "save", "\"1.5\"", "up to 1.0"}},
    {"points = 32", "points = 1", {"14:10", "points", "\"1\"", "from 2"}},
    {"points = 32", "points = 1000000000", {"14:10", "points", "\"1000000000\"", "to 16777216"}},
    {"to = 4.0", "to = -4.0", {"13:6", "to", "\"-4.0\"", "\"from\""}},
    {"to = 4.0", "to = 1e300", {"13:6", "to", "1e+300", "up to"}},
    {"from = -4.0\nto = 4.0", "from = 1e16\nto = 1.0000000000000002e16", {"14:10", "points", "too narrow"}},
    {"points = 32",
     "points = 32\nboundary = \"periodical\"",
     {"15:12", "boundary", "\"periodical\"", "did you mean \"periodic\""}},
    {"name = \"x\"", "name = \"t\"", {"11:8", "name", "\"t\"", "formulas"}},
    {"name = \"x\"", "name = \"exp\"", {"11:8", "name", "\"exp\"", "formulas"}},
    {"name = \"x\"", "name = \"density\"", {"11:8", "name", "\"density\"", "result files"}},
    {"name = \"x\"", "name = \"score_q\"", {"11:8", "name", "\"score_q\"", "result files"}},
    {"name = \"x\"", "name = \"2x\"", {"11:8", "name", "\"2x\"", "letter"}},
    {"name = \"x\"", "name = \"\"", {"11:8", "name", "letter"}},
    {"beta = \"1 + t\"", "pi = \"3\"", {"6:1", "\"pi\"", "formulas"}},
    {"beta = \"1 + t\"", "x = \"3\"", {"6:1", "\"x\"", "something else"}},
    {"beta = \"1 + t\"", "entropy = \"3\"", {"6:1", "\"entropy\"", "result files"}},
    {"[[task]]",
     "[[axis]]\nfrom = 0\nto = 1\npoints = 4\nname = \"x\"\n[[task]]",
     {"19:8", "\"x\"", "something else"}},
    {"[[task]]",
     "[[axis]]\nname = \"y\"\nfrom = 0\nto = 1\npoints = 16777216\n[[task]]",
     {"19:10", "points", "cells in all", "268435456"}},
    {"name = \"forward\"", "name = \"for/ward\"", {"16:8", "name", "\"for/ward\"", "letter"}},
    {"fokker-planck",
     "foker-planck",
     {"17:9", "solve", "\"foker-planck\"", "did you mean \"fokker-planck\""}},
    {"fokker-planck",
     "learned-score",
     {"17:9", "solve", "\"learned-score\" is not known", "allowed", "\"cells\""}},
    {"fokker-planck", "walkers", {"17:9", "solve", "\"walkers\" is not known", "allowed", "\"spectrum\""}},
    {"tolerance = 1e-4", "method = \"path-integral\"\norder = 3", {"19:9", "order", "\"3\"", "from 1 to 2"}},
    {"tolerance = 1e-4", "method = \"furier\"", {"18:10", "\"furier\"", "did you mean \"fourier\""}},
    {"tolerance = 1e-4", "scheme = \"leapfrog\"", {"18:10", "scheme", "\"leapfrog\"", "backward-euler"}},
    {"tolerance = 1e-4", "tolerance = 0", {"18:13", "tolerance", "\"0\"", "from 1e-15 to below 1"}},
    {"tolerance = 1e-4", "tolerance = -1e-4", {"18:13", "tolerance", "from 1e-15 to below 1"}},
    {"tolerance = 1e-4", "tolerance = 2", {"18:13", "tolerance", "\"2\"", "below 1"}},
    {"tolerance = 1e-4", "dt = 0.0", {"18:6", "dt", "above 0"}},
    {"tolerance = 1e-4", "dt = 5.0", {"18:6", "dt", "up to 1.0"}},
    {"tolerance = 1e-4", "dt = 1e-15", {"18:6", "dt", "1e9 steps"}},
    {"tolerance = 1e-4", "method = \"hermite\"\nscale = -1.0", {"19:9", "scale", "\"-1.0\"", "above 0"}},
    {"tolerance = 1e-4", "method = \"hermite\"\ncentre = [0.0, 1.0]", {"19:10", "centre", "2 entries"}},
    {"initial = " + initial,
     "initial = " + initial +
         "\n[[task]]\nname = \"forward\"\nsolve = \"fokker-planck\"\ninitial = " + initial,
     {"21:8", "name", "\"forward\"", "earlier task"}},
};

const std::vector<Wrong> other_tasks = {
    task("solve = \"backward-kolmogorov\"", {"15:1", "terminal", "missing"}),
    task("solve = \"backward-kolmogorov\"\nterminal = \"q\"", {"18:13", "terminal", "unknown name \"q\""}),
    task("solve = \"backward-kolmogorov\"\nterminal = \"x +\"", {"18:16", "terminal", "ends"}),
    task("solve = \"backward-kolmogorov\"\nterminal = [1]", {"18:12", "terminal", "not a formula"}),
    task("solve = \"backward-kolmogorov\"\nterminal = true", {"18:12", "terminal", "\"true\""}),
    task("solve = \"backward-kolmogorov\"\nterminal = \"log(x)\"", {"18:12", "terminal", "not finite at x"}),
    task("solve = \"backward-kolmogorov\"\nterminal = \"1/(t-1)\"",
         {"18:12", "terminal", "not finite", "t = 1"}),
    task("solve = \"backward-kolmogorov\"\nterminl = \"1\"",
         {"18:1", "terminl", "did you mean \"terminal\""}),
    task("solve = \"backward-kolmogorov\"\nterminal = 1\ninitial = " + initial,
         {"19:1", "initial", "unknown key"}),
    task("solve = \"backward-kolmogorov\"\nterminal = 1\nmethod = \"spectral\"",
         {"19:10", "\"spectral\"", "fourier"}),
    task("solve = \"backward-kolmogorov\"\nterminal = 1\norder = 2", {"19:1", "order", "unknown key"}),
    task("solve = \"backward-kolmogorov\"\nterminal = 1\ndt = -1", {"19:6", "dt", "above 0"}),
    task("solve = \"backward-kolmogorov\"\nterminal = 1\nscheme = \"lawson\"", {"19:10", "scheme", "sdirk2"}),
    task("solve = \"backward-kolmogorov\"\nterminal = 1\nof = \"forward\"",
         {"19:6", "of", "\"forward\"", "none before"}),
    later("solve = \"backward-kolmogorov\"\nterminal = 1\nof = \"forwards\"",
          {"23:6", "of", "\"forwards\"", "there is forward"}),
    later("solve = \"backward-kolmogorov\"\nterminal = 1\nof = 3", {"23:6", "of", "not a string"}),
    later("solve = \"backward-kolmogorov\"\nterminal = 1\nof = \"forward\"\nmethod = \"fourier\"",
          {"24:10", "method", "not that of the task", "finite-volume"}),
    later("solve = \"backward-kolmogorov\"\nterminal = 1\nof = \"forward\"\ndt = 0.1",
          {"24:6", "dt", "beside \"of\""}),
    later("solve = \"backward-kolmogorov\"\nterminal = 1\nof = \"forward\"\nscheme = \"sdirk2\"",
          {"24:10", "scheme", "beside \"of\""}),
    later("solve = \"backward-kolmogorov\"\nterminal = 1\nof = \"forward\"\ntolerance = 1e-6",
          {"24:13", "tolerance", "beside \"of\""}),
    later("solve = \"spectrum\"\n[[task]]\nsolve = \"backward-kolmogorov\"\nterminal = 1\nof = \"spectrum\"",
          {"25:6", "of", "\"spectrum\"", "there is forward"}),
    later("solve = \"hjb\"\nname = \"forward\"\nterminal = 1", {"22:8", "name", "earlier task"}),
    task("solve = \"spectrum\"\ncount = 0", {"18:9", "count", "\"0\"", "from 1"}),
    task("solve = \"spectrum\"\ncount = 31", {"18:9", "count", "\"31\"", "to 30"}),
    task("solve = \"spectrum\"\ncount = 2.5", {"18:9", "count", "integer"}),
    task("solve = \"spectrum\"\ncount = \"all\"", {"18:9", "count", "\"all\""}),
    task("solve = \"spectrum\"\nmethod = \"finite-volumes\"", {"18:10", "did you mean \"finite-volume\""}),
    task("solve = \"spectrum\"\nmethod = \"path-integral\"", {"18:10", "method", "\"path-integral\""}),
    task("solve = \"spectrum\"\nscale = 1.0", {"18:1", "scale", "unknown key"}),
    task("solve = \"spectrum\"\nmethod = \"hermite\"\nscale = 0", {"19:9", "scale", "above 0"}),
    task("solve = \"spectrum\"\ntolerance = 1e-4", {"18:1", "tolerance", "unknown key"}),
    task("solve = \"spectrum\"\ndiffusion = 0.5", {"18:13", "diffusion", "not a list"}),
    task("solve = \"spectrum\"\ndiffusion = []", {"18:13", "diffusion", "0 entries"}),
    task("solve = \"spectrum\"\ndiffusion = [0.5, 0.4]", {"18:13", "diffusion", "ascending"}),
    task("solve = \"spectrum\"\ndiffusion = [0.0, 0.4]", {"18:14", "diffusion", "above 0"}),
    task("solve = \"hjb\"", {"15:1", "terminal", "missing"}),
    task("solve = \"hjb\"\nterminal = \"x^2 +\"", {"18:18", "terminal", "ends"}),
    task("solve = \"hjb\"\nterminal = \"-log(abs(x - 0.125))\"",
         {"18:12", "terminal", "not finite at x = 0.125"}),
    task("solve = \"hjb\"\nterminal = 0\nmethod = \"fourier\"",
         {"19:10", "method", "\"fourier\"", "spectral"}),
    task("solve = \"hjb\"\nterminal = 0\nmethod = \"logtransform\"",
         {"19:10", "did you mean \"log-transform\""}),
    task("solve = \"hjb\"\nterminal = 0\norder = 2", {"19:1", "order", "unknown key"}),
    task("solve = \"hjb\"\nterminal = 0\nmethod = \"finite-difference\"\norder = 3",
         {"20:9", "order", "2 or 4"}),
    task("solve = \"hjb\"\nterminal = 0\nmethod = \"finite-difference\"\norder = 5",
         {"20:9", "order", "from 2 to 4"}),
    task("solve = \"hjb\"\nterminal = 0\ndt = 2", {"19:6", "dt", "up to 1"}),
    task("solve = \"hjb\"\nterminal = 0\ntolerance = 1", {"19:13", "tolerance", "below 1"}),
    task("solve = \"hjb\"\nterminal = 0\nof = \"forward\"", {"19:1", "of", "unknown key"}),
    task("solve = \"most-probable-path\"\nto = [1.0]", {"15:1", "from", "missing"}),
    task("solve = \"most-probable-path\"\nfrom = [0.0]", {"15:1", "to", "missing"}),
    task("solve = \"most-probable-path\"\nfrom = 0.0\nto = [1.0]", {"18:8", "from", "not a list"}),
    task("solve = \"most-probable-path\"\nfrom = [0.0, 1.0]\nto = [1.0]", {"18:8", "from", "2 entries"}),
    task("solve = \"most-probable-path\"\nfrom = [0.0]\nto = [9.0]", {"19:6", "to", "outside the axis x"}),
    task("solve = \"most-probable-path\"\nfrom = [0.0]\nto = [1.0]\npoints = 2",
         {"20:10", "points", "from 5"}),
    task("solve = \"most-probable-path\"\nfrom = [\"0\"]\nto = [1.0]", {"18:9", "from", "not a number"}),
};

const std::vector<Wrong> processes = {
    {"-beta*x", "-gamma*x", {"3:12", "drift", "\"-gamma*x\"", "unknown name \"gamma\""}},
    {"-beta*x", "-bta*x", {"3:12", "unknown name \"bta\"", "did you mean \"beta\""}},
    {"-beta*x", "-beta*", {"3:17", "drift", "ends"}},
    {"-beta*x", "(-beta*x", {"3:11", "drift", "never closed"}},
    {"-beta*x", "-beta*x $", {"3:19", "drift", "bad character"}},
    {"-beta*x", "1/(x - 0.125)", {"3:10", "drift", "not finite at x = 0.125, t = 0"}},
    {"-beta*x", "log(x)", {"3:10", "drift", "\"log(x)\"", "not finite at x = -3.875"}},
    {"-beta*x", std::string(300, '(') + "x" + std::string(300, ')'), {"3:", "drift", "200"}},
    {"-beta*x", "x" + std::string(5000, ' '), {"3:10", "drift", "4096"}},
    {"-beta*x", "\\u0078 + q", {"3:20", "drift", "unknown name \"q\""}},
    {"[\"-beta*x\"]", "'-beta*x + q'", {"3:20", "drift", "unknown name \"q\""}},
    {"[\"-beta*x\"]", "[\"-x\", \"-x\"]", {"3:9", "drift", "2 entries", "give 1"}},
    {"1 + t", "1 + s", {"6:13", "beta", "\"1 + s\"", "unknown name \"s\""}},
    {"1 + t", "2*beta", {"6:", "beta", "circle"}},
    {"beta = \"1 + t\"", "beta = \"c\"\nc = \"beta\"", {"circle"}},
    {"diffusion = \"1\"",
     "diffusion = \"sin(9*t)\"",
     {"4:13", "diffusion", "\"sin(9*t)\" is negative at t = 0.35; D(t) must be positive"}},
    {"diffusion = \"1\"", "diffusion = \"-1\"", {"4:13", "diffusion", "negative at t = 0", "positive"}},
    {"diffusion = \"1\"", "diffusion = 0", {"4:13", "diffusion", "vanishes", "positive"}},
    {"diffusion = \"1\"", "diffusion = \"max(0, t - 0.5)\"", {"4:13", "diffusion", "vanishes", "positive"}},
    {"diffusion = \"1\"", "diffusion = \"1/t\"", {"4:13", "diffusion", "not finite at t = 0"}},
    {"diffusion = \"1\"", "diffusion = \"1/(1 - t)\"", {"4:13", "diffusion", "not finite at t = 1"}},
    {"diffusion = \"1\"", "diffusion = \"1 + x^2\"", {"4:13", "diffusion", "depends on x", "t alone"}},
    {"diffusion = \"1\"", "diffusion = [\"1\", \"1\"]", {"4:13", "diffusion", "2 entries"}},
    {"diffusion = \"1\"",
     "diffusion = \"1\"\nkilling = \"1/(t - 0.5)\"",
     {"5:11", "killing", "not finite", "t = 0.5"}},
    {"diffusion = \"1\"", "diffusion = \"1\"\npotential = \"x^2\"", {"2:1", "several drifts"}},
    {"drift = [\"-beta*x\"]", "potential = \"x^2 +\"", {"3:", "potential", "ends"}},
    {"drift = [\"-beta*x\"]", "potential = \"x^2*t/(t - 0.5)\"", {"3:13", "potential", "not finite"}},
    {"drift = [\"-beta*x\"]\ndiffusion = \"1\"",
     "name = \"vpp\"",
     {"3:8", "name", "\"vpp\"", "did you mean \"vp\""}},
    {"drift = [\"-beta*x\"]\ndiffusion = \"1\"",
     "name = \"vp\"\nsigma_min = 1",
     {"4:1", "sigma_min", "unknown key", "beta_min"}},
    {"drift = [\"-beta*x\"]\ndiffusion = \"1\"",
     "name = \"vp\"\nbeta_max = -1",
     {"4:12", "beta_max", "\"-1\"", "above 0"}},
    {"drift = [\"-beta*x\"]\ndiffusion = \"1\"",
     "name = \"vp-cosine\"",
     {"2:1", "vp-cosine", "t = 1", "below 1"}},
    {"drift = [\"-beta*x\"]\ndiffusion = \"1\"",
     "name = \"ve\"\nsigma_min = 2.0\nsigma_max = 1.0",
     {"5:13", "sigma_max", "above 2.0"}},
    {"drift = [\"-beta*x\"]\ndiffusion = \"1\"",
     "name = \"ornstein-uhlenbeck\"\ndiffusion = 1",
     {"2:1", "beta", "missing"}},
};

const std::vector<Wrong> laws = {
    {"[0.0]", "[0.0, 0.0]", {"19:33", "mean", "2 entries", "give 1"}},
    {"[0.0]", "[nan]", {"19:34", "mean", "\"nan\""}},
    {"[0.0]", "[40.0]", {"19:11", "initial", "outside the grid", "axis x"}},
    {"[[0.25]]", "[[-0.25]]", {"19:53", "covariance", "positive definite", "-0.25"}},
    {"[[0.25]]", "[[0.0]]", {"19:53", "covariance", "positive definite", "point"}},
    {initial, "{ mixture = [] }", {"19:23", "mixture", "0 entries"}},
    {initial,
     "{ mixture = [{ weight = -1, mean = [0.0], covariance = [[1.0]] }] }",
     {"19:35", "weight", "\"-1\"", "above 0"}},
    {initial, "{ mixture = [{ mean = [0.0], covariance = [[1.0]] }] }", {"19:24", "weight", "missing"}},
    {initial, "{ formula = \"x\" }", {"19:23", "formula", "\"x\"", "x = -3.875", "negative"}},
    {initial, "{ formula = \"0\" }", {"19:23", "formula", "vanishes"}},
    {initial, "{ formula = \"1/(x - 0.125)^2\" }", {"19:23", "formula", "not finite at x = 0.125"}},
    {initial, "{ formula = \"exp(-t*x^2)\" }", {"19:23", "formula", "depends on t"}},
    {initial, "{ formula = \"exp(-y^2)\" }", {"19:29", "formula", "unknown name \"y\""}},
    {initial, "{ point = [4.0] }", {"19:21", "point", "outside", "between -4 and 4"}},
    {initial, "{ point = [0.0], formula = \"1\" }", {"19:11", "several densities"}},
    {initial, "{ samples = \"none.h5\" }", {"19:23", "samples", "\"none.h5\"", "does not exist"}},
    {initial, "{ samples = \".\" }", {"19:23", "samples", "is not a file"}},
    {initial,
     "{ field = \"none.h5\", variable = \"a/density\", time = 0 }",
     {"19:21", "field", "\"none.h5\"", "does not exist"}},
    {initial, "{ field = \"bad.toml\", time = 0 }", {"19:11", "variable", "missing"}},
};

}  // namespace

BOOST_DATA_TEST_CASE(text_that_is_no_toml, syntax, wrong) {
  check_refused(wrong);
}
BOOST_DATA_TEST_CASE(unknown_and_missing_keys, keys, wrong) {
  check_refused(wrong);
}
BOOST_DATA_TEST_CASE(values_of_the_wrong_type, types, wrong) {
  check_refused(wrong);
}
BOOST_DATA_TEST_CASE(values_out_of_range, values, wrong) {
  check_refused(wrong);
}
BOOST_DATA_TEST_CASE(wrong_processes, processes, wrong) {
  check_refused(wrong);
}

BOOST_DATA_TEST_CASE(wrong_other_tasks, other_tasks, wrong) {
  check_refused(wrong);
}
BOOST_DATA_TEST_CASE(wrong_densities, laws, wrong) {
  check_refused(wrong);
}

BOOST_AUTO_TEST_CASE(a_message_says_where_the_character_stands) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml", replaced(small_experiment, "-beta*x", "-beta*x + q"));
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.err.starts_with(
                 "umkehr: bad.toml:3:21: drift: \"-beta*x + q\" is no formula: unknown name \"q\""),
             outcome.err);
}

BOOST_AUTO_TEST_CASE(long_values_are_cut) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml",
             replaced(small_experiment, "\"forward\"", "\"" + std::string(3000, 'a') + "\""));
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.code == 2);
  BOOST_TEST(outcome.err.find("\"" + std::string(80, 'a') + "...\"") != std::string::npos, outcome.err);
}

BOOST_AUTO_TEST_CASE(a_file_of_many_megabytes_is_refused) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml", small_experiment + std::string(5 << 20, '\n'));
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.code == 2);
  BOOST_TEST(outcome.err.find("4 MiB") != std::string::npos, outcome.err);
}
