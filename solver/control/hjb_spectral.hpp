// SPDX-License-Identifier: GPL-3.0-or-later
// The equation on the nodes of spectral axes, d y/d tau = f(stop - tau, y), tau = stop - s, for lambda itself or for chi in a
// gauge: with lambda = g - ln phi and g = lambda where a step begins,
//   d phi/d tau = sum_k [(b_k - D_k d_k g) d_k phi + D_k/2 d_k^2 phi] - r phi,  r = d g/d tau of (3.24), frozen g,
// which is linear (3.25), and phi stays near 1 whatever lambda is.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "grids/eigen.hpp"
#include "solver/control/hjb_march.hpp"
#include "solver/control/spectral_axis.hpp"
#include "solver/generator/sampled_coefficient.hpp"

namespace umkehr {

class SpectralHjb {
 public:
  /// Warns of a terminal value that the most nodes do not resolve.
  SpectralHjb(const HjbProblem& problem, HjbSolution& solution);

  using Field = std::vector<double>;

  std::size_t size() const { return points_->count(); }
  std::size_t dimension() const { return axes_.size(); }
  const SpectralAxis& axis(std::size_t k) const { return axes_[k]; }
  Field terminal() const;
  void fields(const Field& lambda, double s, std::span<double> value,
              const std::vector<std::span<double>>& control);

  /// Sets g; phi is then what is integrated, until `release_gauge`.
  void take_gauge(const Field& lambda);
  void release_gauge() { gauge_.reset(); }

  /// f without the diffusion.
  void slope(double s, const Field& y, Field& out);
  /// out += sum_k D_k/2 d_k^2 y
  void add_diffusion(double s, const Field& y, Field& out);
  /// df/dy in one dimension.
  Eigen::MatrixXd jacobian(double s, const Field& y);
  double diffusion(std::size_t k, double s) const { return problem_.process.diffusion[k](s); }
  /// int D_k/2
  double diffused(std::size_t k, double from, double to) const {
    return 0.5 * time_integral(problem_.process.diffusion[k], from, to);
  }
  void act(const Eigen::MatrixXd& matrix, std::size_t k, const Field& in, Field& out) const;

 private:
  struct Gauge {
    std::vector<Field> gradient, curvature;
  };
  std::vector<SpectralAxis> axes_;
  std::vector<std::size_t> extents_;
  const HjbProblem& problem_;
  std::shared_ptr<const Points> points_;
  std::vector<SampledCoefficient> drift_;
  std::optional<SampledCoefficient> killing_;
  std::optional<Gauge> gauge_;
};

/// One dimension: a singly diagonally implicit Runge-Kutta scheme. More: an integrating factor. `logarithmic` integrates chi.
std::unique_ptr<HjbScheme> spectral_scheme(const HjbProblem& problem, HjbSolution& solution,
                                           bool logarithmic);

}  // namespace umkehr
