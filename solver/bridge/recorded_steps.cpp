// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/recorded_steps.hpp"

#include <algorithm>
#include <stdexcept>

namespace umkehr {
RecordedSteps::RecordedSteps(const Process& process, const Grid& grid, std::span<const double> initial,
                             const std::vector<double>& times, double tolerance)
    : volumes_(process, grid), state_(volumes_.size()) {
  to_state(initial);
  StepControl control;
  control.tolerance = tolerance;
  steps_ = march_forward(volumes_, state_, times, control, {}).steps;
}

void RecordedSteps::to_state(std::span<const double> values) {
  std::fill(std::copy(values.begin(), values.end(), state_.begin()), state_.end(), 0.0);
}

std::span<const Step> RecordedSteps::between(double start, double stop) const {
  const auto first =
      std::find_if(steps_.begin(), steps_.end(), [&](const Step& s) { return s.start >= start; });
  const auto last = std::find_if(first, steps_.end(), [&](const Step& s) { return s.stop > stop; });
  if (first == last || first->start != start || (last - 1)->stop != stop)
    throw std::invalid_argument("no steps were recorded between t = " + std::to_string(start) + " and " +
                                std::to_string(stop));
  return {first, last};
}

template <class Take>
void RecordedSteps::act(std::span<double> values, const Take& take) {
  to_state(values);
  take();
  volumes_.density(state_, values);
}

void RecordedSteps::forward(std::span<double> values, double start, double stop) {
  const std::span<const Step> steps = between(start, stop);
  act(values, [&] {
    for (const Step& step : steps) volumes_.forward(state_, step);
  });
}

void RecordedSteps::backward(std::span<double> values, double start, double stop) {
  const std::span<const Step> steps = between(start, stop);
  act(values, [&] {
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) volumes_.backward(state_, *step);
  });
}

std::size_t RecordedSteps::memory() const {
  return volumes_.memory() + state_.size() * sizeof(double);
}

}  // namespace umkehr
