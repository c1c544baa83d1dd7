// SPDX-License-Identifier: BSL-1.0
#pragma once
/// The core: models as types, and what runs them. Neither heap (unless storage is owned) nor files nor exceptions.
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes
#include <typeformer/types.hpp>

#include <typeformer/generation/generate.hpp>
#include <typeformer/generation/random.hpp>
#include <typeformer/generation/samplers.hpp>
#include <typeformer/inspection/native_target.hpp>
#include <typeformer/objectives/classification.hpp>
#include <typeformer/objectives/label_counts.hpp>
#include <typeformer/objectives/learner.hpp>
#include <typeformer/objectives/pretraining.hpp>
#include <typeformer/optimizers/adamw.hpp>
#include <typeformer/optimizers/apply.hpp>
#include <typeformer/optimizers/clip_gradients.hpp>
#include <typeformer/parameters/initialise.hpp>
#include <typeformer/parameters/parameters.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/evaluator.hpp>
#include <typeformer/session/session.hpp>
