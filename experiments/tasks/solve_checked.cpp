// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/solve_checked.hpp"

#include <stdexcept>

#include "experiments/output/value_check.hpp"
#include "experiments/tasks/run_checks.hpp"
#include "solver/bridge/schroedinger_system.hpp"
#include "solver/spectrum/eigen/eigen_solver.hpp"

namespace umkehr {
SolvedTask solve_checked(const Experiment& experiment, const Task& task, Replays& replays,
                         const Progress& progress) {
  const std::string place = "task \"" + task.name + "\": ";
  try {
    return checked(experiment, task, task.solve(experiment, replays, progress));
  } catch (const StepFailure& failure) {
    throw StepFailure(place + failure.what());
  } catch (const NotConverged& failure) {
    throw StepFailure(place + failure.what());
  } catch (const EigenFailure& failure) {
    throw StepFailure(place + failure.what());
  } catch (const WrongValue& failure) {
    throw StepFailure(place + failure.what());
  } catch (const std::logic_error& wrong) {  // choices that do not fit the problem, a law that is none here
    throw ExperimentError(place + wrong.what());
  }
}

}  // namespace umkehr
