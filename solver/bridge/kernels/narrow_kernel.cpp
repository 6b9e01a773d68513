// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/narrow_kernel.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>

#include "grids/dense/dense_matrix.hpp"
#include "grids/failure.hpp"
#include "grids/gauss_rule.hpp"
#include "grids/interpolation/lagrange.hpp"
#include "grids/interpolation/local_interpolation.hpp"
#include "grids/log_sum_exp.hpp"
#include "grids/machine/infinity.hpp"
#include "grids/machine/team.hpp"
#include "grids/tensor_product.hpp"
#include "solver/bridge/kernels/log_gradient.hpp"
#include "solver/bridge/sums/line_interpolation.hpp"
#include "solver/law/gridded_law.hpp"

namespace umkehr {
namespace {

using Eigen::Index;
using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

constexpr double narrowest_kernel = 1.2;  // cells: as for sums over centres

constexpr std::size_t together = 4096;  // places
constexpr double reach = 9;             // deviations within which a Gaussian counts

/// A run of finite values of a line, as if it went from face to face.
struct Run {
  std::size_t first, count;

  double begin() const { return static_cast<double>(first) - 0.5; }
  double end() const { return static_cast<double>(first + count) - 0.5; }
  /// By the polynomial through the nearest values of the run.
  double operator()(std::span<const double> line, double place) const {
    const std::size_t width = std::min(count, interpolated_from);
    const double from_first = place - static_cast<double>(first);
    const auto lowest =
        static_cast<std::size_t>(std::clamp(std::floor(from_first) - 0.5 * static_cast<double>(width) + 1,
                                            0.0, static_cast<double>(count - width)));
    std::array<double, interpolated_from> weight;
    lagrange_weights(from_first - static_cast<double>(lowest), std::span(weight).first(width));
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += weight[i] * line[first + lowest + i];
    return sum;
  }
};

std::vector<Run> runs_of(std::span<const double> line) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (!std::isfinite(line[i])) continue;
    if (i > 0 && std::isfinite(line[i - 1]))
      ++runs.back().count;
    else
      runs.push_back({i, 1});
  }
  return runs;
}

/// ln int exp(line) N(mean, deviation^2) over runs of finite values, panel by panel: what jumps to nothing at a face.
double log_integral(std::span<const double> line, const std::vector<Run>& runs, double mean,
                    double deviation) {
  const GaussRule<10>& rule = gauss_legendre<10>();
  std::vector<double> terms;
  for (const Run& run : runs) {
    // Beyond the end of a run the integrand falls off from there, the faster the farther that is.
    const double away = std::max({run.begin() - mean, mean - run.end(), 0.0}) / deviation,
                 scale = deviation / std::max(1.0, away), peak = std::clamp(mean, run.begin(), run.end());
    const double begin = std::max(run.begin(), peak - reach * reach * scale),
                 end = std::min(run.end(), peak + reach * reach * scale);
    const double longest = std::min(1.0, 2 * scale);
    const auto panels = static_cast<std::size_t>(std::ceil((end - begin) / longest));
    const double half = 0.5 * (end - begin) / static_cast<double>(panels);
    for (std::size_t p = 0; p < panels; ++p)
      for (std::size_t q = 0; q < 10; ++q) {
        const std::size_t i = outwards(10, q);
        const double place = begin + half * (2 * static_cast<double>(p) + 1 + rule.node[i]);
        const double far = (place - mean) / deviation;
        terms.push_back(run(line, place) - 0.5 * far * far + std::log(half * rule.weight[i]));
      }
  }
  if (terms.empty()) return log_zero;
  return log_sum_exp(terms) - std::log(deviation * std::sqrt(2 * std::numbers::pi));
}

/// Within the walls.
double interpolated(std::span<const double> line, double place) {
  const auto points = static_cast<double>(line.size());
  return place >= -0.5 && place <= points - 0.5 ? LineStencil(place, line.size())(line, 0) : log_zero;
}

/// How far from `mean` the integrand exp(line) N(mean, deviation^2) has its peak, in cells; only roughly.
double tilt_of(std::span<const double> line, double mean, double deviation) {
  const auto last = static_cast<double>(line.size()) - 0.5;
  double shift = 0;
  for (int n = 0; n < 6; ++n) {
    const double at = std::clamp(mean + shift, 0.0, last - 0.5);
    const double slope = interpolated(line, at + 0.5) - interpolated(line, at - 0.5);
    if (!std::isfinite(slope)) return 0;
    shift = std::clamp(mean + deviation * deviation * slope, -0.5, last) - mean;
  }
  return shift;
}

}  // namespace

bool NarrowKernel::Move::couples() const {
  const auto off_diagonal = [](const Matrix& a) {
    return (a - Matrix(a.diagonal().asDiagonal())).cwiseAbs().maxCoeff();
  };
  return off_diagonal(map) > 1e-14 || off_diagonal(root) > 1e-14 * root.cwiseAbs().maxCoeff();
}

bool NarrowKernel::suits(const GaussianTransport& transport, const Grid& grid) {
  const auto d = static_cast<Index>(grid.dimension());
  const std::optional<Matrix> root = cholesky(transport.noise);
  if (!root) return true;
  const Matrix at_stop = invert_lower(*root), at_start = at_stop * transport.transition.topLeftCorner(d, d);
  for (Index k = 0; k < d; ++k) {  // conditional deviations: all other coordinates known
    const double steepest = std::max(at_stop.col(k).norm(), at_start.col(k).norm());
    if (steepest * narrowest_kernel * grid.axis(static_cast<std::size_t>(k)).spacing() > 1) return true;
  }
  return false;
}

NarrowKernel::NarrowKernel(const GaussianTransport& transport, const Grid& grid)
    : Kernel(grid), centres_(grid.centres()) {
  const auto d = static_cast<Index>(grid.dimension());
  const Matrix map = transport.transition.topLeftCorner(d, d),
               toll = transport.information.topLeftCorner(d, d);
  const Vector offset = transport.transition.topRightCorner(d, 1),
               pull = transport.information.topRightCorner(d, 1);
  const double cost = transport.cost + 0.5 * transport.information(d, d);
  const auto survival = [=](const Vector& x) { return -cost - 0.5 * x.dot(toll * x) - pull.dot(x); };
  const std::optional<Matrix> root = cholesky(transport.noise);
  if (!root) throw UnfitProblem("the process has too little noise for a density between two times");
  to_start_ = {map, offset, *root, survival};

  // ln G(y|x) is largest, as a function of x, at back y = x_0 + r where E x_0 + e = y and (K + J) r = -(J x_0 + j).
  const Matrix whitened = product(invert_lower(*root), map),
               stiffness = product(whitened.transpose(), whitened);
  const Inverse back = invert(map), spread = invert(stiffness + toll);
  const std::optional<Matrix> root_back = cholesky(spread.matrix);
  if (!root_back) throw UnfitProblem("the killing creates more than the noise between two times can spread");
  const double scale = -0.5 * spread.log_abs_determinant - root->diagonal().array().log().sum();
  const auto shift = [=](const Vector& before) -> Vector { return -spread.matrix * (toll * before + pull); };
  const Matrix map_back = product(Matrix::Identity(d, d) - product(spread.matrix, toll), back.matrix);
  to_stop_ = {map_back, -map_back * offset - spread.matrix * pull, *root_back, [=](const Vector& y) {
                const Vector before = back.matrix * (y - offset), r = shift(before);
                return scale - 0.5 * (whitened * r).squaredNorm() + survival(before + r);
              }};
}

Points NarrowKernel::means_of(const Move& move) const {
  Points means(centres_.dimension(), size());
  for (std::size_t n = 0; n < size(); ++n) {
    const Vector mean = move.mean(centre(n));
    for (std::size_t k = 0; k < means.dimension(); ++k) means[k][n] = mean[static_cast<Index>(k)];
  }
  return means;
}

Vector NarrowKernel::centre(std::size_t n) const {
  Vector x(static_cast<Index>(centres_.dimension()));
  for (Index k = 0; k < x.size(); ++k) x[k] = centres_[static_cast<std::size_t>(k)][n];
  return x;
}

void NarrowKernel::along_axis(const Move& move, std::size_t axis, std::vector<double>& field) const {
  const Axis& cells = grid().axis(axis);
  const auto k = static_cast<Index>(axis);
  const double deviation = move.root(k, k) / cells.spacing(), factor = move.map(k, k);
  const NormalNodes nodes = NormalNodes::over(deviation);
  const bool is_wide = deviation >= narrowest_kernel;
  const std::size_t count = cells.points, stride = grid().stride(axis);
  const double a_line = 10 * static_cast<double>(count * (is_wide ? count : nodes.place.size()));
  share_pieces({field.size() / count, a_line}, [&](const Piece& piece) {
    std::vector<double> line(count), terms;
    for (std::size_t l = piece.first; l < piece.last; ++l) {
      const std::size_t first = grid().line_start(axis, l);
      for (std::size_t i = 0; i < count; ++i) line[i] = field[first + i * stride];
      const std::vector<Run> runs = runs_of(line);
      const bool is_whole = runs.size() == 1 && runs[0].count == count;
      for (std::size_t i = 0; i < count; ++i) {
        const double mean = (factor * cells.centre(i) + move.offset[k] - cells.from) / cells.spacing() - 0.5;
        if (!is_wide && !is_whole) {
          field[first + i * stride] = log_integral(line, runs, mean, deviation);
          continue;
        }
        terms.assign(is_wide ? count : nodes.place.size(), 0);
        // Nodes about the peak of the integrand: N(mean, 1) there is N(mean + shift, 1) times a known factor.
        const double shift = is_wide ? 0 : tilt_of(line, mean, deviation), moved = shift / deviation;
        for (std::size_t q = 0; q < terms.size(); ++q) {
          const double away = (static_cast<double>(q) - mean) / deviation;
          terms[q] =
              is_wide ? line[q] - 0.5 * away * away - std::log(deviation * std::sqrt(2 * std::numbers::pi))
                      : nodes.log_weight[q] + interpolated(line, mean + shift + deviation * nodes.place[q]) -
                            moved * (nodes.place[q] + 0.5 * moved);
        }
        field[first + i * stride] = log_sum_exp(terms);
      }
    }
  });
}

/// Where exp(field(place + root z) - z^2/2) has its peak in z, for each place: nodes about it are those about zero times a
/// known factor. Only roughly.
Points NarrowKernel::tilts_of(const Points& places, const Matrix& root,
                              const std::vector<double>& field) const {
  const std::size_t d = grid().dimension(), size = field.size(),
                    columns = static_cast<std::size_t>(root.cols());
  std::vector<std::vector<double>> slopes(d, std::vector<double>(size));
  for (std::size_t k = 0; k < d; ++k) log_gradient(grid(), field, k, slopes[k]);
  Points tilts(columns, size), moved(d, size), slope(d, size);
  for (int round = 0; round < 6; ++round) {
    for (std::size_t k = 0; k < d; ++k) {
      const Axis& axis = grid().axis(k);
      for (std::size_t n = 0; n < size; ++n) {
        double place = places[k][n];
        for (std::size_t j = 0; j < columns; ++j)
          place += root(static_cast<Index>(k), static_cast<Index>(j)) * tilts[j][n];
        moved[k][n] = std::clamp(place, axis.centre(0), axis.centre(axis.points - 1));
      }
    }
    for (std::size_t k = 0; k < d; ++k) interpolate_locally(grid(), slopes[k], moved, slope[k]);
    for (std::size_t n = 0; n < size; ++n)
      for (std::size_t j = 0; j < columns; ++j) {
        tilts[j][n] = 0;
        for (std::size_t k = 0; k < d; ++k)
          tilts[j][n] += root(static_cast<Index>(k), static_cast<Index>(j)) * slope[k][n];
        if (!std::isfinite(tilts[j][n])) tilts[j][n] = 0;
      }
  }
  return tilts;
}

/// ln E[exp(field(place + Z way))] at every place, `way` being a column of R from row `first` on: there nothing is left
/// beyond the walls, while along later axes the field is that of columns that were taken before, which goes on there.
void NarrowKernel::along_way(const Points& places, const Vector& way, std::size_t first,
                             std::vector<double>& field) const {
  const std::size_t d = grid().dimension(), size = field.size();
  double widest = 0;
  for (std::size_t k = first; k < d; ++k)
    widest = std::max(widest, std::abs(way[static_cast<Index>(k)]) / grid().axis(k).spacing());
  const NormalNodes nodes = NormalNodes::over(widest);
  const Points tilts = tilts_of(places, way, field);
  const GriddedLaw before{grid(), field};
  const std::size_t count = nodes.place.size();
  for (std::size_t begin = 0; begin < size; begin += together) {
    const std::size_t end = std::min(begin + together, size);
    Points at(d, (end - begin) * count);
    std::vector<double> terms(at.count());
    for (std::size_t k = 0; k < d; ++k) {
      const Axis& axis = grid().axis(k);
      for (std::size_t m = 0; m < at.count(); ++m) {
        const std::size_t n = begin + m / count;
        const double place =
            places[k][n] + (nodes.place[m % count] + tilts[0][n]) * way[static_cast<Index>(k)];
        at[k][m] = k > first ? std::clamp(place, axis.from, axis.to) : place;
      }
    }
    interpolate(before, at, terms);
    for (std::size_t m = 0; m < terms.size(); ++m) {
      const double tilt = tilts[0][begin + m / count], place = at[first][m];
      const Axis& axis = grid().axis(first);
      const bool is_inside = std::isfinite(terms[m]) && place >= axis.from && place <= axis.to;
      terms[m] = is_inside
                     ? terms[m] + nodes.log_weight[m % count] - tilt * (nodes.place[m % count] + 0.5 * tilt)
                     : log_zero;
    }
    for (std::size_t n = begin; n < end; ++n)
      field[n] = log_sum_exp(std::span(terms).subspan((n - begin) * count, count));
  }
}

void NarrowKernel::through_plane(const Points& means, const Move& move, std::vector<double>& field) const {
  const std::size_t d = grid().dimension();
  double widest = 0;
  for (std::size_t k = 0; k < d; ++k)
    widest = std::max(widest, move.root.row(static_cast<Index>(k)).norm() / grid().axis(k).spacing());
  const NormalNodes nodes = NormalNodes::over(widest);
  const Points all = tensor_points(std::vector<std::vector<double>>(d, nodes.place));
  const Points logs = tensor_points(std::vector<std::vector<double>>(d, nodes.log_weight));
  const GriddedLaw before{grid(), field};
  const Points tilts = tilts_of(means, move.root, field);
  const std::size_t row = grid().axis(d - 1).points, count = all.count();
  std::vector<double> terms(row * count);
  Points places(d, terms.size());
  for (std::size_t first = 0; first < field.size(); first += row) {
    for (std::size_t i = 0; i < row; ++i) {
      for (std::size_t k = 0; k < d; ++k)
        for (std::size_t q = 0; q < count; ++q) {
          double& place = places[k][i * count + q];
          place = means[k][first + i];
          for (std::size_t j = 0; j <= k; ++j)
            place +=
                move.root(static_cast<Index>(k), static_cast<Index>(j)) * (all[j][q] + tilts[j][first + i]);
        }
    }
    interpolate(before, places, terms);
    for (std::size_t n = 0; n < terms.size(); ++n) {
      bool is_inside = std::isfinite(terms[n]);
      for (std::size_t k = 0; k < d; ++k) {
        is_inside = is_inside && places[k][n] >= grid().axis(k).from && places[k][n] <= grid().axis(k).to;
        const double tilt = tilts[k][first + n / count];
        terms[n] += logs[k][n % count] - tilt * (all[k][n % count] + 0.5 * tilt);
      }
      if (!is_inside) terms[n] = log_zero;
    }
    for (std::size_t i = 0; i < row; ++i)
      field[first + i] = log_sum_exp(std::span(terms).subspan(i * count, count));
  }
}

/// R is lower triangular: Z_k moves axes k and later, so the last is taken first, from centre to centre.
void NarrowKernel::through_space(const Points& means, const Move& move, std::vector<double>& field) const {
  for (std::size_t k = grid().dimension(); k-- > 1;)
    along_way(centres_, move.root.col(static_cast<Index>(k)), k, field);
  along_way(means, move.root.col(0), 0, field);
}

void NarrowKernel::act(const Move& move, std::span<const double> in, std::span<double> out) const {
  std::vector<double> field(in.begin(), in.end());
  if (move.couples())
    grid().dimension() > 2 ? through_space(means_of(move), move, field)
                           : through_plane(means_of(move), move, field);
  else
    for (std::size_t k = 0; k < grid().dimension(); ++k) along_axis(move, k, field);
  for (std::size_t n = 0; n < out.size(); ++n) out[n] = field[n] + move.log_weight(centre(n));
}

void NarrowKernel::apply(std::span<const double> log_chi, std::span<double> out) {
  act(to_start_, log_chi, out);
}

void NarrowKernel::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  act(to_stop_, log_chi_hat, out);
}

}  // namespace umkehr
