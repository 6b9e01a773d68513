// SPDX-License-Identifier: GPL-3.0-or-later
// Products with a factor R take lanes of draws that have their component in common, in the same order of sums
// for each, so that a draw does not depend on its neighbours.
#include "solver/law/sample/law_sample.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/team.hpp"
#include "solver/law/sample/cell_sample.hpp"
#include "solver/law/whitened.hpp"

namespace umkehr {

struct LawSampler::Draws {
  std::size_t dimension = 0, uniforms = 0, normals = 0;

  virtual ~Draws() = default;
  virtual void draw(const Points& uniforms, const Points& normals, Points& out) const = 0;
};

namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// R with C = R R^T of a covariance that is flat in some direction, by eigenvectors in units of the deviations.
Eigen::MatrixXd root_of_flat(const Eigen::MatrixXd& covariance) {
  const Eigen::VectorXd deviations = covariance.diagonal().cwiseMax(0).cwiseSqrt();
  const Eigen::VectorXd inverse = (deviations.array() > 0).select(deviations.cwiseInverse(), 0);
  const SymmetricEigen eigen = symmetric_eigen(inverse.asDiagonal() * covariance * inverse.asDiagonal());
  const Eigen::VectorXd roots = eigen.values.cwiseMax(0).cwiseSqrt();
  return deviations.asDiagonal() * eigen.vectors * roots.asDiagonal();
}

/// One component: the deviations along the axes where these are independent, else a factor, often a triangle.
struct Spread {
  Eigen::VectorXd mean, deviation;
  RowMajor factor;
  bool is_triangle = false;

  explicit Spread(const Gaussian& gaussian) : mean(gaussian.mean) {
    if (gaussian.covariance.isDiagonal(0)) {
      deviation = gaussian.covariance.diagonal().cwiseSqrt();
    } else if (const auto triangle = cholesky_factor(gaussian.covariance)) {
      factor = *triangle;
      is_triangle = true;
    } else {
      factor = root_of_flat(gaussian.covariance);
    }
  }
  bool is_point() const { return factor.size() == 0 && deviation.isZero(0); }
  Eigen::Index columns(Eigen::Index row) const { return is_triangle ? row + 1 : factor.cols(); }
};

/// Draws of one component, up to as many as there are lanes in `groups`.
template <std::size_t groups>
void draw_together(const Spread& spread, const Points& normals, std::span<const std::size_t> draws,
                   Points& out) {
  constexpr std::size_t most = groups * lanes::width;
  const auto d = static_cast<std::size_t>(spread.mean.size());
  std::vector<double> z(d * most);
  for (std::size_t k = 0; k < d; ++k)
    for (std::size_t n = 0; n < draws.size(); ++n) z[k * most + n] = normals[k][draws[n]];
  for (std::size_t r = 0; r < d; ++r) {
    const auto row = static_cast<Eigen::Index>(r);
    const double* factor = spread.factor.data() + r * d;
    const auto columns = static_cast<std::size_t>(spread.columns(row));
    std::array<Lanes, groups> sum;
    sum.fill(lanes::broadcast(spread.mean[row]));
    for (std::size_t k = 0; k < columns; ++k)
      for (std::size_t g = 0; g < groups; ++g)
        sum[g] += factor[k] * lanes::load(z.data() + k * most + g * lanes::width);
    for (std::size_t n = 0; n < draws.size(); ++n) out[r][draws[n]] = sum[n / lanes::width][n % lanes::width];
  }
}

void draw_apart(const Spread& spread, const Points& normals, std::span<const std::size_t> draws,
                Points& out) {
  for (Eigen::Index row = 0; row < spread.mean.size(); ++row) {
    const auto k = static_cast<std::size_t>(row);
    const double mean = spread.mean[row], deviation = spread.deviation[row];
    for (const std::size_t i : draws) out[k][i] = deviation > 0 ? mean + deviation * normals[k][i] : mean;
  }
}

void draw_component(const Spread& spread, const Points& normals, std::span<const std::size_t> draws,
                    Points& out) {
  if (spread.factor.size() == 0) return draw_apart(spread, normals, draws, out);
  if (draws.size() <= lanes::width) return draw_together<1>(spread, normals, draws, out);
  draw_together<4>(spread, normals, draws, out);
}

class MixtureDraws : public LawSampler::Draws {
 public:
  MixtureDraws(const GaussianMixture& mixture, const Grid* grid) {
    dimension = mixture.dimension();
    double sum = 0;
    for (const Gaussian& gaussian : mixture.components()) {
      if (!(gaussian.weight > 0)) continue;
      spreads_.emplace_back(gaussian);
      cumulative_.push_back(sum += gaussian.weight);
    }
    if (!(sum > 0)) throw UnfitProblem("a mixture without mass cannot be drawn from");
    const auto is_point = [](const Spread& spread) { return spread.is_point(); };
    uniforms = spreads_.size() > 1 ? 1 : 0;
    normals = std::all_of(spreads_.begin(), spreads_.end(), is_point) ? 0 : dimension;
    if (grid != nullptr) axes_ = grid->axes();
  }

  void draw(const Points& u, const Points& z, Points& out) const override {
    const std::vector<std::size_t> order = by_component(u, out.count());
    const std::size_t blocks = (order.size() + block - 1) / block;
    share(blocks, nanoseconds_a_block(), [&](std::size_t b) {
      const std::size_t first = b * block, last = std::min(first + block, order.size());
      draw_block({order.data() + first, last - first}, u, z, out);
    });
    for (std::size_t k = 0; k < axes_.size(); ++k)
      if (axes_[k].boundary == Boundary::periodic) wrap(axes_[k], out[k]);
  }

 private:
  static constexpr std::size_t block = 4 * lanes::width;

  double nanoseconds_a_block() const {
    const auto d = static_cast<double>(dimension);
    return static_cast<double>(block) * (20 + 5 * d + 0.05 * d * d);
  }

  std::size_t component(const Points& u, std::size_t i) const {
    if (uniforms == 0) return 0;
    const double target = u[0][i] * cumulative_.back();
    const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), target);
    return std::min(static_cast<std::size_t>(found - cumulative_.begin()), cumulative_.size() - 1);
  }

  /// The numbers of the draws, those of one component after those of another.
  std::vector<std::size_t> by_component(const Points& u, std::size_t count) const {
    std::vector<std::size_t> first(spreads_.size() + 1), order(count);
    for (std::size_t i = 0; i < count; ++i) ++first[component(u, i) + 1];
    for (std::size_t c = 0; c < spreads_.size(); ++c) first[c + 1] += first[c];
    for (std::size_t i = 0; i < count; ++i) order[first[component(u, i)]++] = i;
    return order;
  }

  void draw_block(std::span<const std::size_t> draws, const Points& u, const Points& z, Points& out) const {
    while (!draws.empty()) {
      const std::size_t c = component(u, draws[0]);
      std::size_t count = 1;
      while (count < draws.size() && component(u, draws[count]) == c) ++count;
      draw_component(spreads_[c], z, draws.first(count), out);
      draws = draws.subspan(count);
    }
  }

  static void wrap(const Axis& axis, std::span<double> x) {
    for (double& place : x) {
      place -= axis.length() * std::floor((place - axis.from) / axis.length());
      if (!(place >= axis.from && place < axis.to)) place = axis.from;
    }
  }

  std::vector<Spread> spreads_;
  std::vector<double> cumulative_;  // weights up to and with each component
  std::vector<Axis> axes_;
};

class CellDraws : public LawSampler::Draws {
 public:
  CellDraws(const Grid& cells, std::span<const double> means) : sample_(cells, means) {
    dimension = uniforms = cells.dimension();
  }
  void draw(const Points& u, const Points&, Points& out) const override { sample_.draw(u, out); }

 private:
  CellSample sample_;
};

/// The same box in finer cells. Three axes have fewer, since a mean over a cell takes 125 values.
Grid finer(const Grid& grid) {
  constexpr std::array<std::size_t, 3> least = {8192, 1024, 96};
  constexpr double most = 4e6;
  std::vector<Axis> axes = grid.axes();
  double cells = 1;
  for (Axis& axis : axes)
    cells *= static_cast<double>(axis.points = std::max(axis.points, least[axes.size() - 1]));
  const double factor = std::min(std::pow(most / cells, 1 / static_cast<double>(axes.size())), 1.0);
  for (Axis& axis : axes)
    axis.points =
        std::max<std::size_t>(static_cast<std::size_t>(factor * static_cast<double>(axis.points)), 2);
  return Grid(axes);
}

/// The part of the field's box between the grid's walls; nothing where that is empty.
std::optional<Grid> common_box(const Grid& field, const Grid& grid) {
  std::vector<Axis> axes = field.axes();
  for (std::size_t k = 0; k < axes.size(); ++k) {
    const Axis whole = axes[k];
    axes[k].from = std::max(whole.from, grid.axis(k).from);
    axes[k].to = std::min(whole.to, grid.axis(k).to);
    if (!(axes[k].from < axes[k].to)) return {};
    if (axes[k].length() < whole.length()) axes[k].boundary = Boundary::reflecting;
  }
  return Grid(axes);
}

bool is_same_box(const Grid& a, const Grid& b) {
  for (std::size_t k = 0; k < a.dimension(); ++k)
    if (a.axis(k).from != b.axis(k).from || a.axis(k).to != b.axis(k).to) return false;
  return true;
}

/// Means over the field's own cells, h^2/24 of the second differences beyond the values at their centres.
std::vector<double> means_about_centres(const GriddedLaw& law) {
  std::vector<double> means = law.density;
  for (std::size_t k = 0; k < law.grid.dimension(); ++k) {
    const std::size_t stride = law.grid.stride(k), points = law.grid.axis(k).points;
    for (std::size_t cell = 0; cell < means.size(); ++cell) {
      const std::size_t i = cell / stride % points;
      if (i == 0 || i + 1 == points) continue;
      means[cell] += (law.density[cell - stride] - 2 * law.density[cell] + law.density[cell + stride]) / 24;
    }
  }
  for (double& mean : means) mean = std::max(mean, 0.0);
  return means;
}

std::shared_ptr<const LawSampler::Draws> from_cells(const Law& law, const Grid& cells) {
  std::vector<double> means(cells.size());
  cell_means(law, cells, means);
  return std::make_shared<CellDraws>(cells, means);
}

using DrawsOfLaw = std::shared_ptr<const LawSampler::Draws>;

DrawsOfLaw draws_of(const GaussianMixture& law, const Grid* grid) {
  if (grid != nullptr && grid->dimension() != law.dimension())
    throw UnfitProblem("grid and mixture differ in dimension");
  return std::make_shared<MixtureDraws>(law, grid);
}

DrawsOfLaw draws_of(const FormulaLaw& law, const Grid* grid) {
  if (grid == nullptr) throw UnfitProblem("a law by a formula is drawn from on a grid only");
  return from_cells(law, finer(*grid));
}

/// A line is interpolated, as `density_at` does. More axes would take too long to: their own cells serve.
DrawsOfLaw draws_of(const GriddedLaw& law, const Grid* grid) {
  if (grid != nullptr && grid->dimension() != law.grid.dimension())
    throw UnfitProblem("grid and gridded law differ in dimension");
  const std::optional<Grid> box = grid != nullptr ? common_box(law.grid, *grid) : law.grid;
  if (!box) throw UnfitProblem("the density is zero everywhere on the grid");
  if (box->dimension() == 1) return from_cells(law, finer(*box));
  if (!is_same_box(*box, law.grid)) return from_cells(law, *box);
  std::vector<double> checked(law.grid.size());
  cell_means(law, law.grid, checked);
  return std::make_shared<CellDraws>(law.grid, means_about_centres(law));
}

}  // namespace

LawSampler::LawSampler(const Law& law, const Grid* grid)
    : draws_(std::visit([&](const auto& any) { return draws_of(any, grid); }, law)) {}

std::size_t LawSampler::dimension() const {
  return draws_->dimension;
}

std::size_t LawSampler::uniforms() const {
  return draws_->uniforms;
}

std::size_t LawSampler::normals() const {
  return draws_->normals;
}

void LawSampler::draw(const Points& uniforms, const Points& normals, Points& out) const {
  if (out.dimension() != draws_->dimension) throw UnfitProblem("draws have the dimension of their law");
  const auto serves = [&](const Points& numbers, std::size_t needed) {
    return needed == 0 || (numbers.dimension() >= needed && numbers.count() >= out.count());
  };
  if (!serves(uniforms, draws_->uniforms) || !serves(normals, draws_->normals))
    throw UnfitProblem("draws from a law need more numbers");
  draws_->draw(uniforms, normals, out);
}

}  // namespace umkehr
