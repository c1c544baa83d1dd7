// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/foundation/isa.hpp>
