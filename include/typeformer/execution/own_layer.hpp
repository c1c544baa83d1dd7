// SPDX-License-Identifier: BSL-1.0
#pragma once
/// All that a layer of your own includes.
#include <typeformer/contract/small_layer.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/memory/state_traits.hpp>
#include <typeformer/shape/block_view.hpp>
#include <typeformer/shape/own_inputs.hpp>
#include <typeformer/shape/references.hpp>
#include <typeformer/shape/views.hpp>
