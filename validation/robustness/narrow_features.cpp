// SPDX-License-Identifier: GPL-3.0-or-later
// What is narrower than the cells and lies between their centres is refused by every task that samples it there.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

const std::string peak = "1000*exp(-(x-0.1)^2/1e-6)", narrow_law = "{ formula = \"exp(-x^2)+" + peak + "\" }";

struct Narrow {
  std::string task, what;  ///< from `solve` on, and what has the peak

  friend std::ostream& operator<<(std::ostream& out, const Narrow& narrow) { return out << narrow.task; }
};

const std::vector<Narrow> all = {
    {"solve = \"fokker-planck\"\ninitial = " + narrow_law, "the density"},
    {"solve = \"backward-kolmogorov\"\nterminal = \"" + peak + "\"", "the terminal value"},
    {"solve = \"hjb\"\nterminal = \"-" + peak + "\"", "the terminal value"},
    {"solve = \"hjb\"\nterminal = \"x^2\"\ninitial = " + narrow_law, "the density"},
    {"solve = \"schroedinger-bridge\"\ninitial = " + usual_initial + "\nfinal = " + usual_initial +
         "\nkilling = \"" + peak + "\"",
     "the killing"},
    {"solve = \"schroedinger-bridge\"\ninitial = " + narrow_law + "\nfinal = " + usual_initial,
     "the density"},
    {"solve = \"schroedinger-bridge\"\ninitial = " + usual_initial + "\nfinal = " + narrow_law,
     "the density"},
};

void require_refusal(const std::string& experiment, const std::string& what) {
  const TemporaryFolder folder, logs;
  write_file(folder / "bad.toml", experiment);
  const Outcome outcome = run_umkehr({"run", "bad.toml"}, folder.path(), logs / "log");
  BOOST_TEST(outcome.code == 2, outcome.err);
  for (const std::string& part :
       {what, std::string(" has a peak of "), std::string("do not resolve"), std::string("take points = ")})
    BOOST_TEST(outcome.err.find(part) != std::string::npos, "\"" << part << "\" is not in " << outcome.err);
  BOOST_TEST(folder.files() == 1u);
}

}  // namespace

BOOST_DATA_TEST_CASE(of_a_task, all, narrow) {
  require_refusal(replaced(small_experiment, "solve = \"fokker-planck\"\n" + rest_of_task, narrow.task),
                  narrow.what);
}

BOOST_AUTO_TEST_CASE(of_the_process) {
  for (const std::string solve : {"solve = \"spectrum\"", "solve = \"spectrum\"\nmethod = \"fourier\"",
                                  "solve = \"hjb\"\nterminal = \"x^2\""}) {
    const std::string other = replaced(small_experiment, "solve = \"fokker-planck\"\n" + rest_of_task, solve);
    require_refusal(replaced(other, "[process.define]", "killing = \"" + peak + "\"\n[process.define]"),
                    "the killing");
  }
}
