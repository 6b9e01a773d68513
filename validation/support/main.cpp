// SPDX-License-Identifier: GPL-3.0-or-later
// The main function of every test program.
#define BOOST_TEST_MODULE umkehr
#include <boost/test/unit_test.hpp>
