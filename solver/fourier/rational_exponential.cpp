// SPDX-License-Identifier: GPL-3.0-or-later
#include "solver/fourier/rational_exponential.hpp"

#include <vector>

#include "grids/machine/lanes.hpp"

namespace umkehr {
namespace {

// One pole a lane; the eighth lane has no weight.
constexpr double alpha_0 = 1.8321743782540412751e-14;
constexpr Lanes theta_re = {
    -8.8977731864688888199, -3.7032750494234480603, -0.2087586382501301251, 3.9933697105785685194,
    5.0893450605806245066,  5.6231425727459771248,  2.2697838292311127097,  1};
constexpr Lanes theta_im = {
    16.630982619902085304, 13.656371871483268171, 10.991260561901260913, 6.0048316422350373178,
    3.5888240290270065102, 1.1940690463439669766, 8.4617379730402214019, 1};
constexpr Lanes alpha_re = {-7.1542880635890672853e-5, 9.4390253107361688779e-3,
                            -3.7636003878226968717e-1, -2.3498232091082701191e+1,
                            4.6933274488831293047e+1,  -2.7875161940145646468e+1,
                            4.8071120988325088907,     0};
constexpr Lanes alpha_im = {
    1.4361043349541300111e-4, -1.7184791958483017511e-2, 3.3518347029450104214e-1, -5.8083591297142074004,
    4.5643649768827760791e+1, -1.0214733999056451434e+2, -1.3209793837428723881,   0};

struct Complex {
  Lanes re, im;
};

Complex operator*(const Complex& a, const Complex& b) {
  return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
Complex operator*(double a, const Complex& b) {
  return {a * b.re, a * b.im};
}
Complex operator-(const Complex& a, const Complex& b) {
  return {a.re - b.re, a.im - b.im};
}
Complex inverse(const Complex& a) {
  const Lanes size = 1 / (a.re * a.re + a.im * a.im);
  return {a.re * size, -a.im * size};
}

double sum_of_lanes(Lanes a) {
  return ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]));
}

/// (A + theta)^-1 b for all poles at once. No pivoting: Im theta > 0 keeps every pivot away from zero.
std::vector<Complex> solve(const Eigen::VectorXd& diagonal, const Eigen::VectorXd& subdiagonal, double scale,
                           const Eigen::VectorXd& b) {
  const std::size_t n = static_cast<std::size_t>(b.size());
  const auto at = [](const Eigen::VectorXd& v, std::size_t i) { return v[static_cast<Eigen::Index>(i)]; };
  std::vector<Complex> ratio(n), x(n);
  Complex carried{};
  for (std::size_t i = 0; i < n; ++i) {
    const double off = i > 0 ? scale * at(subdiagonal, i - 1) : 0.0;
    const Complex before = i > 0 ? ratio[i - 1] : Complex{};
    const Complex pivot = inverse(Complex{scale * at(diagonal, i) + theta_re, theta_im} - off * before);
    ratio[i] = (i + 1 < n ? scale * at(subdiagonal, i) : 0.0) * pivot;
    carried = (Complex{lanes::broadcast(at(b, i)), Lanes{}} - off * carried) * pivot;
    x[i] = carried;
  }
  for (std::size_t i = n - 1; i-- > 0;) x[i] = x[i] - ratio[i] * x[i + 1];
  return x;
}

}  // namespace

Exponentials rational_exponentials(const Eigen::VectorXd& diagonal, const Eigen::VectorXd& subdiagonal,
                                   double scale, const Eigen::VectorXd& b) {
  const std::vector<Complex> x = solve(diagonal, subdiagonal, scale, b);
  const Complex alpha{alpha_re, alpha_im}, mean = alpha * inverse({theta_re, theta_im});
  Exponentials result{alpha_0 * b, Eigen::VectorXd(b.size())};
  // z = -A, so that 1/(z - theta) = -(A + theta)^-1; and (exp(z) - 1)/z ~ 2 Re sum_j alpha_j/theta_j / (z - theta_j).
  for (Eigen::Index i = 0; i < b.size(); ++i) {
    const Complex& y = x[static_cast<std::size_t>(i)];
    result.decayed[i] -= 2 * sum_of_lanes((alpha * y).re);
    result.averaged[i] = -2 * sum_of_lanes((mean * y).re);
  }
  return result;
}

}  // namespace umkehr
