// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong lists of what a task writes, and right ones of every kind.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "experiments/tasks/experiment.hpp"
#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

const std::string forward = "solve = \"fokker-planck\"\n", rest = "\n" + rest_of_task,
                  modes = "solve = \"spectrum\"\n";

const std::vector<WrongExperiment> wrong_lists = {
    task(forward + "write = [\"denstiy\"]" + rest,
         {"18:10", "write", "\"denstiy\"", "did you mean \"density\""}),
    task(forward + "write = [\"density\", \"score_z\"]" + rest, {"18:21", "\"score_z\"", "score"}),
    task(forward + "write = [\"eigenvalue\"]" + rest,
         {"18:10", "fokker-planck writes", "\"density\"", "\"mass\""}),
    task(forward + "write = [\"score_*\"]" + rest, {"18:10", "score_x"}),
    task(forward + "write = [\"log\"]" + rest, {"18:10", "\"log\""}),
    task(forward + "write = []" + rest, {"18:9", "write"}),
    task(forward + "write = \"density\"" + rest, {"18:9", "write", "list"}),
    task(forward + "write = true" + rest, {"18:9", "write", "list"}),
    task(forward + "write = [1]" + rest, {"18:10", "write", "\"1\""}),
    task(forward + "write = [[\"density\"]]" + rest, {"18:10", "write"}),
    task(forward + "wirte = [\"density\"]" + rest, {"18:1", "wirte", "did you mean \"write\""}),
    task(modes + "write = [\"density\"]", {"18:10", "spectrum writes", "eigenvalue"}),
};

}  // namespace

BOOST_DATA_TEST_CASE(a_wrong_list_is_refused_at_its_place, wrong_lists) {
  check_refused(sample);
}
