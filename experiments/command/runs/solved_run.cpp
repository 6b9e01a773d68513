// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/command/runs/solved_run.hpp"

#include <algorithm>

#include "experiments/command/machine/interrupt.hpp"
#include "experiments/output/disk/unfinished.hpp"

namespace umkehr {
namespace {

std::string written_text(const Run& run) {
  return "the result was written to " + run.file.string();
}

}  // namespace

SolvedRun::SolvedRun(const Experiment& experiment, const std::filesystem::path& file)
    : experiment_(experiment), run_{{experiment.title, "umkehr " UMKEHR_VERSION, experiment.text, {}, {}},
                                    {},
                                    file,
                                    0,
                                    experiment.warnings,
                                    {}} {}

void SolvedRun::add(const SolvedTask& task, Group group) {
  const std::lock_guard lock(mutex_);
  run_.tasks.push_back({task.steps, task.refused, task.seconds});
  run_.result.groups.push_back(std::move(group));
  say_when_interrupted("nothing was written; --keep-going would write the finished tasks");
}

void SolvedRun::add_swept(std::vector<TaskRun> runs, Group group) {
  const std::lock_guard lock(mutex_);
  run_.swept.push_back(std::move(runs));
  run_.result.groups.push_back(std::move(group));
}

void SolvedRun::fail(const std::string& task, const std::string& why) {
  const std::lock_guard lock(mutex_);
  run_.result.failed.push_back({task, why});
}

bool SolvedRun::has_failed(const std::string& task) const {
  const std::vector<Failure>& failed = run_.result.failed;
  return std::any_of(failed.begin(), failed.end(), [&](const Failure& one) { return one.task == task; });
}

void SolvedRun::prepare(std::chrono::steady_clock::time_point start) {
  const std::lock_guard lock(mutex_);
  prepared_.emplace(run_.result, run_.file);
  run_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void SolvedRun::put_in_place() {
  const unfinished::Hold hold;
  prepared_->commit();
  is_written_ = true;
  say_when_interrupted(written_text(run_));
}

void SolvedRun::commit() {
  const std::lock_guard lock(mutex_);
  put_in_place();
  prepared_->flush_folder();
}

std::string SolvedRun::write_finished() {
  if (is_written_) return written_text(run_);
  if (prepared_) {
    put_in_place();
    return written_text(run_);
  }
  if (run_.result.groups.empty()) return "nothing was written, since no task had finished";
  std::string left;
  for (const auto& task : experiment_.tasks) {
    if (run_.result.find(task->name) != nullptr || has_failed(task->name)) continue;
    run_.result.failed.push_back({task->name, left.empty() ? "interrupted" : "not started"});
    left += (left.empty() ? "" : ", ") + task->name;
  }
  write_result(run_.result, run_.file);
  return "the finished tasks were written to " + run_.file.string() +
         (left.empty() ? "" : ", without " + left);
}

std::string SolvedRun::rescue() noexcept {
  const std::lock_guard lock(mutex_);
  try {
    return write_finished();
  } catch (const std::exception& error) {
    return std::string("nothing was written: ") + error.what();
  }
}

}  // namespace umkehr
