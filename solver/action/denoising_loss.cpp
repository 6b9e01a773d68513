// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/action/denoising_loss.hpp"

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "grids/failure.hpp"
#include "grids/machine/team.hpp"
#include "solver/action/relaxation_measure.hpp"
#include "solver/law/affine.hpp"
#include "solver/law/sample/law_sample.hpp"
#include "solver/particles/brownian_source.hpp"
#include "solver/particles/grouped_sums.hpp"
#include "solver/particles/time_steps.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_strata = 256, max_loss_groups = 128, min_loss_groups = 32;
constexpr std::uint64_t loss_purpose = 1;  // other numbers than those of the paths
constexpr std::uint32_t stream_of_place = 0, stream_of_noise = 1u << 16;
constexpr double a_draw = 100;  // nanoseconds

double log_determinant(const Eigen::MatrixXd& a) {
  return Eigen::PartialPivLU<Eigen::MatrixXd>(a).matrixLU().diagonal().array().abs().log().sum();
}

/// A time within each stratum, and the transition from the origin to it.
struct Stratum {
  double time, length;
  GaussianTransport transition;
  std::shared_ptr<const LawAtTime> exact;  // where the model holds its score
};

/// What the draws in a stratum add to each group: the part with S, and the excess of the part without it over its mean.
struct StratumSums {
  std::vector<double> value, square;
  double product = 0, square_of_square = 0;  // of the deviations, for a regression
};

/// Of the value on the square in the strata beside this one, whose draws are independent of its own.
double regression_beside(const std::vector<StratumSums>& sums, std::size_t n) {
  double product = 0, square = 0;
  const auto add = [&](const StratumSums& beside) {
    product += beside.product;
    square += beside.square_of_square;
  };
  if (n > 0) add(sums[n - 1]);
  if (n + 1 < sums.size()) add(sums[n + 1]);
  return square > 0 ? product / square : 0;
}

class LossByDraws {
 public:
  LossByDraws(const DenoisingLossProblem& on, const DenoisingLossChoices& choices)
      : on_(on),
        affine_(affine_of(on.process)),
        source_(choices.seed, loss_purpose),
        sampler_(on.initial, nullptr),
        d_(on.process.dimension()),
        pairs_((choices.particles + 1) / 2) {
    strata_wanted_ = std::clamp<std::size_t>(pairs_ / min_loss_groups, 1, max_strata);
    make_strata();
    draws_ = std::max<std::size_t>(2, (pairs_ + strata_.size() - 1) / strata_.size());
    groups_ = std::min(draws_, max_loss_groups);
  }

  Estimate solve() const {
    std::vector<StratumSums> sums(strata_.size());
    share(strata_.size(), a_draw * static_cast<double>(draws_ * d_),
          [&](std::size_t n) { sums[n] = sums_of(n); });
    GroupedSums grouped(groups_, 2);
    for (std::size_t i = 0; i < draws_; ++i) grouped[group_of(i)][1] += 1;
    for (std::size_t n = 0; n < sums.size(); ++n) {
      const double share_of_square = regression_beside(sums, n);
      for (std::size_t g = 0; g < groups_; ++g)
        grouped[g][0] += sums[n].value[g] - share_of_square * sums[n].square[g];
    }
    Estimate loss = grouped.estimate(0, 2, [](std::span<const double> sum) { return sum[0] / sum[1]; });
    loss.value += without_score_;
    if (!std::isfinite(loss.value) || !std::isfinite(loss.error))
      throw NumericalFailure("the denoising loss is not finite; is the score, at every place?");
    return loss;
  }

 private:
  static AffineProcess affine_of(const Process& process) {
    std::optional<AffineProcess> affine = AffineProcess::of(process);
    if (!affine) throw UnfitProblem("the denoising loss is drawn for affine processes alone");
    return std::move(*affine);
  }

  std::vector<double> edges(const GaussianTransport& at_start, const GaussianTransport& at_stop) const {
    const auto measure = relaxation_measure(on_.process, on_.start, at_start.noise.diagonal().minCoeff(),
                                            at_stop.noise.diagonal().minCoeff());
    const double length = (on_.stop - on_.start) / static_cast<double>(strata_wanted_);
    return graded_steps(on_.start, {on_.stop}, affine_.jumps(on_.start, on_.stop), length, measure).times;
  }

  /// Transitions are composed from stratum to stratum.
  void make_strata() {
    if (!(on_.origin < on_.start)) throw UnfitProblem("the denoising loss needs origin < start");
    GaussianTransport now = affine_.transport(on_.origin, on_.start);
    const GaussianTransport at_start = now;
    const std::vector<double> edge = edges(at_start, affine_.transport(on_.origin, on_.stop));
    std::vector<double> place(edge.size() - 1);
    source_.uniforms(0, 0, stream_of_noise - 1, place);
    double time = on_.start, log_push = 0;
    const auto go_to = [&](double next) {
      const GaussianTransport step = affine_.transport(time, next);
      log_push += log_determinant(step.transition);
      now = now.then(step).value();
      time = next;
    };
    for (std::size_t n = 0; n + 1 < edge.size(); ++n) {
      const double length = edge[n + 1] - edge[n];
      go_to(std::min(edge[n] + place[n] * length, edge[n + 1]));
      strata_.push_back({time, length, now, on_.score.needs_exact_score() ? on_.exact->at(time) : nullptr});
    }
    go_to(on_.stop);
    // int tr A = ln det E, from the start to the stop.
    without_score_ = (log_determinant(now.noise) - log_determinant(at_start.noise)) / 2 - log_push;
  }

  std::size_t group_of(std::size_t draw) const { return draw * groups_ / draws_; }

  StratumSums sums_of(std::size_t n) const {
    const Stratum& stratum = strata_[n];
    const Points first = places_at_origin(n);
    const auto [noise, kick] = noises(n);
    std::vector<double> value(draws_);
    for (const double sign : {1.0, -1.0}) add_side(stratum, first, noise, kick, sign, value);
    return grouped(value, squares(stratum, kick));
  }

  /// R z and R^-T z.
  std::pair<Points, Points> noises(std::size_t n) const {
    const Eigen::MatrixXd root = Eigen::LLT<Eigen::MatrixXd>(strata_[n].transition.noise).matrixL();
    const Points normals = normals_of(n, stream_of_noise, d_);
    Points noise(d_, draws_), kick(d_, draws_);
    Eigen::VectorXd z(static_cast<Eigen::Index>(d_));
    for (std::size_t i = 0; i < draws_; ++i) {
      for (std::size_t k = 0; k < d_; ++k) z[static_cast<Eigen::Index>(k)] = normals[k][i];
      const Eigen::VectorXd moved = root * z, back = root.transpose().triangularView<Eigen::Upper>().solve(z);
      for (std::size_t k = 0; k < d_; ++k) {
        noise[k][i] = moved[static_cast<Eigen::Index>(k)];
        kick[k][i] = back[static_cast<Eigen::Index>(k)];
      }
    }
    return {std::move(noise), std::move(kick)};
  }

  /// 1/2 sum_k D_k ((R^-T z)_k^2 - (Sigma^-1)_kk), whose mean is zero, times the stratum's length.
  std::vector<double> squares(const Stratum& stratum, const Points& kick) const {
    const Eigen::MatrixXd precision = stratum.transition.noise.inverse();
    std::vector<double> out(draws_);
    for (std::size_t k = 0; k < d_; ++k) {
      const auto place = static_cast<Eigen::Index>(k);
      const double share = on_.process.diffusion[k](stratum.time) * stratum.length / 2;
      for (std::size_t i = 0; i < draws_; ++i)
        out[i] += share * (kick[k][i] * kick[k][i] - precision(place, place));
    }
    return out;
  }

  StratumSums grouped(const std::vector<double>& value, const std::vector<double>& square) const {
    StratumSums sums{std::vector<double>(groups_), std::vector<double>(groups_)};
    const auto mean = [this](const std::vector<double>& of) {
      return std::accumulate(of.begin(), of.end(), 0.0) / static_cast<double>(draws_);
    };
    const double mean_value = mean(value), mean_square = mean(square);
    for (std::size_t i = 0; i < draws_; ++i) {
      sums.value[group_of(i)] += value[i];
      sums.square[group_of(i)] += square[i];
      sums.product += (value[i] - mean_value) * (square[i] - mean_square);
      sums.square_of_square += (square[i] - mean_square) * (square[i] - mean_square);
    }
    return sums;
  }

  Points normals_of(std::size_t n, std::uint32_t stream, std::size_t axes) const {
    Points normals(axes, draws_);
    for (std::size_t k = 0; k < axes; ++k)
      source_.normals(0, static_cast<std::uint32_t>(n), stream + static_cast<std::uint32_t>(k), normals[k]);
    return normals;
  }

  Points places_at_origin(std::size_t n) const {
    const Points normals = normals_of(n, stream_of_place, sampler_.normals());
    Points uniforms(sampler_.uniforms(), draws_), x(d_, draws_);
    for (std::size_t k = 0; k < uniforms.dimension(); ++k)
      source_.uniforms(0, static_cast<std::uint32_t>(n), stream_of_place + static_cast<std::uint32_t>(k),
                       uniforms[k]);
    sampler_.draw(uniforms, normals, x);
    return x;
  }

  /// 1/2 sum_k D_k (S_k^2 + 2 S_k (R^-T z)_k) times the stratum's length, a half of the mean of z and -z.
  void add_side(const Stratum& stratum, const Points& first, const Points& noise, const Points& kick,
                double sign, std::vector<double>& value) const {
    const Points x = moved(stratum, first, noise, sign);
    Components model(d_, std::vector<double>(draws_)), exact = model;
    if (stratum.exact) stratum.exact->score(x, exact);
    on_.score(x, exact, stratum.time, model);
    for (std::size_t k = 0; k < d_; ++k) {
      const double share = on_.process.diffusion[k](stratum.time) * stratum.length / 4;
      for (std::size_t i = 0; i < draws_; ++i)
        value[i] += share * model[k][i] * (model[k][i] + 2 * sign * kick[k][i]);
    }
  }

  Points moved(const Stratum& stratum, const Points& first, const Points& noise, double sign) const {
    Points x(d_, draws_);
    const Eigen::MatrixXd& push = stratum.transition.transition;
    const auto d = static_cast<Eigen::Index>(d_);
    for (Eigen::Index k = 0; k < d; ++k)
      for (std::size_t i = 0; i < draws_; ++i) {
        double place = push(k, d);
        for (Eigen::Index j = 0; j < d; ++j) place += push(k, j) * first[static_cast<std::size_t>(j)][i];
        x[static_cast<std::size_t>(k)][i] = place + sign * noise[static_cast<std::size_t>(k)][i];
      }
    return x;
  }

  const DenoisingLossProblem& on_;
  AffineProcess affine_;
  BrownianSource source_;
  LawSampler sampler_;
  std::size_t d_, pairs_, strata_wanted_ = 1, draws_ = 2, groups_ = 2;
  std::vector<Stratum> strata_;
  double without_score_ = 0;  // of (3.43), the part that does not know S
};

}  // namespace

Estimate denoising_loss(const DenoisingLossProblem& problem, const DenoisingLossChoices& choices) {
  return LossByDraws(problem, choices).solve();
}

}  // namespace umkehr
