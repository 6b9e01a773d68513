// SPDX-License-Identifier: GPL-3.0-or-later
// Wrong tasks "cells", and when such a task needs no process.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "experiments/tasks/experiment.hpp"
#include "validation/support/wrong_experiment.hpp"

using namespace umkehr;

namespace {

const std::string cells = "solve = \"cells\"\n", kernel = "kernel = [[0.5, 0.4], [0.5, 0.6]]\n",
                  initial = "initial = [0.4, 0.6]\n", final = "final = [0.7, 0.3]\n",
                  particles = "particles = [10, 100]";

const std::vector<WrongExperiment> wrong_cells = {
    task(cells, {"15:1", "kernel", "missing", "g(k|l)"}),
    task(cells + kernel, {"15:1", "initial", "missing", "p_i(l)"}),
    task(cells + kernel + initial, {"15:1", "final", "missing", "p_f(k)"}),
    task(cells + kernel + initial + final, {"15:1", "particles", "missing"}),
    task(cells + "kernel = 0.5\n" + initial + final + particles, {"18:10", "kernel", "not a list of rows"}),
    task(cells + "kernel = [0.5, 0.5]\n" + initial + final + particles, {"18:11", "kernel", "not a list"}),
    task(cells + "kernel = [[0.5, 0.4], [0.5]]\n" + initial + final + particles,
         {"18:23", "kernel", "1 entr"}),
    task(cells + "kernel = [[0.5, 0.4], [0.5, 0.7]]\n" + initial + final + particles,
         {"18:10", "kernel", "column 2", "1.1", "add to 1"}),
    task(cells + "kernel = [[1.5, 0.4], [-0.5, 0.6]]\n" + initial + final + particles,
         {"18:12", "kernel", "1.5"}),
    task(cells + kernel + "initial = [0.4, 0.7]\n" + final + particles, {"19:11", "initial", "adds to 1.1"}),
    task(cells + kernel + "initial = [0.4, 0.3, 0.3]\n" + final + particles,
         {"19:11", "initial", "3 entries"}),
    task(cells + kernel + initial + "final = [1.4, -0.4]\n" + particles, {"20:10", "final", "1.4"}),
    task(cells + kernel + initial + final + "particles = 10", {"21:13", "particles", "not a list"}),
    task(cells + kernel + initial + final + "particles = []", {"21:13", "particles"}),
    task(cells + kernel + initial + final + "particles = [10, 15]",
         {"21:18", "particles", "\"15\"", "10.5 particles", "\"final\"", "whole"}),
    task(cells + kernel + initial + final + "particles = [0]", {"21:14", "particles", "\"0\""}),
    task(cells + kernel + initial + final + "particles = [10.5]", {"21:14", "particles", "\"10.5\""}),
    task(cells + kernel + initial + final + "particles = [100, 10]", {"21:19", "particles", "ascending"}),
    task(cells + kernel + initial + final + particles + "\nmethod = \"magic\"",
         {"22:1", "method", "unknown key"}),
    task(cells + kernel + initial + final + particles + "\ntrials = -1", {"22:10", "trials", "\"-1\""}),
    task(cells + kernel + initial + final + particles + "\ntrials = 1",
         {"22:10", "trials", "\"1\"", "0", "2"}),
    task(cells + kernel + initial + final + particles + "\ntrials = 2.5", {"22:10", "trials", "\"2.5\""}),
    task(cells + kernel + initial + final + particles + "\ntrials = 1000000001",
         {"22:10", "trials", "1000000000"}),
    task(cells + kernel + initial + final + particles + "\ntrials = \"many\"", {"22:10", "trials", "many"}),
    task(cells + kernel + initial + final + particles + "\ntrials = [100, 1000]", {"22:10", "trials"}),
    task(cells + kernel + initial + final + particles + "\ntrials = true", {"22:10", "trials"}),
    task(cells + kernel + initial + final + particles + "\nseed = -7", {"22:8", "seed", "\"-7\""}),
    task(cells + kernel + initial + final + particles + "\nseed = 0.5", {"22:8", "seed", "\"0.5\""}),
    task(cells + kernel + initial + final + particles + "\nseed = 9007199254740993", {"22:8", "seed"}),
    task(cells + kernel + initial + final + particles + "\nseed = \"random\"", {"22:8", "seed", "random"}),
    task(cells + kernel + initial + final + particles + "\ncount = 100", {"22:1", "count", "unknown key"}),
    // At most 0.6 can come to the second cell, which should hold 0.7.
    task(cells + "kernel = [[1.0, 0.0], [0.0, 1.0]]\n" + initial + "final = [0.3, 0.7]\n" + particles,
         {"20:9", "final", "cannot join", "cell 1"}),
};

}  // namespace

BOOST_DATA_TEST_CASE(wrong_tasks, wrong_cells, wrong) {
  check_refused(wrong);
}

BOOST_AUTO_TEST_CASE(cells_alone_need_no_process) {
  const std::string task = "[[task]]\n" + cells + kernel + initial + final + particles + "\n";
  const Experiment alone = parse_experiment(task, "cells.toml", {});
  BOOST_TEST(!alone.has_process);
  BOOST_TEST(alone.tasks[0]->text().control == "2 cells to 2, 2 numbers of particles");
  // What is written out can be read again, and nothing of a process was added.
  BOOST_TEST(parse_experiment(alone.text, "again.toml", {}).text == alone.text);
  BOOST_TEST(alone.text.find("process") == std::string::npos);
  const auto message = [](const std::string& text) -> std::string {
    try {
      parse_experiment(text, "cells.toml", {});
    } catch (const ExperimentError& error) {
      return error.what();
    }
    return {};
  };
  BOOST_TEST(message(task + "[[task]]\nsolve = \"hjb\"\n").find("process") != std::string::npos);
  BOOST_TEST(message(task + "[time]\nstop = 1\n").find("process") != std::string::npos);
  BOOST_TEST(message("title = \"nothing\"\n").find("process") != std::string::npos);
}
