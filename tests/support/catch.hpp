// SPDX-License-Identifier: BSL-1.0
#pragma once
// Catch2 3 and Catch2 2.13 through one include; `Approx` is visible unqualified with both.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif
