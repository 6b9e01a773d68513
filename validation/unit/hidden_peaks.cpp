// SPDX-License-Identifier: GPL-3.0-or-later
// Needles and strips at places that no lattice knows are found, however narrow; what the centres do tell is left alone.
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

#include "solver/kolmogorov/hidden_peaks.hpp"
#include "solver/kolmogorov/narrow_feature.hpp"

using namespace umkehr;

namespace {

const std::vector<std::string> axes{"x", "y", "z"};

Grid cube(std::size_t dimension, std::size_t points, Boundary boundary = Boundary::reflecting) {
  std::vector<Axis> all;
  for (std::size_t k = 0; k < dimension; ++k) all.push_back({axes[k], -4, 4, points, boundary});
  return Grid(all);
}

Formula parsed(const std::string& text, std::size_t dimension) {
  return Formula::parse(text, {{axes.begin(), axes.begin() + static_cast<std::ptrdiff_t>(dimension)}, {}});
}

struct Needle {
  std::vector<double> place;
  double width;
  std::string text() const {
    std::string square;
    for (std::size_t k = 0; k < place.size(); ++k)
      square += (k > 0 ? "+" : "") + ("(" + axes[k] + "-(" + std::to_string(place[k])) + "))^2";
    return "1000*exp(-(" + square + ")/" + std::to_string(1e12 * width * width) + "e-12)";
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(needles_anywhere) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> place(-3.5, 3.5), order(-5, -2);
  for (const std::size_t dimension : {1, 2, 3})
    for (int n = 0; n < 20; ++n) {
      Needle needle{{}, std::pow(10, order(random))};
      for (std::size_t k = 0; k < dimension; ++k) needle.place.push_back(place(random));
      for (const std::string background : {"", "3+sin(2*x)*x+", "where(x>0.3,2,1)+"}) {
        const std::string text = background + needle.text();
        const std::vector<HiddenPeak> peaks =
            hidden_peaks(parsed(text, dimension), cube(dimension, 24), 0, 1e-2);
        BOOST_TEST_CONTEXT(text) {
          BOOST_REQUIRE(peaks.size() >= 1u);
          BOOST_TEST(peaks[0].height > 400);
          for (std::size_t k = 0; k < dimension; ++k)
            BOOST_TEST(std::abs(peaks[0].place[k] - needle.place[k]) < 1.1 * needle.width + 1e-6);
        }
      }
    }
}

BOOST_AUTO_TEST_CASE(strips_discs_and_rings) {
  for (const std::string text : {"1e6*exp(-(x+0.7*y-0.31234)^2/1e-9)", "where(abs(x-0.71+0.3*y)<1e-5,1e6,0)",
                                 "1e5*((x-0.7)^2+(y-0.1)^2<1e-8)", "1e4*exp(-(sqrt(x^2+y^2)-1.2345)^2/1e-8)",
                                 "1e3/(1+1e12*((x-0.123)^2+(y-0.3)^2))", "1e5*exp(-abs(x*y-0.7)/1e-5)"}) {
    const std::optional<NarrowFeature> found = narrow_feature(parsed(text, 2), cube(2, 96), 0, 1e-3);
    BOOST_TEST_CONTEXT(text) {
      BOOST_REQUIRE(found.has_value());
      BOOST_TEST(found->missed > 1e-3);
      BOOST_TEST(found->width < 1e-2);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_wave_that_all_centres_see_alike) {
  BOOST_TEST(narrow_feature(parsed("2+cos(24*3.14159265358979323846*x)", 1), cube(1, 96), 0, 1e-3)->missed >
             1);
}

BOOST_AUTO_TEST_CASE(what_the_centres_tell_is_left_alone) {
  for (const std::string text :
       {"x", "x^4-3*x*y", "2+sin(3*x)*cos(2*y)", "exp(-8*((x-0.3)^2+y^2))", "x^2*y^2/(1+x^2)", "exp(3*x)",
        "abs(x-0.3)+abs(y*x)", "where(x^2+y^2<2,50,0)", "max(x,y)^3", "erf(4*x)*tanh(3*y)",
        "where(x>0.123,x,-y)"}) {
    for (const Boundary boundary : {Boundary::reflecting, Boundary::periodic}) {
      const std::vector<HiddenPeak> peaks = hidden_peaks(parsed(text, 2), cube(2, 64, boundary), 0, 1e-3);
      BOOST_TEST(peaks.size() == 0u, text);
    }
  }
}

BOOST_AUTO_TEST_CASE(steps_between_two_centres) {
  // A tolerable step is one that cells resolve: half as wide as one, as told by the error of the grid.
  for (const std::string step :
       {"tanh((x-0.1234)/1e-4)", "4+4*tanh((x-0.1234)/1e-6)", "1/(1+exp(-(x-0.3)/1e-3))",
        "erf((x+1.7)/0.003)", "x^2+2*atan((x-0.77)*1e5)"}) {
    const std::optional<NarrowFeature> found = narrow_feature(parsed(step, 1), cube(1, 150), 0, 1e-3);
    BOOST_TEST_CONTEXT(step) {
      BOOST_REQUIRE(found.has_value());
      BOOST_TEST(found->is_step);
      BOOST_TEST(found->missed > 0.01);
    }
  }
  const std::optional<NarrowFeature> inclined =
      narrow_feature(parsed("tanh((x+0.3*y-0.1)/1e-4)", 2), cube(2, 64), 0, 1e-3);
  BOOST_TEST((inclined && inclined->is_step));
  for (const std::string known : {"where(x>0.1234,1,-1)", "tanh(x/0.05)", "erf(10*x)", "exp(5*x)", "x^7",
                                  "-50*x", "1/(1+exp(-12*x))", "exp(-x^2/0.02)", "3+1e-12*sin(90*x)"}) {
    const std::optional<NarrowFeature> found = narrow_feature(parsed(known, 1), cube(1, 150), 0, 1e-3);
    BOOST_TEST((!found || found->missed < 1e-9), known << " misses " << (found ? found->missed : 0));
  }
}

BOOST_AUTO_TEST_CASE(a_root_of_a_square_has_a_kink) {
  BOOST_TEST(!parsed("x - sqrt((x - 0.2)^2)", 1).is_smooth());
  BOOST_TEST(!parsed("((x - 0.2)^2)^0.5", 1).is_smooth());
  BOOST_TEST(parsed("sqrt(1 + x^2)", 1).is_smooth());
}
