// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/kernels/symmetrised_values.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "grids/machine/elementary.hpp"
#include "grids/machine/infinity.hpp"
#include "grids/machine/team.hpp"
#include "solver/bridge/kernels/axis_product.hpp"
#include "solver/bridge/kernels/gaussian_images.hpp"
#include "solver/bridge/kernels/line_spread.hpp"
#include "solver/bridge/sums/romberg.hpp"
#include "solver/stepping/flush_to_zero.hpp"

namespace umkehr {
namespace {

constexpr double narrowest_sum = 1.2;  // cells, of sums over centres
constexpr std::size_t doublings = 3;   // 1, 2, 4 times as many slices
constexpr double largest_change = 3;   // change of a logarithm between them that is extrapolated

/// Work on each line of a field along one axis.
template <class Work>
void for_each_line(const Grid& grid, std::size_t axis, std::vector<double>& field, double nanoseconds,
                   const Work& work) {
  const std::size_t count = grid.axis(axis).points, stride = grid.stride(axis);
  share_pieces({field.size() / count, nanoseconds}, [&](const Piece& piece) {
    std::vector<double> line(count);
    for (std::size_t l = piece.first; l < piece.last; ++l) {
      const std::size_t first = grid.line_start(axis, l);
      for (std::size_t i = 0; i < count; ++i) line[i] = field[first + i * stride];
      work(line, l);
      for (std::size_t i = 0; i < count; ++i) field[first + i * stride] = line[i];
    }
  });
}

/// One axis' share of a slice on logarithms.
class AxisSpread {
 public:
  AxisSpread(const Grid& grid, std::size_t axis, double variance) : grid_(grid), axis_(axis) {
    const Axis& along = grid.axis(axis);
    if (std::sqrt(variance) < narrowest_sum * along.spacing())
      narrow_.emplace(along, variance);
    else
      wide_ = along.spacing() * gaussian_images(along, along.centres(), along.centres(), variance);
  }

  void operator()(std::vector<double>& field) const {
    const double a_line = 300 * static_cast<double>(grid_.axis(axis_).points);
    if (narrow_)
      return for_each_line(grid_, axis_, field, a_line,
                           [&](std::vector<double>& line, std::size_t) { (*narrow_)(line); });
    std::vector<double> shift(field.size() / grid_.axis(axis_).points);
    for_each_line(grid_, axis_, field, 0.1 * a_line, [&](std::vector<double>& line, std::size_t l) {
      const double largest = *std::max_element(line.begin(), line.end());
      shift[l] = largest == log_zero ? 0 : largest;
      for (double& each : line) each -= shift[l];
      const FlushToZero flush;
      lanes::exp(line, line);
    });
    std::vector<std::size_t> points;
    for (const Axis& along : grid_.axes()) points.push_back(along.points);
    field = axis_product(wide_, field, points, axis_);
    for_each_line(grid_, axis_, field, 0.1 * a_line, [&](std::vector<double>& line, std::size_t l) {
      std::vector<double> logs(line.size());
      lanes::log(line, logs);
      for (std::size_t i = 0; i < line.size(); ++i) line[i] = line[i] > 0 ? logs[i] + shift[l] : log_zero;
    });
  }

 private:
  const Grid& grid_;
  std::size_t axis_;
  std::optional<LineSpread> narrow_;
  Eigen::MatrixXd wide_;
};

}  // namespace

SymmetrisedValues::SymmetrisedValues(std::shared_ptr<const SymmetrisedProcess> process, const Grid& grid,
                                     double start, double stop, double longest_slice)
    : Kernel(grid),
      process_(std::move(process)),
      start_(start),
      stop_(stop),
      min_slices_(static_cast<std::size_t>(std::max(1.0, std::ceil((stop - start) / longest_slice - 1e-9)))),
      centres_(grid.centres()),
      half_phi_(process_->half_phi(centres_)) {}

std::vector<double> SymmetrisedValues::sliced(Way way, const std::vector<double>& in,
                                              std::size_t slices) const {
  std::vector<double> f = in, well(size());
  const double h = (stop_ - start_) / static_cast<double>(slices);
  std::vector<AxisSpread> spreads;
  for (std::size_t n = 0; n < slices; ++n) {
    const std::size_t at = way == Way::to_stop ? n : slices - 1 - n;
    const double middle = start_ + (static_cast<double>(at) + 0.5) * h;
    if (n == 0 || process_->depends_on_time()) {
      process_->well(centres_, middle, well);
      spreads.clear();
      for (std::size_t k = 0; k < grid().dimension(); ++k)
        spreads.emplace_back(grid(), k, process_->diffusion(k, middle) * h);
    }
    for (std::size_t i = 0; i < f.size(); ++i) f[i] -= 0.5 * h * well[i];
    for (const AxisSpread& spread : spreads) spread(f);
    for (std::size_t i = 0; i < f.size(); ++i) f[i] -= 0.5 * h * well[i];
  }
  return f;
}

void SymmetrisedValues::extrapolate(Way way, std::span<const double> in, std::span<double> out) const {
  const double sign = way == Way::to_start ? -1 : 1;
  std::vector<double> start(in.begin(), in.end());
  for (std::size_t i = 0; i < start.size(); ++i) start[i] += sign * half_phi_[i];
  const Romberg table(doublings, [&](std::size_t k) { return sliced(way, start, min_slices_ << k); });
  for (std::size_t i = 0; i < out.size(); ++i) {
    // They do not far out in the tails.
    const bool converges = table.converges(i, largest_change);
    out[i] = (converges ? table.best[i] : table.finest[i]) - sign * half_phi_[i];
  }
}

void SymmetrisedValues::apply(std::span<const double> log_chi, std::span<double> out) {
  extrapolate(Way::to_start, log_chi, out);
}

void SymmetrisedValues::apply_transpose(std::span<const double> log_chi_hat, std::span<double> out) {
  extrapolate(Way::to_stop, log_chi_hat, out);
}

}  // namespace umkehr
