// SPDX-License-Identifier: BSL-1.0
#pragma once
/// Text to tokens and back.
#include <typeformer/text/llama2c_tokenizer.hpp>
#include <typeformer/text/wordpiece.hpp>
#include <typeformer/text/wordpiece_vocabulary.hpp>
