// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/bridge/anderson.hpp"

#include <algorithm>
#include <cmath>

#include "grids/dense/dense_matrix.hpp"
#include "grids/machine/lanes.hpp"
#include "grids/machine/team.hpp"

namespace umkehr {
namespace {

constexpr std::size_t entries_a_block = 2048;
constexpr double independent = 1e-13;  // least eigenvalue of the scaled Gram matrix that is believed

/// sum w a b_j for several b_j: by blocks, and in each by lanes, whatever the number of threads.
std::vector<double> products(const LaneBuffer& weights, std::span<const double> a,
                             const std::vector<const double*>& b) {
  const std::size_t blocks = (a.size() + entries_a_block - 1) / entries_a_block;
  std::vector<double> partial(blocks * b.size());
  const double a_block = 0.4 * static_cast<double>(entries_a_block * (b.size() + 1));
  share(blocks, a_block, [&](std::size_t n) {
    const std::size_t first = n * entries_a_block, last = std::min(a.size(), first + entries_a_block);
    double weighted[entries_a_block];
    for (std::size_t i = first; i < last; ++i) weighted[i - first] = weights[i] * a[i];
    for (std::size_t j = 0; j < b.size(); ++j) {
      Lanes sums[2] = {lanes::broadcast(0.0), lanes::broadcast(0.0)};
      double sum = 0;
      std::size_t i = first;
      for (; i + 2 * lanes::width <= last; i += 2 * lanes::width)
        for (std::size_t v = 0; v < 2; ++v)
          sums[v] += lanes::load(weighted + (i - first) + v * lanes::width) *
                     lanes::load(b[j] + i + v * lanes::width);
      for (; i < last; ++i) sum += weighted[i - first] * b[j][i];
      const Lanes both = sums[0] + sums[1];
      for (std::size_t lane = 0; lane < lanes::width; ++lane) sum += both[lane];
      partial[n * b.size() + j] = sum;
    }
  });
  std::vector<double> total(b.size());
  for (std::size_t n = 0; n < blocks; ++n)
    for (std::size_t j = 0; j < b.size(); ++j) total[j] += partial[n * b.size() + j];
  return total;
}

std::vector<const double*> places(const std::vector<LaneBuffer>& buffers, std::size_t count) {
  std::vector<const double*> out;
  for (std::size_t j = 0; j < count; ++j) out.push_back(buffers[j].data());
  return out;
}

}  // namespace

Anderson::Anderson(std::vector<double> weights, std::size_t depth)
    : weights_(weights.begin(), weights.end()),
      depth_(depth),
      images_(depth, LaneBuffer(weights.size())),
      residuals_(images_),
      last_image_(weights.size()),
      last_residual_(weights.size()),
      gram_(depth * depth) {}

void Anderson::operator()(std::span<const double> image, std::span<const double> residual,
                          std::span<double> next) {
  if (depth_ > 0) remember(image, residual);
  const std::vector<double> gamma = known_ > 0 ? coefficients(residual) : std::vector<double>();
  const double a_block = 0.4 * static_cast<double>(entries_a_block * (gamma.size() + 1));
  share((image.size() + entries_a_block - 1) / entries_a_block, a_block, [&](std::size_t n) {
    const std::size_t first = n * entries_a_block, last = std::min(image.size(), first + entries_a_block);
    for (std::size_t i = first; i < last; ++i) next[i] = image[i];
    for (std::size_t j = 0; j < gamma.size(); ++j)
      for (std::size_t i = first; i < last; ++i) next[i] -= gamma[j] * images_[j][i];
  });
}

void Anderson::remember(std::span<const double> image, std::span<const double> residual) {
  if (has_last_) {
    for (std::size_t i = 0; i < image.size(); ++i) images_[place_][i] = image[i] - last_image_[i];
    for (std::size_t i = 0; i < image.size(); ++i) residuals_[place_][i] = residual[i] - last_residual_[i];
    known_ = std::min(known_ + 1, depth_);
    const std::vector<double> row = products(weights_, residuals_[place_], places(residuals_, known_));
    for (std::size_t j = 0; j < known_; ++j) gram_[place_ * depth_ + j] = gram_[j * depth_ + place_] = row[j];
    place_ = (place_ + 1) % depth_;
  } else {
    place_ = 0;
  }
  std::copy(image.begin(), image.end(), last_image_.begin());
  std::copy(residual.begin(), residual.end(), last_residual_.begin());
  has_last_ = true;
}

/// Least squares by the Gram matrix of the differences, each over its own length.
std::vector<double> Anderson::coefficients(std::span<const double> residual) const {
  const auto n = static_cast<Eigen::Index>(known_);
  const std::vector<double> right = products(weights_, residual, places(residuals_, known_));
  Eigen::MatrixXd gram(n, n);
  Eigen::VectorXd length(n), target(n);
  const auto entry = [&](Eigen::Index i, Eigen::Index j) {
    return gram_[static_cast<std::size_t>(i) * depth_ + static_cast<std::size_t>(j)];
  };
  for (Eigen::Index i = 0; i < n; ++i) length[i] = std::sqrt(std::max(entry(i, i), 1e-300));
  for (Eigen::Index i = 0; i < n; ++i) {
    target[i] = right[static_cast<std::size_t>(i)] / length[i];
    for (Eigen::Index j = 0; j < n; ++j) gram(i, j) = entry(i, j) / (length[i] * length[j]);
  }
  const SymmetricEigen eigen = symmetric_eigen(gram);
  Eigen::VectorXd gamma = Eigen::VectorXd::Zero(n);
  for (Eigen::Index k = 0; k < n; ++k)
    if (eigen.values[k] > independent * eigen.values[n - 1])
      gamma += eigen.vectors.col(k) * (eigen.vectors.col(k).dot(target) / eigen.values[k]);
  std::vector<double> out(known_);
  for (Eigen::Index i = 0; i < n; ++i) out[static_cast<std::size_t>(i)] = gamma[i] / length[i];
  return out;
}

}  // namespace umkehr
