// SPDX-License-Identifier: BSL-1.0
#pragma once
// What most test programs include, parsed once. Whether a header includes what it needs is judged in tests/headers.
#include <support/catch.hpp>

#include <typeformer/hosted.hpp>
#include <typeformer/laws/examine_layer.hpp>
#include <typeformer/laws/examine_model.hpp>
