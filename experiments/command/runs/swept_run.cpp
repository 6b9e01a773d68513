// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/swept_run.hpp"

#include <algorithm>

#include "experiments/command/machine/interrupt.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_failures = 100;  // that are told in a file

/// The warnings of all, each once.
Experiment whole_experiment(const Sweep& sweep) {
  Experiment whole = sweep.experiments.front();
  whole.text = sweep.text;
  for (const Experiment& experiment : sweep.experiments)
    for (const std::string& warning : experiment.warnings)
      if (std::find(whole.warnings.begin(), whole.warnings.end(), warning) == whole.warnings.end())
        whole.warnings.push_back(warning);
  return whole;
}

}  // namespace

std::vector<Coordinate> swept_coordinates(const Sweep& sweep) {
  std::vector<Coordinate> keys;
  for (const SweptKey& key : sweep.keys)
    keys.push_back({key.name,
                    key.numbers,
                    "swept: " + key.key,
                    {},
                    key.is_integer,
                    key.key,
                    key.is_text ? key.texts : std::vector<std::string>()});
  return keys;
}

SweptRun::SweptRun(const Sweep& sweep, const std::filesystem::path& file)
    : sweep_(sweep),
      experiment_(whole_experiment(sweep)),
      solved_(experiment_, file),
      groups_(experiment_.tasks.size(), SweptGroup(swept_coordinates(sweep))),
      task_runs_(experiment_.tasks.size(),
                 std::vector<TaskRun>(sweep.experiments.size(), TaskRun{0, 0, 0, false})) {}

std::vector<std::size_t> SweptRun::alike(std::size_t run, std::size_t task) const {
  std::vector<std::size_t> runs;
  for (std::size_t n = run; n < sweep_.first_alike.size(); ++n)
    if (sweep_.first_alike[n][task] == run) runs.push_back(n);
  return runs;
}

std::string SweptRun::where(std::size_t run, std::size_t task) const {
  return alike(run, task).size() == sweep_.experiments.size() ? "" : "with " + sweep_.values_of(run) + ": ";
}

void SweptRun::add(std::size_t run, std::size_t task, SolvedTask solved) {
  const std::vector<std::size_t> runs = alike(run, task);
  const std::lock_guard lock(mutex_);
  groups_[task].put(runs, std::move(solved.group));
  for (const std::size_t n : runs) task_runs_[task][n] = {solved.steps, solved.refused, solved.seconds};
  done_.insert({run, task});
  say_when_interrupted("nothing was written; --keep-going would write the finished runs");
}

void SweptRun::fail(std::size_t run, std::size_t task, const std::string& why) {
  const std::lock_guard lock(mutex_);
  failed_.insert({run, task});
  failures_.push_back({experiment_.tasks[task]->name, where(run, task) + why});
}

bool SweptRun::has_failed(std::size_t run, std::size_t task) const {
  const std::lock_guard lock(mutex_);
  return failed_.contains({sweep_.first_alike[run][task], task});
}

void SweptRun::put_together() {
  if (is_put_together_) return;
  is_put_together_ = true;
  for (std::size_t task = 0; task < groups_.size(); ++task)
    if (!groups_[task].is_empty()) solved_.add_swept(std::move(task_runs_[task]), groups_[task].take_whole());
  for (std::size_t n = 0; n < std::min(failures_.size(), max_failures); ++n)
    solved_.fail(failures_[n].task, failures_[n].why);
  if (failures_.size() > max_failures)
    solved_.fail("sweep", "and " + std::to_string(failures_.size() - max_failures) + " more failures");
}

SolvedRun& SweptRun::whole() {
  const std::lock_guard lock(mutex_);
  put_together();
  return solved_;
}

std::string SweptRun::rescue() noexcept {
  const std::lock_guard lock(mutex_);
  try {
    for (std::size_t run = 0; run < sweep_.experiments.size(); ++run)
      for (std::size_t task = 0; task < groups_.size(); ++task) {
        const std::pair<std::size_t, std::size_t> one{run, task};
        if (sweep_.first_alike[run][task] == run && !done_.contains(one) && !failed_.contains(one))
          failures_.push_back({experiment_.tasks[task]->name, where(run, task) + "not finished"});
      }
    put_together();
    return solved_.rescue();
  } catch (const std::exception& error) {
    return std::string("nothing was written: ") + error.what();
  }
}

}  // namespace umkehr
