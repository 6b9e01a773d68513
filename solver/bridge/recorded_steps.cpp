// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/recorded_steps.hpp"

#include <algorithm>
#include <stdexcept>

#include "solver/propagator/finite_volume.hpp"
#include "solver/propagator/fourier.hpp"

namespace umkehr {
namespace {

class FiniteVolumeSteps : public FieldSteps {
 public:
  FiniteVolumeSteps(const Process& process, const Grid& grid) : volumes_(process, grid) {}
  Discretisation& discretisation() override { return volumes_; }
  void to_state(std::span<const double> values, std::span<double> state) override {
    std::fill(std::copy(values.begin(), values.end(), state.begin()), state.end(), 0.0);
  }

 private:
  FiniteVolume volumes_;
};

class FourierSteps : public FieldSteps, private Fourier {
 public:
  FourierSteps(const Process& process, const Grid& grid) : Fourier(process, grid) {}
  Discretisation& discretisation() override { return *this; }
  void to_state(std::span<const double> values, std::span<double> state) override {
    generator().to_state(values, state);
  }
};

}  // namespace

std::unique_ptr<FieldSteps> finite_volume_steps(const Process& process, const Grid& grid) {
  return std::make_unique<FiniteVolumeSteps>(process, grid);
}

std::unique_ptr<FieldSteps> fourier_steps(const Process& process, const Grid& grid) {
  return std::make_unique<FourierSteps>(process, grid);
}

RecordedSteps::RecordedSteps(std::unique_ptr<FieldSteps> fields, std::span<const double> initial,
                             const std::vector<double>& times, double tolerance)
    : fields_(std::move(fields)), state_(fields_->discretisation().size()) {
  fields_->to_state(initial, state_);
  StepControl control;
  control.tolerance = tolerance;
  steps_ = march_forward(fields_->discretisation(), state_, times, control, {}).steps;
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
  fields_->to_state(values, state_);
  take();
  fields_->discretisation().density(state_, values);
}

void RecordedSteps::forward(std::span<double> values, double start, double stop) {
  const std::span<const Step> steps = between(start, stop);
  act(values, [&] {
    for (const Step& step : steps) fields_->discretisation().forward(state_, step);
  });
}

void RecordedSteps::backward(std::span<double> values, double start, double stop) {
  const std::span<const Step> steps = between(start, stop);
  act(values, [&] {
    for (auto step = steps.rbegin(); step != steps.rend(); ++step)
      fields_->discretisation().backward(state_, *step);
  });
}

std::size_t RecordedSteps::memory() const {
  return fields_->discretisation().memory() + state_.size() * sizeof(double);
}

}  // namespace umkehr
