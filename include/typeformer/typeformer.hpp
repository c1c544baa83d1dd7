// SPDX-License-Identifier: BSL-1.0
#pragma once
/// The core: models as types, and what runs them. Neither heap (unless storage is owned) nor files nor exceptions.
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes
#include <typeformer/types.hpp>

#include <typeformer/execution/all.hpp>
#include <typeformer/execution/narrow_cache.hpp>
#include <typeformer/execution/own_layer.hpp>
#include <typeformer/generation/beam_search.hpp>
#include <typeformer/generation/combined_sessions.hpp>
#include <typeformer/generation/constrained_by.hpp>
#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/generate_batch.hpp>
#include <typeformer/generation/generate_speculatively.hpp>
#include <typeformer/generation/prefill_with_reuse.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/generation/stop_sequence.hpp>
#include <typeformer/generation/watermark_detector.hpp>
#include <typeformer/inspection/native_target.hpp>
#include <typeformer/inspection/prediction_quality.hpp>
#include <typeformer/inspection/stack.hpp>
#include <typeformer/objectives/answer_span.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/distillation.hpp>
#include <typeformer/objectives/label_counts.hpp>
#include <typeformer/objectives/likeliest_answer.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/objectives/regression.hpp>
#include <typeformer/objectives/training_pass.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/parameters/copy_parameters.hpp>
#include <typeformer/parameters/initialize.hpp>
#include <typeformer/parameters/narrow_weights.hpp>
#include <typeformer/parameters/narrow_weights_order.hpp>
#include <typeformer/parameters/parameters.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/parameters/weights_order.hpp>
#include <typeformer/session/cache_scales.hpp>
#include <typeformer/session/embedded_weights.hpp>
#include <typeformer/session/forward_pass.hpp>
#include <typeformer/session/self_test.hpp>
#include <typeformer/session/session.hpp>
