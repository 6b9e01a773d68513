// SPDX-License-Identifier: GPL-3.0-or-later
// Method of lines backwards from the stop: Godunov's Hamiltonian, diffusion implicit, in Strang's splitting
//   S(h) = exp(h/2 diffusion) exp(h Hamiltonian) exp(h/2 diffusion),
// the Hamiltonian by a strong-stability-preserving Runge-Kutta scheme of order 4 in as many substeps as keep waves within
// a cell (Spiteri & Ruuth, SIAM J. Numer. Anal. 40 (2002) 469). Romberg's extrapolation of S(h), S(h/2)^2, S(h/4)^4, whose
// errors run in even powers of h, gives order 6 in time; what its last column changes is the estimated error.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

#include "grids/axis_lines.hpp"
#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/hjb/hjb_march.hpp"
#include "solver/hjb/lines/godunov.hpp"
#include "solver/hjb/lines/line_diffusion.hpp"
#include "solver/process/sampled_coefficient.hpp"

namespace umkehr {
namespace {

using Field = std::vector<double>;

/// u_i = initial u_0 + previous u_(i-1) + factor dt F(u_(i-1)) at the node's time.
struct Stage {
  double node, initial, previous, factor;
};
constexpr std::array<Stage, 4> stages = {
    {{0, 1, 0, 0.391752226571890},
     {0.391752226571890, 0.444370493651235, 0.555629506348765, 0.368410593050371},
     {0.586079689311540, 0.620101851488403, 0.379898148511597, 0.251891774271694},
     {0.474542363121400, 0.178079954393132, 0.821920045606868, 0.544974750228521}}};
constexpr double last_node = 0.935010630967653;
constexpr double longest_wave = 1.0;  // cells that a wave may cross in a substep

/// That a batch of lines takes.
double nanoseconds(const AxisLines& lines, double a_value) {
  return a_value * static_cast<double>(lines.length() * lanes::width);
}

double* values(Lanes* line) {
  return reinterpret_cast<double*>(line);
}

class FiniteDifferences final : public HjbScheme {
 public:
  explicit FiniteDifferences(const HjbProblem& problem)
      : problem_(problem),
        centres_(std::make_shared<const Points>(problem.grid.centres())),
        killing_(problem.process.killing, centres_) {
    for (std::size_t k = 0; k < problem.grid.dimension(); ++k) {
      const Axis& axis = problem.grid.axis(k);
      drift_.emplace_back(problem.process.drift[k], centres_);
      lines_.emplace_back(problem.grid, k, lanes::width);
      diffusion_.emplace_back(axis.points, axis.spacing(), problem.choices.order, problem.is_periodic(k));
    }
    for (Field* field : {&slope_, &stage_[0], &stage_[1], &stage_[2], &third_slope_})
      field->resize(problem.grid.size());
  }

  Field initial() override {
    Field state(problem_.grid.size());
    problem_.terminal(*centres_, problem_.stop, state);
    return state;
  }

  /// From s down to s - h.
  void step(Field& state, double s, double h, Field& error) override {
    std::array<Field, 3> coarse = {state, state, state};
    for (std::size_t level = 0; level < 3; ++level) {
      const int parts = 1 << level;
      for (int n = 0; n < parts; ++n) split_step(coarse[level], s - h * n / parts, s - h * (n + 1) / parts);
    }
    error.resize(state.size());
    for (std::size_t i = 0; i < state.size(); ++i) {
      const double second = coarse[1][i] + (coarse[1][i] - coarse[0][i]) / 3;
      const double finer = coarse[2][i] + (coarse[2][i] - coarse[1][i]) / 3;
      error[i] = (finer - second) / 15;
      state[i] = finer + error[i];
    }
  }
  int error_order() const override { return 5; }

  void fields(std::span<const double> state, double s, std::span<double> value,
              const std::vector<std::span<double>>& control) override {
    std::copy(state.begin(), state.end(), value.begin());
    for (std::size_t k = 0; k < lines_.size(); ++k) {
      const double diffusion = problem_.process.diffusion[k](s);
      over_lines(
          k, state, s, [&](std::size_t, const godunov::Chosen& chosen) { return -diffusion * chosen.slope; },
          control[k], false);
    }
  }

 private:
  void split_step(Field& state, double from, double to) {
    const double middle = 0.5 * (from + to);
    diffuse(state, middle, from);
    steer(state, from, to);
    diffuse(state, to, middle);
  }

  void diffuse(Field& state, double from, double to) {
    for (std::size_t k = 0; k < lines_.size(); ++k) {
      const AxisLines& lines = lines_[k];
      diffusion_[k].prepare(0.5 * time_integral(problem_.process.diffusion[k], from, to));
      share_pieces({lines.batches(), nanoseconds(lines, 3)}, [&](const Piece& piece) {
        std::vector<Lanes> line(lines.length()), scratch(2 * lines.length());
        for (std::size_t batch = piece.first; batch < piece.last; ++batch) {
          lines.gather(state.data(), batch, values(line.data()));
          diffusion_[k].apply(line.data(), scratch.data());
          lines.scatter(values(line.data()), batch, state.data());
        }
      });
    }
  }

  /// d lambda/d(stop - s) without diffusion, V - sum_k H_k; returns the fastest wave in cells a unit of time.
  double slope(const Field& state, double s, Field& out) {
    const std::span<const double> killing = killing_.at(s);
    if (killing_.is_zero())
      std::fill(out.begin(), out.end(), 0.0);
    else
      std::copy(killing.begin(), killing.end(), out.begin());
    double fastest = 0;
    for (std::size_t k = 0; k < lines_.size(); ++k)
      fastest += over_lines(
          k, state, s, [](std::size_t, const godunov::Chosen& c) { return -c.hamiltonian; }, out, true);
    return fastest;
  }

  /// Puts (or adds) what `act` makes of the chosen slopes along axis k.
  template <class Act>
  double over_lines(std::size_t k, std::span<const double> state, double s, Act act, std::span<double> out,
                    bool adds) {
    constexpr std::size_t ghosts = 3;
    const AxisLines& lines = lines_[k];
    const std::size_t n = lines.length();
    const double diffusion = problem_.process.diffusion[k](s), inverse = 1 / problem_.grid.axis(k).spacing();
    const std::span<const double> drift = drift_[k].at(s);
    const bool drifts = !drift_[k].is_zero();
    const int order = problem_.choices.order;
    std::vector<double> fastest(lines.batches());
    share_pieces({lines.batches(), nanoseconds(lines, 5)}, [&](const Piece& piece) {
      std::vector<Lanes> line(n + 2 * ghosts), result(n), b(n, Lanes{});
      for (std::size_t number = piece.first; number < piece.last; ++number) {
        lines.gather(state.data(), number, values(line.data() + ghosts));
        if (drifts) lines.gather(drift.data(), number, values(b.data()));
        if (adds) lines.gather(out.data(), number, values(result.data()));
        extend(line.data() + ghosts, n, problem_.is_periodic(k));
        Lanes waves{};
        for (std::size_t i = 0; i < n; ++i) {
          const godunov::Slopes p = godunov::slopes(line.data() + ghosts + i, inverse, order);
          const Lanes acted = act(i, godunov::choose(p, b[i], diffusion));
          result[i] = adds ? result[i] + acted : acted;
          const Lanes left = lanes::abs(diffusion * p.left - b[i]),
                      right = lanes::abs(diffusion * p.right - b[i]);
          waves = lanes::select(left > waves, left, waves);
          waves = lanes::select(right > waves, right, waves);
        }
        for (std::size_t l = 0; l < lanes::width; ++l) fastest[number] = std::max(fastest[number], waves[l]);
        lines.scatter(values(result.data()), number, out.data());
      }
    });
    return *std::max_element(fastest.begin(), fastest.end()) * inverse;
  }

  /// Three values beyond each end: of the parabola through the last three, or of the other end.
  static void extend(Lanes* f, std::size_t n, bool periodic) {
    Lanes* end = f + n;
    for (int j = 1; j <= 3; ++j) {
      if (periodic) {
        f[-j] = end[-j];
        end[j - 1] = f[j - 1];
        continue;
      }
      const double a = 0.5 * (j + 1) * (j + 2), b = -j * (j + 2.0), c = 0.5 * j * (j + 1);
      f[-j] = a * f[0] + b * f[1] + c * f[2];
      end[j - 1] = a * end[-1] + b * end[-2] + c * end[-3];
    }
  }

  void steer(Field& state, double from, double to) {
    for (double s = from; s > to;) {
      const double waves = slope(state, s, slope_), left = s - to;
      if (!std::isfinite(waves)) {
        std::fill(state.begin(), state.end(), std::numeric_limits<double>::quiet_NaN());
        return;
      }
      const double parts = std::max(1.0, std::ceil(left * waves / longest_wave));
      if (parts > 1e6) throw NumericalFailure("controls too fast for the grid at t = " + std::to_string(s));
      const double dt = left / parts;
      runge_kutta(state, s, dt);
      s = parts == 1 ? to : s - dt;
    }
  }

  /// One substep, whose first slope is known.
  void runge_kutta(Field& state, double s, double dt) {
    const std::array<Field*, 5> u = {&state, &stage_[0], &stage_[1], &stage_[2], &stage_[0]};
    for (std::size_t n = 0; n < stages.size(); ++n) {
      const Stage& stage = stages[n];
      if (n > 0) slope(*u[n], s - stage.node * dt, slope_);
      if (n == 3) third_slope_ = slope_;
      const Field& previous = *u[n];
      Field& next = *u[n + 1];
      for (std::size_t i = 0; i < state.size(); ++i)
        next[i] = stage.initial * state[i] + stage.previous * previous[i] + stage.factor * dt * slope_[i];
    }
    slope(*u[4], s - last_node * dt, slope_);
    const Field &second = *u[2], &third = *u[3], &fourth = *u[4];
    for (std::size_t i = 0; i < state.size(); ++i)
      state[i] = 0.517231671970585 * second[i] + 0.096059710526147 * third[i] +
                 0.063692468666290 * dt * third_slope_[i] + 0.386708617503269 * fourth[i] +
                 0.226007483236906 * dt * slope_[i];
  }

  const HjbProblem& problem_;
  std::shared_ptr<const Points> centres_;
  SampledCoefficient killing_;
  std::vector<SampledCoefficient> drift_;
  std::vector<AxisLines> lines_;
  std::vector<LineDiffusion> diffusion_;
  Field slope_, third_slope_;
  std::array<Field, 3> stage_;
};

}  // namespace

std::unique_ptr<HjbScheme> finite_difference_scheme(const HjbProblem& problem) {
  return std::make_unique<FiniteDifferences>(problem);
}

}  // namespace umkehr
