// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/bfloat16.hpp>
#include <typeformer/foundation/float16.hpp>
#include <typeformer/foundation/int4.hpp>
#include <typeformer/foundation/int8.hpp>
