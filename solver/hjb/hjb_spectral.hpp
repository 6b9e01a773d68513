// SPDX-License-Identifier: GPL-3.0-or-later
// The equation on the nodes of spectral axes, d y/d tau = f(stop - tau, y), tau = stop - s, for lambda itself or for chi in a
// gauge: with lambda = g - ln phi and g = lambda where a step begins,
//   d phi/d tau = sum_k [(b_k - D_k d_k g) d_k phi + D_k/2 d_k^2 phi] - r phi,  r = d g/d tau of (3.24), frozen g,
// which is linear (3.25), and phi stays near 1 whatever lambda is.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "grids/dense/eigen.hpp"
#include "grids/failure.hpp"
#include "solver/hjb/hjb_march.hpp"
#include "solver/hjb/lines/spectral_axis.hpp"
#include "solver/process/sampled_coefficient.hpp"

namespace umkehr {

/// Nodes of each axis, which may reach beyond the walls of the grid.
struct SpectralNodes {
  std::vector<Axis> axes;
  std::vector<std::size_t> counts;
  double resolution = 1e-8;  ///< that lambda must have on them, relative to 1 + lambda - min lambda
};

/// The nodes do not resolve lambda to the tolerance.
class Unresolved : public NumericalFailure {
 public:
  using NumericalFailure::NumericalFailure;
};

class SpectralHjb {
 public:
  SpectralHjb(const HjbProblem& problem, const SpectralNodes& nodes);

  using Field = std::vector<double>;

  std::size_t size() const { return points_->count(); }
  std::size_t dimension() const { return axes_.size(); }
  const SpectralAxis& axis(std::size_t k) const { return axes_[k]; }
  Field terminal() const;
  /// Throws Unresolved where the roughest polynomials along some axis hold more of lambda than the resolution.
  void check_resolution(std::span<const double> lambda, double s);
  /// The most that they have held so far, relative to 1 + lambda - min lambda.
  double roughness() const { return roughness_; }
  void fields(std::span<const double> lambda, double s, std::span<double> value,
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
  void act(const Eigen::MatrixXd& matrix, std::size_t k, std::span<const double> in, Field& out) const;

 private:
  struct Gauge {
    std::vector<Field> gradient, curvature;
  };
  std::vector<SpectralAxis> axes_;
  std::vector<std::size_t> extents_;
  double resolution_;
  const HjbProblem& problem_;
  std::shared_ptr<const Points> points_;
  std::vector<SampledCoefficient> drift_;
  std::optional<SampledCoefficient> killing_;
  std::optional<Gauge> gauge_;
  double roughness_ = 0;
};

class SpectralScheme : public HjbScheme {
 public:
  /// The largest share of lambda in the roughest polynomials at any time.
  virtual double roughness() const = 0;
};

/// Operations a step takes, roughly.
double work_of_step(const SpectralNodes& nodes);

/// One dimension: a singly diagonally implicit Runge-Kutta scheme. More: an integrating factor. `logarithmic` integrates chi.
std::unique_ptr<SpectralScheme> spectral_scheme(const HjbProblem& problem, const SpectralNodes& nodes,
                                                bool logarithmic);

}  // namespace umkehr
