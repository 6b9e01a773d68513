// SPDX-License-Identifier: GPL-3.0-or-later
// ln P = a + ln sum_c exp(a_c - a), a = max_c a_c, and grad ln P = sum_c s_c g_c, s_c = exp(a_c - ln P), g_c = -C_c^-1 (x - m_c);
// sum_k f_k d_k^2 ln P = sum_c s_c sum_k f_k (g_ck^2 - (C_c^-1)_kk) - sum_k f_k (d_k ln P)^2.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <numbers>
#include <optional>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/machine/elementary.hpp"
#include "grids/machine/team.hpp"
#include "solver/law/whitened.hpp"

namespace umkehr {

namespace {

constexpr std::size_t block =
    64;  // points that stay in registers and the first cache while components pass by
constexpr std::size_t vectors = block / lanes::width;

/// One block of points, all coordinates, padded with its own last point.
using Block = std::vector<double>;

Block gather(const Points& x, std::size_t from) {
  Block gathered(x.dimension() * block);
  for (std::size_t k = 0; k < x.dimension(); ++k)
    for (std::size_t i = 0; i < block; ++i) gathered[k * block + i] = x[k][std::min(from + i, x.count() - 1)];
  return gathered;
}

/// z = W (x - m) for component c at one vector of points; gives constant - |z|^2 / 2. D is the dimension where it is
/// known to the compiler, else 0.
template <std::size_t D, class Mixture>
[[gnu::always_inline]] inline Lanes exponent(const Mixture& mixture, std::size_t c, const double* x,
                                             Lanes* z) {
  const std::size_t d = D > 0 ? D : mixture.dimension;
  const double* mean = mixture.mean.data() + c * d;
  const double* inverse = mixture.inverse.data() + c * d * d;
  Lanes sum = lanes::broadcast(mixture.constant[c]);
  for (std::size_t r = 0; r < d; ++r) {
    z[r] = inverse[r * d] * (lanes::load(x) - mean[0]);
    for (std::size_t k = 1; k <= r; ++k) z[r] += inverse[r * d + k] * (lanes::load(x + k * block) - mean[k]);
    sum -= 0.5 * z[r] * z[r];
  }
  return sum;
}

using Sums = std::array<Lanes, vectors>;

template <std::size_t D, class Mixture>
Sums largest_exponents(const Mixture& mixture, const double* x, Lanes* z) {
  Sums largest;
  largest.fill(lanes::broadcast(-std::numeric_limits<double>::max()));
  for (std::size_t c = 0; c < mixture.count(); ++c)
    for (std::size_t v = 0; v < vectors; ++v) {
      const Lanes a = exponent<D>(mixture, c, x + v * lanes::width, z);
      largest[v] = lanes::select(a > largest[v], a, largest[v]);
    }
  return largest;
}

template <std::size_t D, class Mixture>
void log_density_of_block(const Mixture& mixture, const double* x, double* out) {
  std::vector<Lanes> z(mixture.dimension);
  const Sums largest = largest_exponents<D>(mixture, x, z.data());
  Sums sum{};
  for (std::size_t c = 0; c < mixture.count(); ++c)
    for (std::size_t v = 0; v < vectors; ++v)
      sum[v] += lanes::exp(exponent<D>(mixture, c, x + v * lanes::width, z.data()) - largest[v]);
  for (std::size_t v = 0; v < vectors; ++v) lanes::store(out + v * lanes::width, sum[v]);
  lanes::log({out, block}, {out, block});
  for (std::size_t v = 0; v < vectors; ++v)
    lanes::store(out + v * lanes::width, largest[v] + lanes::load(out + v * lanes::width));
}

template <std::size_t D, class Mixture>
void score_of_block(const Mixture& mixture, const double* x, std::size_t axis, double* out) {
  const std::size_t d = D > 0 ? D : mixture.dimension;
  std::vector<Lanes> z(d);
  const Sums largest = largest_exponents<D>(mixture, x, z.data());
  Sums sum{}, pull{};
  for (std::size_t c = 0; c < mixture.count(); ++c)
    for (std::size_t v = 0; v < vectors; ++v) {
      const Lanes share = lanes::exp(exponent<D>(mixture, c, x + v * lanes::width, z.data()) - largest[v]);
      Lanes gradient{};  // (W^T z) along the axis
      for (std::size_t r = axis; r < d; ++r) gradient += mixture.inverse[(c * d + r) * d + axis] * z[r];
      sum[v] += share;
      pull[v] += share * gradient;
    }
  for (std::size_t v = 0; v < vectors; ++v) lanes::store(out + v * lanes::width, -pull[v] / sum[v]);
}

/// sum_k f_k (C^-1)_kk
template <class Mixture>
double trace_of_inverse(const Mixture& mixture, std::size_t c, std::span<const double> factor) {
  const std::size_t d = mixture.dimension;
  double trace = 0;
  for (std::size_t r = 0; r < d; ++r)
    for (std::size_t k = 0; k <= r; ++k) {
      const double entry = mixture.inverse[(c * d + r) * d + k];
      trace += factor[k] * entry * entry;
    }
  return trace;
}

/// Sums over components for one block: of s_c, of s_c g_c and of s_c sum_k f_k (g_ck^2 - (C_c^-1)_kk), one vector of points after another.
struct ScoreSums {
  ScoreSums(std::size_t d, std::span<const double> factors)
      : factor(factors), pull(d * vectors), z(d), gradient(d) {}

  template <std::size_t D, class Mixture>
  void add(const Mixture& mixture, std::size_t c, double trace, std::size_t v, const double* x,
           Lanes largest) {
    constexpr std::size_t d = D;
    const double* inverse = mixture.inverse.data() + c * d * d;
    const Lanes part = lanes::exp(exponent<D>(mixture, c, x + v * lanes::width, z.data()) - largest);
    std::fill(gradient.begin(), gradient.end(), Lanes{});
    for (std::size_t r = 0; r < d; ++r)
      for (std::size_t k = 0; k <= r; ++k) gradient[k] += inverse[r * d + k] * z[r];
    Lanes square = lanes::broadcast(-trace);
    for (std::size_t k = 0; k < d; ++k) {
      pull[v * d + k] += part * gradient[k];
      square += factor[k] * gradient[k] * gradient[k];
    }
    share[v] += part;
    curvature[v] += part * square;
  }

  std::span<const double> factor;
  Sums share{}, curvature{};
  std::vector<Lanes> pull, z, gradient;
};

/// The same for a whole block at once, in many dimensions: the numbers of C_c^-1 pass by once, and what is summed is
/// rescaled whenever a larger exponent comes.
class WideScoreSums {
 public:
  WideScoreSums(std::size_t d, std::span<const double> factor)
      : d_(d),
        factor_(factor),
        from_mean_(d * vectors),
        z_(d * vectors),
        gradient_(d * vectors),
        pull_(d * vectors) {
    largest_.fill(lanes::broadcast(-std::numeric_limits<double>::max()));
  }

  template <class Mixture>
  void add(const Mixture& mixture, std::size_t c, const double* x) {
    whiten(mixture, c, x);
    turn_back(mixture, c);
    const double trace = trace_of_inverse(mixture, c, factor_);
    for (std::size_t v = 0; v < vectors; ++v) add(mixture.constant[c], trace, v);
  }

  void store(double* out, double* divergence) const {
    for (std::size_t v = 0; v < vectors; ++v) {
      Lanes laplacian = curvature_[v] / share_[v];
      for (std::size_t k = 0; k < d_; ++k) {
        const Lanes score = -pull_[k * vectors + v] / share_[v];
        lanes::store(out + k * block + v * lanes::width, score);
        laplacian -= factor_[k] * score * score;
      }
      lanes::store(divergence + v * lanes::width, laplacian);
    }
  }

 private:
  static void add_multiple(double factor, const Lanes* from, Sums& sum) {
    for (std::size_t v = 0; v < vectors; ++v) sum[v] += factor * from[v];
  }

  /// z = W (x - m)
  template <class Mixture>
  void whiten(const Mixture& mixture, std::size_t c, const double* x) {
    const double *mean = mixture.mean.data() + c * d_, *inverse = mixture.inverse.data() + c * d_ * d_;
    for (std::size_t k = 0; k < d_; ++k)
      for (std::size_t v = 0; v < vectors; ++v)
        from_mean_[k * vectors + v] = lanes::load(x + k * block + v * lanes::width) - mean[k];
    for (std::size_t r = 0; r < d_; ++r) {
      Sums sum{};
      for (std::size_t k = 0; k <= r; ++k) add_multiple(inverse[r * d_ + k], &from_mean_[k * vectors], sum);
      std::ranges::copy(sum, &z_[r * vectors]);
    }
  }

  /// W^T z
  template <class Mixture>
  void turn_back(const Mixture& mixture, std::size_t c) {
    const double* inverse = mixture.inverse.data() + c * d_ * d_;
    for (std::size_t k = 0; k < d_; ++k) {
      Sums sum{};
      for (std::size_t r = k; r < d_; ++r) add_multiple(inverse[r * d_ + k], &z_[r * vectors], sum);
      std::ranges::copy(sum, &gradient_[k * vectors]);
    }
  }

  void add(double constant, double trace, std::size_t v) {
    Lanes exponent = lanes::broadcast(constant), square = lanes::broadcast(-trace);
    for (std::size_t k = 0; k < d_; ++k) {
      exponent -= 0.5 * z_[k * vectors + v] * z_[k * vectors + v];
      square += factor_[k] * gradient_[k * vectors + v] * gradient_[k * vectors + v];
    }
    const Lanes most = lanes::select(exponent > largest_[v], exponent, largest_[v]);
    const Lanes before = lanes::exp(largest_[v] - most), part = lanes::exp(exponent - most);
    largest_[v] = most;
    share_[v] = before * share_[v] + part;
    curvature_[v] = before * curvature_[v] + part * square;
    for (std::size_t k = 0; k < d_; ++k)
      pull_[k * vectors + v] = before * pull_[k * vectors + v] + part * gradient_[k * vectors + v];
  }

  std::size_t d_;
  std::span<const double> factor_;
  Sums largest_, share_{}, curvature_{};
  std::vector<Lanes> from_mean_, z_, gradient_, pull_;
};

/// (d, 64) scores, and 64 divergences.
template <std::size_t D, class Mixture>
void scores_of_block(const Mixture& mixture, std::span<const double> factor, const double* x, double* out,
                     double* divergence) {
  if constexpr (D == 0) {
    WideScoreSums sums(mixture.dimension, factor);
    for (std::size_t c = 0; c < mixture.count(); ++c) sums.add(mixture, c, x);
    return sums.store(out, divergence);
  }
  constexpr std::size_t d = D;
  ScoreSums sums(d, factor);
  const Sums largest = largest_exponents<D>(mixture, x, sums.z.data());
  for (std::size_t c = 0; c < mixture.count(); ++c) {
    const double trace = trace_of_inverse(mixture, c, factor);
    for (std::size_t v = 0; v < vectors; ++v) sums.add<D>(mixture, c, trace, v, x, largest[v]);
  }
  for (std::size_t v = 0; v < vectors; ++v) {
    Lanes laplacian = sums.curvature[v] / sums.share[v];
    for (std::size_t k = 0; k < d; ++k) {
      const Lanes score = -sums.pull[v * d + k] / sums.share[v];
      lanes::store(out + k * block + v * lanes::width, score);
      laplacian -= factor[k] * score * score;
    }
    lanes::store(divergence + v * lanes::width, laplacian);
  }
}

/// Calls f with the dimension as a constant, or with 0 beyond three.
template <class Function>
void with_dimension(std::size_t dimension, const Function& f) {
  if (dimension == 1) return f(std::integral_constant<std::size_t, 1>());
  if (dimension == 2) return f(std::integral_constant<std::size_t, 2>());
  if (dimension == 3) return f(std::integral_constant<std::size_t, 3>());
  f(std::integral_constant<std::size_t, 0>());
}

/// That a block takes.
double nanoseconds(std::size_t components, std::size_t dimension) {
  const auto d = static_cast<double>(dimension);
  return static_cast<double>(block * components) * (2 + 0.5 * d * (d + 1));
}

/// Calls evaluate(block of points, 64 results) for all blocks of a batch.
template <class Evaluate>
void for_blocks(const Points& x, std::span<double> out, double nanoseconds, const Evaluate& evaluate) {
  const std::size_t blocks = (x.count() + block - 1) / block;
  share(blocks, nanoseconds, [&](std::size_t b) {
    std::array<double, block> result;
    evaluate(gather(x, b * block).data(), result.data());
    const std::size_t count = std::min(block, x.count() - b * block);
    std::copy_n(result.begin(), count, out.begin() + static_cast<std::ptrdiff_t>(b * block));
  });
}

}  // namespace

std::optional<Eigen::MatrixXd> cholesky_factor(const Eigen::MatrixXd& covariance) {
  const Eigen::VectorXd deviations = covariance.diagonal().cwiseMax(0).cwiseSqrt();
  if (!(deviations.minCoeff() > 0)) return {};
  const Eigen::VectorXd inverse = deviations.cwiseInverse();
  const std::optional<Eigen::MatrixXd> factor =
      cholesky(inverse.asDiagonal() * covariance * inverse.asDiagonal());
  // A pivot below 1e-14 of the variance is rounding.
  if (!factor || !(factor->diagonal().minCoeff() > 1e-7)) return {};
  return deviations.asDiagonal() * *factor;
}

std::shared_ptr<const GaussianMixture::Whitened> GaussianMixture::Whitened::of(
    const std::vector<Gaussian>& components) {
  auto whitened = std::make_shared<Whitened>();
  if (components.empty()) return whitened;
  const Eigen::Index d = components[0].mean.size();
  whitened->dimension = static_cast<std::size_t>(d);
  for (const Gaussian& gaussian : components) {
    const std::optional<Eigen::MatrixXd> factor = cholesky_factor(gaussian.covariance);
    if (!factor) return nullptr;
    if (gaussian.weight == 0) continue;
    const Eigen::MatrixXd inverse = invert_lower(*factor);
    whitened->constant.push_back(std::log(gaussian.weight) - factor->diagonal().array().log().sum() -
                                 0.5 * static_cast<double>(d) * std::log(2 * std::numbers::pi));
    whitened->mean.insert(whitened->mean.end(), gaussian.mean.begin(), gaussian.mean.end());
    for (Eigen::Index r = 0; r < d; ++r)
      for (Eigen::Index k = 0; k < d; ++k) whitened->inverse.push_back(inverse(r, k));
  }
  return whitened;
}

const GaussianMixture::Whitened& GaussianMixture::whitened_for(const Points& x) const {
  if (is_singular()) throw UnfitProblem("a mixture with a point mass or a flat component has no density");
  if (x.dimension() != dimension()) throw UnfitProblem("points and mixture differ in dimension");
  return *whitened_;
}

void GaussianMixture::log_density(const Points& x, std::span<double> out) const {
  const Whitened& mixture = whitened_for(x);
  with_dimension(dimension(), [&](auto d) {
    for_blocks(x, out, nanoseconds(mixture.count(), dimension()), [&](const double* points, double* result) {
      log_density_of_block<d()>(mixture, points, result);
    });
  });
}

void GaussianMixture::density(const Points& x, std::span<double> out) const {
  log_density(x, out);
  lanes::exp(out, out);
}

void GaussianMixture::score(const Points& x, std::size_t axis, std::span<double> out) const {
  const Whitened& mixture = whitened_for(x);
  with_dimension(dimension(), [&](auto d) {
    for_blocks(x, out, nanoseconds(mixture.count(), dimension()), [&](const double* points, double* result) {
      score_of_block<d()>(mixture, points, axis, result);
    });
  });
}

void GaussianMixture::score(const Points& x, Components& out) const {
  std::vector<double> factor(dimension()), divergence(x.count());
  score(x, factor, out, divergence);
}

void GaussianMixture::score(const Points& x, std::span<const double> factor, Components& out,
                            std::span<double> divergence) const {
  const Whitened& mixture = whitened_for(x);
  const std::size_t d = dimension(), blocks = (x.count() + block - 1) / block;
  with_dimension(d, [&](auto known) {
    umkehr::share(blocks, 2 * nanoseconds(mixture.count(), d), [&](std::size_t b) {
      Block scores(d * block), along(block);
      scores_of_block<known()>(mixture, factor, gather(x, b * block).data(), scores.data(), along.data());
      const std::size_t first = b * block, count = std::min(block, x.count() - first);
      for (std::size_t k = 0; k < d; ++k) std::copy_n(&scores[k * block], count, &out[k][first]);
      std::copy_n(along.begin(), count, &divergence[first]);
    });
  });
}

}  // namespace umkehr
